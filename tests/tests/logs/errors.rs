//! How does an error that is only logged get onto its span?

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, Status};
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::logs::{Errors, error_events, explicit_parents};
use otel_runtime::traced;
use tracing::{Metadata, Subscriber, error, info_span, warn};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::{Boxed, capture, install, subscriber};

/// Spans of `tracing`, without the events that `tracing-opentelemetry` puts onto them.
fn spans_alone() -> Boxed {
    install();
    let tracer = opentelemetry::trace::TracerProvider::tracer(otel_tests::capture::provider(), "t");
    tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_filter(filter_fn(|metadata: &Metadata<'_>| metadata.is_span()))
        .boxed()
}

fn layers(errors: Errors) -> impl Subscriber + Send + Sync {
    subscriber([spans_alone()]).with(error_events(errors)).with(explicit_parents())
}

#[tracing::instrument]
fn outer() {
    inner();
}

#[traced]
fn inner() {
    warn!("not yet");
    let cause = "x".parse::<u8>().expect_err("no number");
    error!(attempt = 3_u64, error = &cause as &dyn std::error::Error, "gave {} up", 1);
}

fn names(span: &SpanData) -> Vec<&str> {
    span.events.iter().map(|event| event.name.as_ref()).collect()
}

#[test]
fn it_becomes_an_event_of_the_innermost_span_and_of_that_alone() {
    let spans = capture(layers(Errors::SpanEvents), outer);

    let (inner, outer) = (spans.one("inner"), spans.one("outer"));
    assert_eq!(names(inner), ["gave 1 up"]);
    assert_eq!(names(outer), Vec::<&str>::new());
    assert_eq!(
        inner.events[0].attributes,
        [
            KeyValue::new("attempt", 3),
            KeyValue::new("error", "invalid digit found in string"),
            KeyValue::new("level", "ERROR"),
            KeyValue::new("target", "logs::errors"),
        ],
    );
    assert_eq!((&inner.status, &outer.status), (&Status::Unset, &Status::Unset));
}

#[test]
fn or_the_status_of_it_or_both() {
    for (errors, events) in [(Errors::SpanStatus, 0), (Errors::SpanEventsAndStatus, 1)] {
        let spans = capture(layers(errors), outer);

        let inner = spans.one("inner");
        assert_eq!(inner.status, Status::error("gave 1 up"));
        assert_eq!(inner.events.len(), events);
        assert_eq!(spans.one("outer").status, Status::Unset);
    }
}

#[traced]
fn of_another() {
    let span = info_span!("other");
    error!(parent: &span, "of another");
    error!(parent: None, "of nobody");
}

#[test]
fn it_goes_to_the_span_that_it_names() {
    let spans = capture(layers(Errors::SpanEvents), of_another);

    assert_eq!(names(spans.one("other")), ["of another"]);
    assert_eq!(names(spans.one("of_another")), Vec::<&str>::new());
}

#[test]
fn outside_of_spans_nothing_happens() {
    tracing::subscriber::with_default(layers(Errors::SpanEventsAndStatus), || error!("nowhere"));
    let spans = capture(layers(Errors::SpanEventsAndStatus), || error!("under a remote parent"));

    assert_ne!(spans.parent, SpanContext::NONE);
    assert!(spans.all.is_empty());
}
