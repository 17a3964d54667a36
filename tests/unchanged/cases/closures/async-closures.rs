//! Async closures of a body, and as parameters.
//! editions: 2021 2024
use otel_runtime::traced;

#[traced]
async fn called<F: AsyncFn(u8) -> u8>(f: F, times: u8) -> u8 {
    let mut sum = 0;
    for time in 0..times {
        sum += f(time).await;
    }
    sum
}
#[traced]
async fn both(text: String) -> usize {
    let length = async |more: &str| {
        tokio::task::yield_now().await;
        text.len() + more.len()
    };
    length("a").await + length("bc").await
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", called(async |x| x * 2, 4).await, both("abc".into()).await);
}
