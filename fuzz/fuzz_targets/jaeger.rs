//! `uber-trace-id`, and below it baggage: a line with a colon is an entry `uberctx-*`, any other is a list.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::round_trip;
use otel_runtime::context::JaegerPropagator;

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let mut headers = vec![("uber-trace-id".to_owned(), first.to_owned())];
    headers.extend(lines.map(|line| match line.split_once(':') {
        Some((key, value)) => (format!("uberctx-{key}"), value.to_owned()),
        None => ("jaeger-baggage".to_owned(), line.to_owned()),
    }));
    round_trip(&JaegerPropagator::default(), &headers);
});
