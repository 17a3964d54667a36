//! What does a span cost under one sampler?
//!
//! `sampled_span LIST SAMPLER`, by their index: 0 for those that drop, 1 for those that keep. For every line it reads
//! it prints how many nanoseconds of its thread a root took, and a child of one.

use std::hint::black_box;
use std::io;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_benches::clock;
use otel_benches::samplers::{DROPPING, KEEPING};
use otel_runtime::traced;

const TRACES: u32 = 2_000;
const CHILDREN: u32 = 10;

/// Takes everything, and forgets it.
#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

#[traced]
fn root(children: u32) {
    for _ in 0..children {
        child();
    }
}

#[traced]
fn child() {
    black_box(());
}

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: sampled_span LIST SAMPLER"))
        .collect();
    let sampler = [DROPPING, KEEPING][arguments[0]][arguments[1]].make;
    let telemetry = otel_runtime::builder()
        .exporter(Nowhere)
        .service_name("otel-benches")
        .max_queue_size(200_000)
        .sampler(sampler().expect("valid"))
        .init()
        .expect("the settings are valid");
    let time = |children: u32| {
        let began = clock::of_thread();
        for _ in 0..TRACES {
            root(children);
        }
        let time = clock::of_thread().saturating_sub(began);
        telemetry.flush().expect("nothing can fail");
        time.as_secs_f64() * 1e9 / f64::from(TRACES)
    };
    for _ in io::stdin().lines() {
        let (alone, with_children) = (time(0), time(CHILDREN));
        println!("{alone} {}", (with_children - alone) / f64::from(CHILDREN));
    }
}
