//! What does `#[traced]` do, as seen in the spans that end?
//!
//! Compiled once for each edition, and once more for each recorder.
#![allow(
    clippy::boxed_local,
    clippy::needless_pass_by_value,
    clippy::redundant_closure_for_method_calls,
    clippy::redundant_closure,
    clippy::toplevel_ref_arg,
    clippy::unused_self,
    reason = "functions are written for what the attribute does with them"
)]
#![allow(
    non_fmt_panics,
    reason = "what a failed assertion says may be as bare as edition 2018 has it"
)]

mod annotate;
mod arguments;
mod attributes;
mod bodies;
mod carry;
mod context;
mod context_only;
mod current;
mod ends;
mod exceptions;
mod items;
mod level;
mod links;
mod names;
mod off;
mod parameters;
mod patterns;
mod personal;
mod results;
mod returned;
mod scoped;
mod spawn_forms;
mod timings;
mod trust;
mod waiting;
mod ways;

use std::future::Future;

use otel_tests::capture::Spans;

/// Runs `work` and returns the spans it made.
fn capture(work: impl FnOnce()) -> Spans {
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    otel_tests::capture::capture(work)
}

/// The same for a future, on a runtime of its own.
fn capture_async(work: impl Future<Output = ()>) -> Spans {
    capture(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(work);
    })
}
