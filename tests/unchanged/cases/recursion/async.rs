//! Async functions that await themselves through a box.
use otel_runtime::traced;
use std::{future::Future, pin::Pin};

#[traced]
async fn sum(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    tokio::task::yield_now().await;
    n + Box::pin(sum(n - 1)).await
}
#[traced]
fn boxed(n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move { if n == 0 { 1 } else { 2 * boxed(n - 1).await } })
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", sum(10).await, boxed(5).await);
}
