//! What becomes of the span of a request whose handler or body panics?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Response;
use axum::routing::get;
use http_body::Frame;
use otel_runtime::tower::ServerLayer;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{ask, attribute, get_order, spans};

async fn panics() -> &'static str {
    panic!("out of stock")
}

fn routes() -> Router {
    Router::new().route("/orders/{id}", get(panics))
}

#[test]
fn a_panic_ends_the_span_once_as_an_error_and_goes_on() {
    let inside = routes().layer(CatchPanicLayer::new()).layer(ServerLayer::new());
    let outside = routes().layer(ServerLayer::new()).layer(CatchPanicLayer::new());
    for (router, error_type, status) in [(inside, "500", "500"), (outside, "panic", "")] {
        let (response, spans) = spans(ask(router, get_order()));

        assert_eq!(response.status(), 500);
        assert_eq!(spans.len(), 1);
        let span = spans.one("GET /orders/{id}");
        assert!(span.is_error() && attribute(span, "traced.outcome").is_empty());
        assert_eq!(attribute(span, "error.type"), error_type);
        assert_eq!(attribute(span, "http.response.status_code"), status);
    }

    let (panic, spans) = spans(async {
        let router = routes().layer(ServerLayer::new());
        tokio::spawn(otel_runtime::context::carry_future(ask(router, get_order())))
            .await
            .expect_err("a panic")
    });
    let payload = panic.into_panic();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"out of stock"), "the panic goes on");
    let span = spans.one("GET /orders/{id}");
    assert_eq!((spans.len(), span.error()), (1, Some("out of stock")));
    assert!(attribute(span, "traced.outcome").is_empty());
}

/// A body that panics after its first frame.
struct Panics(bool);

impl http_body::Body for Panics {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        assert!(!self.0, "no paper");
        self.0 = true;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"one")))))
    }
}

#[test]
fn a_panic_in_the_body_after_the_head_is_the_spans() {
    let router = Router::new()
        .route("/orders/{id}", get(|| async { Response::new(Body::new(Panics(false))) }))
        .layer(ServerLayer::new());
    let (panicked, spans) = spans(async {
        tokio::spawn(otel_runtime::context::carry_future(ask(router, get_order()))).await
    });

    assert!(panicked.is_err(), "the panic goes on");
    let span = spans.one("GET /orders/{id}");
    assert_eq!(span.error(), Some("no paper"));
    assert_eq!(attribute(span, "error.type"), "panic");
    assert_eq!(attribute(span, "http.response.status_code"), "200");
    assert!(attribute(span, "traced.outcome").is_empty());
}

#[test]
fn a_closure_of_the_layers_that_panics_is_not_the_requests_concern() {
    let layer = ServerLayer::new()
        .only(|_| panic!("only"))
        .route(|_| panic!("route"))
        .trust_by(|_| panic!("trust"))
        .peer(|_| panic!("peer"))
        .request_attributes(|_| panic!("request"))
        .response_attributes(|_| panic!("response"))
        .end_at_head(|_| panic!("end"));
    let router = Router::new().route("/orders/{id}", get(|| async { "fine" })).layer(layer);

    let (response, spans) = spans(ask(router, get_order()));

    assert_eq!(response.into_body(), b"fine");
    let span = spans.one("GET /orders/{id}");
    assert!(!span.is_error() && attribute(span, "traced.outcome").is_empty());
}

#[test]
fn a_panic_in_a_service_that_is_called_is_the_spans_too() {
    let service = tower::service_fn(|_: axum::extract::Request| -> std::future::Ready<Result<Response<Body>, std::convert::Infallible>> {
        panic!("before any future")
    });
    let (panicked, spans) = spans(async {
        let mut service = tower::Layer::layer(&ServerLayer::new(), service);
        catch_unwind(AssertUnwindSafe(|| drop(tower::Service::call(&mut service, get_order()))))
            .is_err()
    });

    assert!(panicked);
    let span = spans.one("GET");
    assert_eq!(span.error(), Some("before any future"));
    assert!(attribute(span, "traced.outcome").is_empty());
}
