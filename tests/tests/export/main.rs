//! Do spans arrive, and what becomes of those that cannot?

mod accounted;
mod backends;
mod delivery;
mod doctor;
mod endings;
mod file;
mod flight;
mod folded;
mod forked;
mod last_spans;
mod limits;
mod losses;
mod mistakes;
mod odd_replies;
mod passes_on;
mod privacy;
mod processes;
mod proxies;
mod replies;
mod retries;
mod several;
mod surroundings;
mod tail;
mod tls;

use opentelemetry::trace::{Tracer, TracerProvider};
use otel_runtime::{Builder, Delivery, InitError, ShutdownError, Telemetry};

/// Tracing that is not the process's.
#[track_caller]
fn start(builder: Builder) -> Telemetry {
    builder.build().expect("tracing starts")
}

/// Ends a span of each name.
fn end_spans<'a>(telemetry: &Telemetry, names: impl IntoIterator<Item = &'a str>) {
    let tracer = telemetry.tracer_provider().tracer("test");
    for name in names {
        tracer.in_span(name.to_owned(), |_| ());
    }
}

#[test]
fn what_a_program_holds_can_go_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}

    anywhere::<Telemetry>();
    anywhere::<Delivery>();
    anywhere::<InitError>();
    anywhere::<ShutdownError>();
}
