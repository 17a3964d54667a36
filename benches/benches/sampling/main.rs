//! What does a sampler cost?
//!
//! `cargo bench -p otel-benches --bench sampling [-- --quick]`, on Linux. First a sampler's decision alone, then
//! those that threads share, then whole spans in a process for each sampler. They take turns; told is the median of
//! the turns, in nanoseconds of the processor.

mod decisions;
mod spans;
mod threads;

use std::env;

use otel_benches::progress::step;

fn main() {
    let quick = env::args().any(|argument| argument == "--quick");
    let turns = if quick { 20 } else { 100 };
    step("decisions alone", 1, 3);
    decisions::print(turns);
    step("decisions of several threads", 2, 3);
    threads::print(turns / 10);
    step("whole spans", 3, 3);
    spans::print(if quick { 2 } else { 6 }, turns);
}
