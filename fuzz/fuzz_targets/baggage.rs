//! `baggage`: one header for each line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_fuzz::{lines, round_trip};
use otel_runtime::context::BaggagePropagator;

fuzz_target!(|text: &str| round_trip(&BaggagePropagator::default(), &lines("baggage", text)));
