//! A future that is more than a future.
use futures_core::FusedFuture;
use otel_runtime::traced;
use std::{future::Future, pin::Pin, task::{Context, Poll}};

struct Once(bool);
impl Future for Once {
    type Output = u8;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
        self.0 = true;
        Poll::Ready(1)
    }
}
impl FusedFuture for Once {
    fn is_terminated(&self) -> bool {
        self.0
    }
}
#[traced]
fn once() -> impl Future<Output = u8> + FusedFuture + Unpin {
    Once(false)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut future = once();
    println!("{} {} {}", future.is_terminated(), (&mut future).await, future.is_terminated());
}
