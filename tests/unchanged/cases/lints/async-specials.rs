//! Futures that are not awaited and locks held across an await.
use otel_runtime::traced;

#[traced]
async fn unit() {}

#[traced]
async fn forgets() -> Result<(), String> {
    unit();
    let _ = unit();
    unit().await;
    async { 1 };
    Ok(())
}
#[traced]
fn forgets_too() {
    unit();
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?}", forgets().await);
    forgets_too();
}
