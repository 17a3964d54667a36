//! What does a line cost that says which span it belongs to?

use std::hint::black_box;
use std::io;

use otel_benches::clock;
use otel_runtime::logs::with_trace_context;
use otel_runtime::traced;
use tracing::dispatcher::{Dispatch, with_default};
use tracing::info;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use crate::turns::{self, Row};

const EVENTS: u32 = 2_000;

pub(crate) fn print(rounds: usize) {
    let formats = [("text", text()), ("JSON", json())];
    for (form, formats) in &formats {
        let rows = |wrap: fn(&Dispatch) -> f64| -> Vec<Row<'_>> {
            let row = |(name, lines)| -> Row<'_> { (name, Box::new(move || wrap(lines))) };
            ["plain", "with ids", "with ids and an attribute"]
                .into_iter()
                .zip(formats)
                .map(row)
                .collect()
        };
        turns::print(&format!("a line of {form}, in no span"), rounds, &rows(write));
        turns::print(
            &format!("a line of {form}, in a span"),
            rounds,
            &rows(|lines| inside("acme", || write(lines))),
        );
    }
}

/// Plain, with ids, with an attribute of the span besides.
fn text() -> [Dispatch; 3] {
    let lines = || fmt::layer().with_ansi(false).with_writer(io::sink);
    [
        subscriber(lines()),
        subscriber(lines().map_event_format(with_trace_context)),
        subscriber(lines().map_event_format(|it| with_trace_context(it).attributes(["tenant.id"]))),
    ]
}

/// Likewise.
fn json() -> [Dispatch; 3] {
    let lines = || fmt::layer().json().with_writer(io::sink);
    [
        subscriber(lines()),
        subscriber(lines().map_event_format(with_trace_context)),
        subscriber(lines().map_event_format(|it| with_trace_context(it).attributes(["tenant.id"]))),
    ]
}

fn subscriber(lines: impl Layer<Registry> + Send + Sync) -> Dispatch {
    Dispatch::new(tracing_subscriber::registry().with(lines))
}

#[traced(attrs("tenant.id" = tenant))]
fn inside(tenant: &str, write: impl FnOnce() -> f64) -> f64 {
    write()
}

/// Nanoseconds a line.
fn write(lines: &Dispatch) -> f64 {
    with_default(lines, || {
        let began = clock::of_thread();
        for _ in 0..EVENTS {
            info!(order_id = black_box(4815), "paid");
        }
        let time = clock::of_thread().saturating_sub(began);
        time.as_secs_f64() * 1e9 / f64::from(EVENTS)
    })
}
