//! Which spans did this test make?
//!
//! For tests of programs and libraries that use `#[traced]`, or make spans by hand:
//!
//! ```toml
//! [dev-dependencies]
//! otel-runtime = { version = "0.1", features = ["testing"] }
//! ```
//!
//! ```
//! use otel_runtime::testing::capture;
//! use otel_runtime::traced;
//!
//! #[traced(attrs(user_id))]
//! fn checkout(user_id: u64) -> Result<(), NoStock> {
//!     load_cart(3);
//!     ship()
//! }
//!
//! #[traced(attrs(items))]
//! fn load_cart(items: usize) {}
//!
//! #[traced]
//! fn ship() -> Result<(), NoStock> {
//!     Err(NoStock)
//! }
//! # #[derive(Debug)]
//! # struct NoStock;
//!
//! let (result, spans) = capture(|| checkout(7));
//!
//! assert!(result.is_err());
//! assert!(spans.one("ship").is_error());
//! spans.assert_tree(
//!     "
//!     ✗ checkout user_id=7 NoStock
//!       load_cart items=3
//!       ✗ ship NoStock
//!     ",
//! );
//! ```
//!
//! # What a capture gets
//!
//! Each is a trace of its own, to which everything belongs that runs in its context: other threads and
//! tasks that [carried](crate::context) the context along, servers in this process that continue the
//! trace of a request, and spans of other libraries, made by OpenTelemetry's global tracer. So tests
//! run in parallel, as `cargo test` and `cargo nextest` do, and none sees the spans of another.
//!
//! What begins a trace of its own ([`root`](crate::traced)) or continues another one (a handler for a
//! request whose headers name it) is among them if one of its spans links to the capture's trace.
//! Otherwise [`Spans::with_other_traces`] adds it; a capture without any span of its own says how many
//! such spans there are. To a server that runs in a task of its own, send the capture's trace by
//! [`inject`](crate::context::inject). A comparison that fails because there are no spans says how many
//! ended meanwhile that belong to no test.
//!
//! A span is captured once it has ended. A capture waits for no thread or task: join them first. A span
//! that ends later belongs to no capture. Functions with a `min_duration` have no span if they are
//! shorter than that, as always.
//!
//! # What is set up
//!
//! The first capture in a process calls [`init`](crate::init) for it: every span of every level is
//! recorded, also of a function with `sample`, no variable of the environment is read, and nothing leaves the process. A process
//! has one recorder, so that the program under test cannot call `init` or [`adopt`](crate::adopt) too:
//! leave that to `main`.

mod diff;
mod drawing;
mod ended;
mod order;
mod partial;
mod span;
mod spans;
mod store;
mod trace;
mod tree;

use std::fmt;

use opentelemetry::ContextGuard;

pub use span::Span;
pub use spans::Spans;

use crate::context::carry_future_in;
use trace::Trace;

/// Runs `work`; returns what it returns, and the spans that it made.
///
/// If it panics, the spans so far are drawn on stderr, and the panic goes on.
///
/// ```
/// use otel_runtime::testing::capture;
/// # use otel_runtime::traced;
/// # #[traced]
/// # fn price(id: u64) -> u64 { id }
///
/// let (price, spans) = capture(|| price(4));
///
/// assert_eq!(price, 4);
/// assert_eq!(spans.to_string(), "price");
/// ```
///
/// # Panics
///
/// As [`Capture::start`] and [`Capture::finish`].
#[track_caller]
pub fn capture<T>(work: impl FnOnce() -> T) -> (T, Spans) {
    let capture = Capture::start();
    let result = work();
    (result, capture.finish())
}

/// Awaits `work`; returns what it returns, and the spans that it made.
///
/// It needs no particular runtime. Otherwise it is as [`capture`].
///
/// ```
/// use otel_runtime::testing::capture_async;
/// # use otel_runtime::traced;
/// # #[traced]
/// # async fn price(id: u64) -> u64 { id }
///
/// # async fn test() {
/// let (price, spans) = capture_async(price(4)).await;
///
/// assert_eq!(price, 4);
/// assert_eq!(spans.to_string(), "price");
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build();
/// # runtime.expect("a runtime").block_on(test());
/// ```
///
/// # Panics
///
/// As [`Capture::start`] and [`Capture::finish`], in its first and in its last poll.
pub async fn capture_async<F: Future>(work: F) -> (F::Output, Spans) {
    let trace = Trace::start();
    let result = carry_future_in(trace.context(), work).await;
    (result, trace.finish())
}

/// Captures the spans that are made between two lines.
///
/// It makes its context the current one, on this thread: an async test wants [`capture_async`], or
/// other tasks of the same thread are captured too while the test waits.
///
/// ```
/// use otel_runtime::testing::Capture;
/// # use otel_runtime::traced;
/// # #[traced]
/// # fn price(id: u64) -> Result<u64, std::fmt::Error> { Ok(id) }
///
/// # fn test() -> Result<(), std::fmt::Error> {
/// let capture = Capture::start();
/// let price = price(4)?;
/// let spans = capture.finish();
///
/// assert_eq!(price, 4);
/// assert_eq!(spans.to_string(), "price");
/// # Ok(())
/// # }
/// # test().expect("a price");
/// ```
#[must_use = "dropping it ends the capture"]
pub struct Capture {
    attached: ContextGuard,
    trace: Trace,
}

impl Capture {
    /// Begins.
    ///
    /// # Panics
    ///
    /// If the program called [`init`](crate::init) or [`adopt`](crate::adopt) before any capture.
    #[track_caller]
    pub fn start() -> Capture {
        let trace = Trace::start();
        Capture { attached: trace.context().attach(), trace }
    }

    /// Ends, and returns the spans that have ended, on whatever thread.
    ///
    /// # Panics
    ///
    /// If spans were lost, because there were a million at once.
    #[must_use]
    #[track_caller]
    pub fn finish(self) -> Spans {
        let Capture { attached, trace } = self;
        drop(attached);
        trace.finish()
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture").finish_non_exhaustive()
    }
}
