//! Which span does an event belong to that names its parent?

use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, SpanId};
use otel_runtime::logs::explicit_parents;
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, provider, remote_parent, spans_of};
use tracing::{Span, Subscriber, error, info, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;

use crate::{Lines, bridged_spans, capture, prefix, subscriber, text};

fn layers(lines: &Lines) -> impl Subscriber + Send + Sync + use<> {
    subscriber([bridged_spans(), text(lines)]).with(explicit_parents())
}

#[traced]
fn works_for(span: &Span) {
    info!(parent: span, "for the span");
    info!(parent: None, "for nobody");
    info!("for the function");
    info!(parent: &Span::none(), "for a span that is off");
}

#[test]
fn the_parent_that_an_event_names_holds() {
    let lines = Lines::default();
    let spans = capture(layers(&lines), || works_for(&info_span!("named")));

    assert!(lines.with("for the span").starts_with(&prefix(spans.one("named"))));
    assert!(lines.with("for the function").starts_with(&prefix(spans.one("works_for"))));
    for nobody in ["for nobody", "for a span that is off"] {
        assert!(!lines.with(nobody).contains("trace_id"), "{}", lines.text());
    }
}

#[test]
fn a_span_that_is_not_opentelemetrys_has_no_ids() {
    let lines = Lines::default();
    let layers = subscriber([text(&lines)]).with(explicit_parents());
    let _ = capture(layers, || works_for(&info_span!("named")));

    assert!(!lines.with("for the span").contains("trace_id"), "{}", lines.text());
}

#[test]
fn the_ids_are_those_of_the_trace_that_the_span_ends_in() {
    let lines = Lines::default();
    let remote = remote_parent();
    let context = Context::new().with_remote_span_context(remote.clone());
    let spans = capture(layers(&lines), || {
        let span = info_span!("late");
        let _entered = span.enter();
        info!("before");
        // Once a span is entered it has started, and keeps its parent.
        let _ = span.set_parent(context.clone());
        info!("after");
        let early = info_span!("early");
        early.set_parent(context).expect("it has not started");
        info!(parent: &early, "in time");
    });

    let late = spans.one("late");
    for said in ["before", "after"] {
        assert!(lines.with(said).starts_with(&prefix(late)), "{said}");
    }
    let of_caller = spans_of(remote.trace_id());
    assert_eq!(of_caller.len(), 1);
    assert!(lines.with("in time").starts_with(&prefix(&of_caller[0])));
}

#[test]
fn with_the_span_named_that_the_function_runs_in_all_is_as_without() {
    let lines = Lines::default();
    let spans = capture(layers(&lines), || {
        let span = info_span!("named");
        span.in_scope(|| error!(parent: &span, "told"));
        provider().tracer("other").in_span("manual", |_| info!(parent: None, "for nobody"));
    });

    assert!(lines.with("told").starts_with(&prefix(spans.one("named"))));
    assert_ne!(spans.one("named").span_context.span_id(), SpanId::INVALID);
    assert_eq!(spans.one("manual").error(), None);
    assert!(!lines.with("for nobody").contains("trace_id"));
}
