//! What do trace ids on log lines cost, and what does a span of `tracing` beside those of `#[traced]`?
//!
//! `cargo bench -p otel-benches --features logs --bench logs [-- --quick]`, on Linux. Lines are written to nowhere, and
//! spans are exported to nowhere. All of a table take turns; told are medians, in nanoseconds of the calling thread, and
//! what is compared is compared with the first of its table in the same round: what the machine does besides then meets
//! both.

mod bridged;
mod lines;
mod turns;

use std::env;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Takes everything, and forgets it.
#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

fn main() {
    let rounds = if env::args().any(|argument| argument == "--quick") { 60 } else { 400 };
    let telemetry = otel_runtime::builder()
        .exporter(Nowhere)
        .service_name("otel-benches")
        .max_queue_size(200_000)
        .init()
        .expect("the settings are valid");
    lines::print(rounds);
    bridged::print(rounds, &telemetry);
}
