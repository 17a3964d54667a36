//! What do random functions use?

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Tells when it is dropped.
#[derive(Debug)]
pub struct Loud(pub &'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[derive(Debug)]
pub struct Pair {
    pub left: Loud,
    pub right: u64,
}

#[allow(dead_code)]
#[derive(Debug)]
pub struct Thing {
    pub id: u64,
    pub loud: Loud,
}

pub fn thing() -> Thing {
    Thing { id: 6, loud: Loud("thing") }
}

pub fn even(number: u64) -> Option<u64> {
    (number % 2 == 0).then(|| number)
}

pub fn small(number: u64) -> Result<u64, String> {
    if number < 40 { Ok(number) } else { Err(format!("large: {}", number)) }
}

/// Ready at the second poll.
pub async fn later(number: u64) -> u64 {
    let mut waited = false;
    std::future::poll_fn(|_| if waited { Poll::Ready(number) } else { waited = true; Poll::Pending }).await
}

pub fn called<T>(work: impl FnOnce() -> T) {
    if catch_unwind(AssertUnwindSafe(|| drop(work()))).is_err() {
        println!("panicked");
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = poll(&mut future) {
            return output;
        }
    }
}

/// Drops it after the first poll.
pub fn polled_once<T>(future: impl Future<Output = T>) -> bool {
    poll(&mut Box::pin(future)).is_ready()
}

fn poll<T>(future: &mut Pin<Box<impl Future<Output = T>>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

pub fn main() {}
