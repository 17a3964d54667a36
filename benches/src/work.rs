//! What do the measured functions do, besides being traced?

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Children of the root of a synchronous tree.
pub(crate) const CHILDREN: i64 = 10;

/// Spans of a synchronous tree.
pub(crate) const SYNC_SPANS: u32 = 11;

/// Spans of an asynchronous tree: one root, two branches, four leaves.
pub(crate) const ASYNC_SPANS: u32 = 7;

/// What a function fails with. None does, but all are inspected.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// A little, so that next to nothing but the tracing is measured.
pub(crate) fn price(item: i64, customer: &str) -> Result<i64, Refused> {
    let price = black_box(item) + i64::from(black_box(customer).as_bytes()[0]);
    if price == 0 { Err(Refused) } else { Ok(price) }
}

/// Waits for one poll.
pub(crate) fn pause() -> impl Future<Output = ()> {
    struct Pause {
        over: bool,
    }
    impl Future for Pause {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            if self.over {
                return Poll::Ready(());
            }
            self.over = true;
            Poll::Pending
        }
    }
    Pause { over: false }
}

/// Polls until it is over: nothing here waits for anything.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut task) {
            return output;
        }
    }
}
