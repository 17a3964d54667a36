//! `traceparent`: one header for each line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::{lines, round_trip};
use otel_runtime::context::TraceContextPropagator;

fuzz_target!(|text: &str| {
    round_trip(&TraceContextPropagator::default(), &lines("traceparent", text));
});
