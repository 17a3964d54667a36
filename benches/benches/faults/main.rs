//! What does a backend in trouble cost the service, and its traces?
//!
//! `cargo bench -p otel-benches --bench faults [-- --quick]`, on Linux. Fails if a span is lost that
//! should not be, or if what is held takes more memory than it may.
//!
//! First the latency of annotated calls, on the clock of the wall. A service for each trouble, in a
//! process of its own, does a block of calls twice a second; they take turns, and a block is compared
//! with that of the service with the healthy backend in the same round. The queues hold all that ends
//! meanwhile. Then services that end spans as fast as they can, with nobody to send them to.

mod latency;
mod memory;
mod service;
mod trouble;

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let quick = env::args().any(|argument| argument == "--quick");
    let all_arrived = latency::compare(if quick { 8 } else { 60 });
    println!();
    let within = memory::compare(if quick { 10 } else { 60 });
    if all_arrived && within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
