//! `tracestate` beside a good `traceparent`: one header for each line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::{lines, round_trip};
use otel_runtime::context::TraceContextPropagator;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fuzz_target!(|text: &str| {
    let mut headers = lines("tracestate", text);
    headers.extend(lines("traceparent", TRACEPARENT));
    round_trip(&TraceContextPropagator::default(), &headers);
});
