//! A stream that is more than a stream.
use futures_core::{FusedStream, Stream};
use otel_runtime::traced;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Empty;
impl Stream for Empty {
    type Item = u8;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        Poll::Ready(None)
    }
}
impl FusedStream for Empty {
    fn is_terminated(&self) -> bool {
        true
    }
}
#[traced]
fn empty() -> impl Stream<Item = u8> + FusedStream + Unpin + Send + 'static {
    Empty
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut stream = empty();
    println!("{}", stream.is_terminated());
    let next = std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context));
    println!("{:?}", next.await);
}
