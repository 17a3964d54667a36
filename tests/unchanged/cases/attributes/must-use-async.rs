//! A future that nobody awaits is warned about, and so is a result of an async function that is dropped.
use otel_runtime::traced;

#[traced]
async fn fallible() -> Result<u8, String> {
    Ok(1)
}
#[traced]
async fn unit() {}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    unit();
    fallible().await;
    println!("done");
}
