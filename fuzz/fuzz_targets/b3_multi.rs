//! `x-b3-*` and `b3`: a header for each line, by the letter that the line begins with.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::round_trip;
use otel_runtime::context::B3Propagator;

fuzz_target!(|text: &str| {
    let header = |line: &str| {
        let mut letters = line.chars();
        let name = match letters.next()? {
            't' => "x-b3-traceid",
            's' => "X-B3-SpanId",
            'p' => "x-b3-parentspanid",
            'd' => "x-b3-sampled",
            'f' => "x-b3-flags",
            _ => "b3",
        };
        Some((name.to_owned(), letters.as_str().to_owned()))
    };
    let headers = text.split('\n').filter_map(header).collect();
    round_trip(&B3Propagator::single(), &headers);
    round_trip(&B3Propagator::multi(), &headers);
});
