//! Does a line ask for memory because it says which span it belongs to?
//!
//! A process of its own, because the allocator that counts is slower.

use std::io;

use otel_runtime::logs::with_trace_context;
use otel_runtime::traced;
use otel_tests::capture::{capture, install};
use tracing::{Subscriber, info};
use tracing_subscriber::layer::SubscriberExt;

const LINES: u32 = 100;

#[traced]
fn counted() -> u64 {
    let lines = || (0..LINES).for_each(|number| info!(number, "a line"));
    lines();
    allocation_counter::measure(lines).count_total
}

fn in_subscriber(subscriber: impl Subscriber + Send + Sync) -> u64 {
    let mut count = 0;
    let _ = capture(|| count = tracing::subscriber::with_default(subscriber, counted));
    count
}

#[test]
fn a_line_with_ids_takes_as_many_allocations_as_one_without() {
    install("otel-tests-native");
    let text = || tracing_subscriber::fmt::layer().with_writer(io::sink);
    let json = || tracing_subscriber::fmt::layer().json().with_writer(io::sink);
    let registry = tracing_subscriber::registry;

    let with = in_subscriber(registry().with(text().map_event_format(with_trace_context)));
    let without = in_subscriber(registry().with(text()));
    assert_eq!(with, without, "text");

    let with = in_subscriber(registry().with(json().map_event_format(with_trace_context)));
    let without = in_subscriber(registry().with(json()));
    assert_eq!(with, without, "JSON");
}
