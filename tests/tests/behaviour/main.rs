//! What does `#[traced]` do, as seen in the spans that end?
//!
//! Compiled once for each edition.
#![allow(
    non_fmt_panics,
    reason = "what a failed assertion says may be as bare as edition 2018 has it"
)]

mod arguments;
mod attributes;
mod bodies;
mod carry;
mod context;
mod ends;
mod items;
mod level;
mod links;
mod names;
mod parameters;
mod patterns;
mod results;
mod returned;
mod timings;

use std::future::Future;

use otel_tests::capture::{Spans, provider};

/// Runs `work` and returns the spans it made.
fn capture(work: impl FnOnce()) -> Spans {
    // The first test adopts, the others find it done.
    let _ = otel_runtime::adopt(provider().clone());
    otel_tests::capture::capture(work)
}

/// The same for a future, on a runtime of its own.
fn capture_async(work: impl Future<Output = ()>) -> Spans {
    capture(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(work);
    })
}
