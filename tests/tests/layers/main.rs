//! Which spans do requests have that go through the layers?

mod answers;
mod below;
mod client;
mod ends;
mod hostile;
mod options;
mod panics;
mod readiness;
mod routers;
mod server;
mod trust;

use std::sync::{PoisonError, RwLock};

use axum::body::Body;
use axum::http::{Request, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use opentelemetry::Value;
use otel_runtime::filter::{self, Filter};
use otel_runtime::testing::{Span, Spans, capture_async};
use otel_runtime::tower::ServerLayer;
use otel_runtime::traced;
use tower::ServiceExt;

/// Held for writing by a test that sets the filter of the process.
static FILTER: RwLock<()> = RwLock::new(());

/// What `work` returns and the spans that it makes, in whatever trace.
fn spans<T>(work: impl Future<Output = T>) -> (T, Spans) {
    let _filter = FILTER.read().unwrap_or_else(PoisonError::into_inner);
    captured(work)
}

/// The same under a filter of its own.
fn spans_below<T>(directives: &str, work: impl Future<Output = T>) -> (T, Spans) {
    let _filter = FILTER.write().unwrap_or_else(PoisonError::into_inner);
    let before = filter::current();
    filter::set(directives.parse::<Filter>().expect("directives"));
    let captured = captured(work);
    filter::set(before);
    captured
}

fn captured<T>(work: impl Future<Output = T>) -> (T, Spans) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (result, spans) = runtime.block_on(capture_async(work));
    (result, spans.with_other_traces())
}

#[traced]
fn work() {}

#[traced]
async fn handler() -> &'static str {
    work();
    "here you are"
}

/// A shop, as its reader writes it.
fn shop(layer: ServerLayer) -> Router {
    Router::new().route("/orders/{id}", get(handler)).route("/orders", post(handler)).layer(layer)
}

fn request(method: &str, uri: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri).header("host", "shop.example");
    request.body(Body::empty()).expect("a request")
}

fn get_order() -> Request<Body> {
    request("GET", "/orders/7")
}

/// The response, of which nothing has been read.
async fn head(router: Router, request: Request<Body>) -> Response<Body> {
    router.oneshot(request).await.expect("a router never fails")
}

/// Sends a request and reads the response to its end, as a connection does.
async fn ask(router: Router, request: Request<Body>) -> Response<Vec<u8>> {
    let (parts, body) = head(router, request).await.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Response::from_parts(parts, body)
}

/// An attribute as text; empty without it.
fn attribute(span: Span<'_>, key: &str) -> String {
    span.attribute(key).map(Value::to_string).unwrap_or_default()
}

/// All attributes but those of a place in the code, as `key=value`, in the order of their keys.
fn attributes(span: Span<'_>) -> Vec<String> {
    let mut all: Vec<_> =
        span.data().attributes.iter().map(|it| format!("{}={}", it.key, it.value)).collect();
    all.sort();
    all
}

/// Whoever is connected, as a server would say.
fn from_peer(router: Router, peer: &str) -> Router {
    let peer: std::net::SocketAddr = peer.parse().expect("an address");
    router.layer(Extension(axum::extract::ConnectInfo(peer)))
}
