//! What is true of the recorder of `init` alone?

mod current;
mod hard;
mod min_duration;
mod parents;
mod scoped;
mod share;
mod span;

use otel_tests::capture::Spans;

/// Runs `work` and returns the spans it made.
fn capture(work: impl FnOnce()) -> Spans {
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    otel_tests::capture::capture(work)
}
