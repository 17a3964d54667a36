//! `b3`: one header for each line. It is sent on in both forms.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::{lines, round_trip};
use otel_runtime::context::B3Propagator;

fuzz_target!(|text: &str| {
    let headers = lines("b3", text);
    round_trip(&B3Propagator::single(), &headers);
    round_trip(&B3Propagator::multi(), &headers);
});
