//! Functions that return a stream, an iterator beside it, and one's own trait of that name.
use futures_core::Stream;
use otel_runtime::traced;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

struct Count(u8);
impl Stream for Count {
    type Item = u8;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        self.0 += 1;
        Poll::Ready((self.0 < 4).then(|| self.0))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (1, Some(3))
    }
}
#[traced]
fn opaque(from: u8) -> impl Stream<Item = u8> {
    Count(from)
}
#[traced]
fn boxed(from: u8) -> Pin<Box<dyn Stream<Item = u8> + Send>> {
    println!("made");
    Box::pin(Count(from))
}
fn all(stream: impl Stream<Item = u8>) -> Vec<u8> {
    let mut stream = Box::pin(stream);
    println!("{:?}", stream.size_hint());
    let mut context = Context::from_waker(Waker::noop());
    let mut items = vec![];
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut context) {
        items.push(item);
    }
    items
}

pub fn main() {
    println!("{:?} {:?}", all(opaque(0)), all(boxed(1)));
}
