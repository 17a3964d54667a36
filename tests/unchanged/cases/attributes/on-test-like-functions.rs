//! An attribute of somebody else's that wants parameters by their names.
use otel_runtime::traced;

#[traced]
#[tracing::instrument(fields(sum = left + right))]
fn sum(left: u8, right: u8, _unused: u8) -> u8 {
    left + right
}
#[traced]
#[tracing::instrument(skip(_secret))]
async fn later(_secret: String, id: u8) -> u8 {
    id
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", sum(1, 2, 3), later(String::new(), 4).await);
}
