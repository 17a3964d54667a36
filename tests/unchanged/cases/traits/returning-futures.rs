//! Methods of traits that return `impl Future`, implemented by async ones.
use otel_runtime::traced;
use std::future::Future;

trait Load {
    fn load(&mut self) -> impl Future<Output = u8> + Send;
}
struct Counter(u8);
impl Load for Counter {
    #[traced]
    async fn load(&mut self) -> u8 {
        self.0 += 1;
        tokio::task::yield_now().await;
        self.0
    }
}
struct Ready;
impl Load for Ready {
    #[traced]
    fn load(&mut self) -> impl Future<Output = u8> + Send {
        std::future::ready(9)
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut counter = Counter(0);
    println!("{} {} {}", counter.load().await, counter.load().await, Ready.load().await);
}
