//! Answers a given number of requests, whose spans arrive nowhere, for something that counts instructions.
//!
//! `layered_call LAYERED REQUESTS`, the first by its index.

use std::process;

use axum::Router;
use otel_benches::layered::{Layered, answer};
use otel_benches::{Batches, Export, Transport};

/// Nobody listens there.
const PORT: u16 = 9;

fn main() {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("usage: layered_call LAYERED REQUESTS"))
        .collect();
    let layered = Layered::ALL[arguments[0]];
    let export = Export { transport: Transport::Http, port: PORT, batches: Batches::HELD };
    let _installed = layered.install(&export);
    let router = layered.router();
    // What is set up once is not counted.
    for _ in 0..100 {
        answer(&router);
    }
    measured(&router, arguments[1]);
    // Whatever is held would be sent.
    process::exit(0);
}

/// What is counted.
#[inline(never)]
fn measured(router: &Router, requests: usize) {
    for _ in 0..requests {
        answer(router);
    }
}
