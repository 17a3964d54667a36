//! Whose trace is a request in?

use axum::Router;
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, trace::TraceContextExt};
use otel_runtime::context::Trust;
use otel_runtime::testing::Spans;
use otel_runtime::tower::ServerLayer;
use otel_runtime::traced;

use crate::{ask, get_order, spans};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn called(flags: &str) -> Request<axum::body::Body> {
    let mut asked = get_order();
    let traceparent = format!("00-{TRACE}-{SPAN}-{flags}");
    asked.headers_mut().insert("traceparent", traceparent.parse().expect("a value"));
    asked.headers_mut().insert("baggage", "tenant=7".parse().expect("a value"));
    asked
}

/// A handler that reads the headers by itself, as one that was written before the layer.
#[traced(parent(extract = headers), kind = server)]
async fn by_itself(headers: HeaderMap) -> String {
    Context::current().baggage().get("tenant").map(ToString::to_string).unwrap_or_default()
}

fn router(layer: ServerLayer) -> Router {
    Router::new().route("/orders/{id}", get(by_itself)).layer(layer)
}

fn trace(spans: &Spans, name: &str) -> String {
    spans.one(name).data().span_context.trace_id().to_string()
}

#[test]
fn a_handler_that_reads_the_callers_trace_hangs_under_the_layer_all_the_same() {
    for (trust, is_called) in [
        (Trust::Trust, true),
        (Trust::Link, true),
        (Trust::Ignore, true),
        (Trust::Trust, false),
        (Trust::Link, false),
    ] {
        let asked = if is_called { called("01") } else { get_order() };
        let (_, spans) = spans(ask(router(ServerLayer::new().trust(trust)), asked));

        let handler = spans.one("by_itself");
        let above = handler.parent().expect("the layer's");
        assert_eq!(above.name(), "GET /orders/{id}", "{trust:?}, called: {is_called}");
    }
}

#[test]
fn a_callers_trace_is_continued_or_linked_to_or_ignored() {
    for (trust, continues, links, tenant) in
        [(Trust::Trust, true, 0, "7"), (Trust::Link, false, 1, ""), (Trust::Ignore, false, 0, "")]
    {
        for layer in [ServerLayer::new().trust(trust), ServerLayer::new().trust_by(move |_| trust)]
        {
            let (response, spans) = spans(ask(router(layer), called("01")));

            let span = spans.one("GET /orders/{id}");
            assert_eq!(trace(&spans, "GET /orders/{id}") == TRACE, continues, "{trust:?}");
            assert_eq!(span.links().len(), links, "{trust:?}");
            assert_eq!(response.into_body(), tenant.as_bytes(), "{trust:?}");
            if let [link] = span.links() {
                assert_eq!(link.span_context.span_id().to_string(), SPAN);
            }
        }
    }
}

#[test]
fn who_makes_the_question_panic_is_not_trusted() {
    let layer = ServerLayer::new().trust_by(|request| {
        assert!(!request.headers().contains_key("baggage"), "what is that?");
        Trust::Trust
    });
    let (response, spans) = spans(ask(router(layer), called("01")));

    assert_ne!(trace(&spans, "GET /orders/{id}"), TRACE);
    assert_eq!(spans.one("GET /orders/{id}").links().len(), 1);
    assert_eq!(response.into_body(), b"", "baggage is dropped");
}

#[test]
fn trust_may_depend_on_the_route() {
    let layer = ServerLayer::new().trust_by(|request| match request.route() {
        Some("/orders/{id}") => Trust::Link,
        _ => Trust::Trust,
    });
    let (_, spans) = spans(ask(router(layer), called("01")));

    assert_eq!(spans.one("GET /orders/{id}").links().len(), 1);
    assert!(!Context::current().has_active_span());
}
