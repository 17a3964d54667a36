//! What does a call cost whose trace is dropped when it begins?
//!
//! Nothing of what the program would be asked for a span. In a process of its own, whose sampler records
//! no trace that begins here, and looks at no attribute.

use std::cell::Cell;
use std::future::Future;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Request, Response};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::{Trust, inject};
use otel_runtime::tower::{ClientLayer, ServerLayer};
use otel_runtime::{Sampler, traced};
use otel_tests::capture::remote_parent;
use tower::{Layer, ServiceExt};

thread_local! {
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// Counts that the program was asked.
fn ask<T>(value: T) -> T {
    ASKED.set(ASKED.get() + 1);
    value
}

/// How often the program is asked while `work` runs in a trace that is not recorded, and which span is
/// current in it.
fn dropped(work: impl FnOnce() -> SpanContext) -> SpanContext {
    static TELEMETRY: std::sync::OnceLock<otel_runtime::Telemetry> = std::sync::OnceLock::new();
    TELEMETRY.get_or_init(|| {
        otel_runtime::builder()
            .sampler(Sampler::ParentBasedAlwaysOff)
            .no_exporter()
            .environment::<String, String>([])
            .init()
            .expect("nobody has come before")
    });
    ASKED.set(0);
    let inside = work();
    assert_eq!(ASKED.get(), 0, "nothing is asked for a span that is dropped");
    assert!(!inside.is_sampled() && !inside.is_remote(), "{inside:?}");
    inside
}

fn current() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[test]
fn nothing_is_evaluated_for_a_root_that_is_dropped() {
    #[traced(name = ask("name").to_owned(), attrs(n = ask(1), text = %ask("text")), links(ask(Context::new())))]
    fn sync() -> SpanContext {
        current()
    }
    #[traced(attrs(n = ask(1)), ret(n = |_| ask(1)), error_if = |_| ask(true))]
    fn judged() -> SpanContext {
        current()
    }
    #[traced(attrs(n = ask(1)), err = |_| ask("text"))]
    fn fails() -> Result<(), SpanContext> {
        Err(current())
    }
    #[traced(root, attrs(n = ask(1)))]
    fn root() -> SpanContext {
        current()
    }
    #[traced(parent = Context::new(), attrs(n = ask(1)), links(ask(Context::new())))]
    fn under_nothing() -> SpanContext {
        current()
    }
    #[traced(parent(extract = headers, trust = Trust::Link), attrs(n = ask(1)))]
    fn linked(headers: &HeaderMap) -> SpanContext {
        current()
    }

    assert!(dropped(sync).is_valid());
    assert!(dropped(judged).is_valid());
    assert!(dropped(|| fails().expect_err("it fails")).is_valid());
    assert!(dropped(root).is_valid());
    assert!(dropped(under_nothing).is_valid());
    let mut headers = HeaderMap::new();
    let _ = Context::new().with_remote_span_context(remote_parent()).attach();
    inject(&mut headers);
    assert!(dropped(|| linked(&headers)).is_valid());
}

#[test]
fn nothing_is_evaluated_for_a_future_or_a_stream_that_is_dropped() {
    #[traced(attrs(n = ask(1)), ret(n = |_| ask(1)))]
    async fn asynchronous() -> SpanContext {
        tokio::task::yield_now().await;
        current()
    }
    #[traced(attrs(n = ask(1)), ret(n = |_| ask(1)))]
    fn returns() -> impl Future<Output = SpanContext> + Send {
        async {
            tokio::task::yield_now().await;
            current()
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    assert!(dropped(|| runtime.block_on(asynchronous())).is_valid());
    assert!(dropped(|| runtime.block_on(returns())).is_valid());
}

#[test]
fn what_is_below_a_root_that_is_dropped_is_in_its_trace() {
    #[traced(attrs(n = ask(1)))]
    fn outer() -> (SpanContext, SpanContext) {
        (current(), inner())
    }
    #[traced(attrs(n = ask(1)))]
    fn inner() -> SpanContext {
        current()
    }

    let mut below = SpanContext::NONE;
    let above = dropped(|| {
        let (outer, inner) = outer();
        below = inner;
        outer
    });

    assert!(above.is_valid());
    assert_eq!(below, above, "a call below has no span, and the same context");
    assert!(!current().is_valid(), "the context is left with the call");
    assert_ne!(dropped(inner).trace_id(), above.trace_id(), "the next root has another trace");
}

#[test]
fn a_request_that_begins_a_dropped_trace_is_told_its_ids_and_asks_no_closure() {
    let layer = ServerLayer::new()
        .trace_response()
        .request_headers([HeaderName::from_static("x-tenant")])
        .request_attributes(|_: &otel_runtime::tower::RequestHead<'_>| {
            ask(vec![KeyValue::new("n", 1)])
        });
    let service = layer.layer(tower::service_fn(|_: Request<Body>| async {
        let mut response = Response::new(Body::empty());
        let current = current();
        response.extensions_mut().insert(current);
        Ok::<_, std::convert::Infallible>(response)
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut told = String::new();

    let inside = dropped(|| {
        let response = runtime.block_on(service.oneshot(Request::new(Body::empty())));
        let response = response.expect("a response");
        let header = response.headers().get("traceresponse").expect("a header");
        told = header.to_str().expect("text").to_owned();
        response.extensions().get::<SpanContext>().expect("it is there").clone()
    });

    // The random flag, and not sampled.
    assert_eq!(told, format!("00-{}-{}-02", inside.trace_id(), inside.span_id()));
}

#[test]
fn a_client_whose_trace_is_dropped_sends_its_ids_and_asks_no_closure() {
    let layer =
        ClientLayer::new().request_attributes(|_: &otel_runtime::tower::RequestHead<'_>| {
            ask(vec![KeyValue::new("n", 1)])
        });
    let service = layer.layer(tower::service_fn(|request: Request<Body>| async move {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(current());
        let sent = request.headers().get("traceparent").expect("a header").clone();
        response.headers_mut().insert("sent", sent);
        Ok::<_, std::convert::Infallible>(response)
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut sent = String::new();

    let inside = dropped(|| {
        let request = Request::get("http://shop.example/").body(Body::empty()).expect("a request");
        let response = runtime.block_on(service.oneshot(request)).expect("a response");
        sent = response.headers()["sent"].to_str().expect("text").to_owned();
        response.extensions().get::<SpanContext>().expect("it is there").clone()
    });

    assert_eq!(sent, format!("00-{}-{}-02", inside.trace_id(), inside.span_id()));
}
