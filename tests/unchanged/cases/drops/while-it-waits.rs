//! A future that is dropped while it waits drops its locals, then its arguments.
use otel_runtime::traced;
use std::{future::Future, pin::Pin, task::Context};

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced(attrs(id))]
async fn later(id: u8, first: Loud, _second: Loud, _: Loud, (third, _fourth): (Loud, Loud)) -> usize {
    let _local = Loud("local");
    println!("waits {id}");
    std::future::pending::<()>().await;
    first.0.len() + third.0.len()
}

pub fn main() {
    let mut future: Pin<Box<dyn Future<Output = usize>>> =
        Box::pin(later(1, Loud("a"), Loud("b"), Loud("c"), (Loud("d"), Loud("e"))));
    let waker = std::task::Waker::noop();
    println!("{:?}", future.as_mut().poll(&mut Context::from_waker(waker)));
    drop(future);
    println!("end");
}
