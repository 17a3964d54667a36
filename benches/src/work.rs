//! What do the measured functions do, besides being traced?

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Branches of the root of an asynchronous tree, and leaves of each.
pub(crate) const BRANCHES: i64 = 3;

/// The item of the root of every tree.
pub(crate) const ITEM: i64 = 7;

/// The item of the last leaf, which is refused.
const SOLD_OUT: i64 = (ITEM + BRANCHES) * BRANCHES - 1;

/// What a function fails with.
#[derive(Debug)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// What a child does: a little, so that next to nothing but the tracing is measured.
pub(crate) fn price(item: i64, customer: &str) -> Result<i64, Refused> {
    let price = black_box(item) + i64::from(black_box(customer).as_bytes()[0]);
    if price == 0 { Err(Refused) } else { Ok(price) }
}

/// What a leaf does.
pub(crate) fn sell(item: i64, customer: &str) -> Result<i64, Refused> {
    if item == SOLD_OUT { Err(Refused) } else { price(item, customer) }
}

/// The items of what is below `item` in an asynchronous tree.
pub(crate) fn below(item: i64) -> std::ops::Range<i64> {
    item * BRANCHES..(item + 1) * BRANCHES
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
