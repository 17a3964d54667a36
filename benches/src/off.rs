//! What does a call cost while tracing is off? Functions as small as they come, plain and annotated.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// What the functions return that return a `Result`.
#[derive(Debug)]
pub struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("odd")
    }
}

impl std::error::Error for Odd {}

/// A function, plain and annotated.
#[derive(Clone, Copy)]
pub struct Pair {
    /// What is annotated.
    pub name: &'static str,
    /// Without the attribute.
    pub plain: fn(u64) -> u64,
    /// With it.
    pub traced: fn(u64) -> u64,
    /// How many instructions more it may take while tracing is off.
    pub more: u32,
}

/// All of them.
///
/// A future costs more than a call: what is around it has to be written when it is made, asked when
/// it is polled, and asked again when it is dropped. How much depends on what the compiler inlines,
/// and that on how it divides the crate: 21 to 51 have been seen.
pub const PAIRS: [Pair; 4] = [
    Pair { name: "sync", plain: plain::sync, traced: annotated::sync, more: 6 },
    Pair { name: "attributes", plain: plain::attributes, traced: annotated::attributes, more: 6 },
    Pair { name: "result", plain: plain::result, traced: annotated::result, more: 6 },
    Pair { name: "async", plain: plain::poll, traced: annotated::poll, more: 60 },
];

/// The functions without the attribute, called as those with it are.
mod plain {
    use std::future::ready;
    use std::hint::black_box;

    use super::{Odd, once};

    #[inline(never)]
    pub(super) fn sync(number: u64) -> u64 {
        black_box(number).wrapping_mul(3)
    }

    pub(super) fn attributes(number: u64) -> u64 {
        multiply(number, "three")
    }

    #[inline(never)]
    fn multiply(number: u64, by: &str) -> u64 {
        black_box(number).wrapping_mul(by.len() as u64)
    }

    pub(super) fn result(number: u64) -> u64 {
        half(number).unwrap_or_default()
    }

    #[inline(never)]
    fn half(number: u64) -> Result<u64, Odd> {
        let number = black_box(number);
        if number == u64::MAX { Err(Odd) } else { Ok(number / 2) }
    }

    #[inline(never)]
    pub(super) fn poll(number: u64) -> u64 {
        once(wait(number))
    }

    async fn wait(number: u64) -> u64 {
        ready(black_box(number)).await.wrapping_mul(3)
    }
}

/// The same, word for word, with the attribute.
mod annotated {
    use std::future::ready;
    use std::hint::black_box;

    use otel_runtime::traced;

    use super::{Odd, once};

    #[inline(never)]
    #[traced]
    pub(super) fn sync(number: u64) -> u64 {
        black_box(number).wrapping_mul(3)
    }

    pub(super) fn attributes(number: u64) -> u64 {
        multiply(number, "three")
    }

    #[inline(never)]
    #[traced(attrs(number, by))]
    fn multiply(number: u64, by: &str) -> u64 {
        black_box(number).wrapping_mul(by.len() as u64)
    }

    pub(super) fn result(number: u64) -> u64 {
        half(number).unwrap_or_default()
    }

    #[inline(never)]
    #[traced]
    fn half(number: u64) -> Result<u64, Odd> {
        let number = black_box(number);
        if number == u64::MAX { Err(Odd) } else { Ok(number / 2) }
    }

    #[inline(never)]
    pub(super) fn poll(number: u64) -> u64 {
        once(wait(number))
    }

    #[traced]
    async fn wait(number: u64) -> u64 {
        ready(black_box(number)).await.wrapping_mul(3)
    }
}

/// A future that waits for nothing, in memory, where futures are.
fn once<T>(future: impl Future<Output = T>) -> T {
    #[inline(never)]
    fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("it waits for nothing"),
    }
}
