//! `x-amzn-trace-id`: one header for each line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::{lines, round_trip};
use otel_runtime::context::XRayPropagator;

fuzz_target!(|text: &str| {
    round_trip(&XRayPropagator::default(), &lines("X-Amzn-Trace-Id", text));
});
