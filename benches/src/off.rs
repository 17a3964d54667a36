//! What does a call cost while tracing is off? Functions as small as they come, plain and annotated.

use std::fmt;
use std::future::Future;
use std::hint::black_box;
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
/// A span that might be there is kept in the frame of the call, which a function that calls nothing does
/// not have otherwise. A future costs more: what is around it has to be written when it is made, asked
/// when it is polled, and asked again when it is dropped. How much depends on what the compiler inlines,
/// and that on how it divides the crate, which is therefore not divided.
pub const PAIRS: [Pair; 6] = [
    Pair { name: "call", plain: plain::call, traced: annotated::call, more: 10 },
    Pair {
        name: "call result",
        plain: plain::call_result,
        traced: annotated::call_result,
        more: 10,
    },
    Pair { name: "leaf", plain: plain::leaf, traced: annotated::leaf, more: 14 },
    Pair { name: "attributes", plain: plain::attributes, traced: annotated::attributes, more: 14 },
    Pair { name: "result", plain: plain::result, traced: annotated::result, more: 14 },
    Pair { name: "async", plain: plain::poll, traced: annotated::poll, more: 25 },
];

/// What is called by what is measured.
#[inline(never)]
fn work(number: u64) -> u64 {
    black_box(number).wrapping_mul(3)
}

/// The same, with a result.
#[inline(never)]
fn try_work(number: u64) -> Result<u64, Odd> {
    let number = black_box(number);
    if number == u64::MAX { Err(Odd) } else { Ok(number / 2) }
}

/// The functions without the attribute, called as those with it are.
mod plain {
    use std::future::ready;
    use std::hint::black_box;

    use super::{Odd, once, try_work, work};

    #[inline(never)]
    pub(super) fn call(number: u64) -> u64 {
        work(number).wrapping_add(1)
    }

    pub(super) fn call_result(number: u64) -> u64 {
        two_results(number).unwrap_or_default()
    }

    #[inline(never)]
    fn two_results(number: u64) -> Result<u64, Odd> {
        Ok(try_work(number)?.wrapping_add(try_work(number)?))
    }

    #[inline(never)]
    pub(super) fn leaf(number: u64) -> u64 {
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

    use super::{Odd, once, try_work, work};

    #[inline(never)]
    #[traced]
    pub(super) fn call(number: u64) -> u64 {
        work(number).wrapping_add(1)
    }

    pub(super) fn call_result(number: u64) -> u64 {
        two_results(number).unwrap_or_default()
    }

    #[inline(never)]
    #[traced]
    fn two_results(number: u64) -> Result<u64, Odd> {
        Ok(try_work(number)?.wrapping_add(try_work(number)?))
    }

    #[inline(never)]
    #[traced]
    pub(super) fn leaf(number: u64) -> u64 {
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
