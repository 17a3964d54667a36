//! What becomes of a caller's context where the layer makes no span?
//!
//! It is passed on, to whatever the handler starts in whatever way.

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use otel_runtime::context::{JoinSetExt, carry, carry_future, inject};
use otel_runtime::tower::{ClientLayer, ServerLayer};
use otel_runtime::traced;

use crate::{ask, attribute, get_order, request, spans, spans_below, work};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// What a request of this handler's would carry.
fn sends() -> String {
    let mut headers = BTreeMap::new();
    inject(&mut headers);
    headers.remove("traceparent").unwrap_or_default()
}

/// The same, and from everything that it starts.
#[traced(level = trace)]
async fn everywhere() -> String {
    let blocking = tokio::task::spawn_blocking(sends);
    let task = tokio::spawn(async { sends() });
    let thread = std::thread::spawn(sends);
    let own = tokio::spawn(carry_future(async { sends() }));
    let own_thread = std::thread::spawn(carry(sends));
    let mut set = tokio::task::JoinSet::new();
    set.spawn_carried(async { sends() });
    let joined = set.join_next().await.expect("a task").expect("no panic");
    let all = [
        sends(),
        blocking.await.expect("no panic"),
        task.await.expect("no panic"),
        thread.join().expect("no panic"),
        own.await.expect("no panic"),
        own_thread.join().expect("no panic"),
        joined,
    ];
    all.join(" ")
}

fn router(layer: ServerLayer) -> Router {
    Router::new().route("/orders/{id}", get(everywhere)).layer(layer)
}

#[test]
fn below_the_filter_the_callers_context_goes_wherever_the_handler_goes() {
    let mut asked = get_order();
    asked.headers_mut().insert("traceparent", TRACEPARENT.parse().expect("a value"));

    let (response, spans) =
        spans_below("otel_runtime::tower::server=off", ask(router(ServerLayer::new()), asked));

    assert!(spans.named("GET /orders/{id}").next().is_none());
    let sent = String::from_utf8(response.into_body()).expect("text");
    assert_eq!(sent.split(' ').collect::<Vec<_>>(), [TRACEPARENT; 7]);
}

#[test]
fn below_the_filter_a_handlers_span_continues_the_caller() {
    let (caller, spans) = spans_below("otel_runtime::tower=off", async {
        let caller = sends();
        let mut asked = get_order();
        asked.headers_mut().insert("traceparent", caller.parse().expect("a value"));
        ask(crate::shop(ServerLayer::new()), asked).await;
        caller
    });

    spans.clone().only_names().assert_tree(
        "
        handler
          work
        ",
    );
    let span = spans.one("handler").data();
    assert_eq!(span.span_context.trace_id().to_string(), caller[3..35]);
    assert_eq!(span.parent_span_id.to_string(), caller[36..52]);
}

#[traced]
async fn health() -> String {
    work();
    sends()
}

/// A route that the layer leaves out, whose handler also calls somebody, by a client's layer.
fn with_health() -> Router {
    let client = tower::service_fn(|request: axum::extract::Request| async move {
        let sent = request.headers().get("traceparent").cloned();
        let mut response = axum::http::Response::new(axum::body::Body::empty());
        if let Some(sent) = sent {
            response.headers_mut().insert("sent", sent);
        }
        Ok::<_, std::convert::Infallible>(response)
    });
    let client = tower::Layer::layer(&ClientLayer::new(), client);
    let handler = move || async move {
        let local = health().await;
        let response = tower::ServiceExt::oneshot(client, request("GET", "http://db.example/"));
        let response = response.await.expect("it never fails");
        let sent = response.headers().get("sent").and_then(|sent| sent.to_str().ok());
        format!("{local} {}", sent.unwrap_or_default())
    };
    Router::new()
        .route("/healthz", get(handler))
        .layer(ServerLayer::new().only(|request| request.path() != "/healthz"))
}

#[test]
fn a_request_that_is_left_out_leaves_out_what_it_calls() {
    let (response, spans) = spans(ask(with_health(), request("GET", "/healthz")));

    assert!(spans.is_empty(), "{spans}");
    assert_eq!(response.into_body(), b" ", "nothing says that it is sampled");
}

#[test]
fn a_request_that_is_left_out_passes_on_its_callers_trace() {
    let mut asked = request("GET", "/healthz");
    asked.headers_mut().insert("traceparent", TRACEPARENT.parse().expect("a value"));
    let (response, spans) = spans(ask(with_health(), asked));

    assert!(spans.is_empty(), "{spans}");
    let expected = format!("{TRACEPARENT} {TRACEPARENT}");
    assert_eq!(String::from_utf8(response.into_body()).expect("text"), expected);
}

#[test]
fn a_request_beside_one_that_is_left_out_has_its_span() {
    let (_, spans) = spans(ask(with_health(), request("GET", "/nowhere")));

    assert_eq!(attribute(spans.one("GET"), "url.path"), "/nowhere");
    assert!(!Context::current().has_active_span());
}
