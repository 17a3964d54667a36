//! Whose trace is a request in?

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, trace::TraceContextExt};
use otel_runtime::context::{Trust, carry_future};
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
fn a_line_that_cannot_be_read_does_not_hide_those_behind_it() {
    let mut asked = get_order();
    let unreadable = axum::http::HeaderValue::from_bytes(b"\xff").expect("bytes of HTTP");
    asked.headers_mut().append("baggage", unreadable);
    asked.headers_mut().append("baggage", "user=ada".parse().expect("a value"));
    asked.headers_mut().append("baggage", "tenant=7".parse().expect("a value"));
    let (response, _) = spans(ask(router(ServerLayer::new()), asked));

    assert_eq!(response.into_body(), b"7");
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

#[traced(kind = consumer, parent(extract = headers))]
async fn message(headers: HeaderMap) {
    drop(headers);
}

/// Sends a request whose handler starts a worker, and when the request is over, these headers to the worker.
async fn to_worker(layer: ServerLayer, asked: Request<axum::body::Body>, headers: HeaderMap) {
    let (messages, receiver) = tokio::sync::mpsc::unbounded_channel();
    let (started, worker) = tokio::sync::oneshot::channel();
    let both = Arc::new(Mutex::new(Some((receiver, started))));
    let handler = move || async move {
        let (mut receiver, started) = both.lock().expect("no panic").take().expect("one request");
        let worker = tokio::spawn(carry_future(async move {
            while let Some(headers) = receiver.recv().await {
                message(headers).await;
            }
        }));
        started.send(worker).expect("somebody waits");
    };
    ask(Router::new().route("/orders/{id}", get(handler)).layer(layer), asked).await;
    messages.send(headers).expect("the worker lives");
    drop(messages);
    worker.await.expect("the worker").await.expect("no panic");
}

#[test]
fn what_a_worker_gets_when_the_request_that_started_it_is_over_is_no_part_of_that() {
    for trust in [Trust::Trust, Trust::Link, Trust::Ignore] {
        for is_called in [false, true] {
            let asked = if is_called { called("01") } else { get_order() };
            let headers = asked.headers().clone();
            let ((), spans) = spans(to_worker(ServerLayer::new().trust(trust), asked, headers));

            let worked = spans.one("message");
            assert_eq!(worked.parent().map(|above| above.name()), None, "{trust:?}, {is_called}");
            let caller = if is_called { SPAN } else { "0000000000000000" };
            assert_eq!(worked.data().parent_span_id.to_string(), caller, "{trust:?}");
        }
    }
}
