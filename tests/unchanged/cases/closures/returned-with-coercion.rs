//! What a returned closure returns is coerced to what the signature says.
use otel_runtime::traced;
use std::{future::Future, pin::Pin};

#[traced]
fn middleware() -> impl Fn(u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    |x| Box::pin(async move { x + 1 })
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", middleware()(1).await);
}
