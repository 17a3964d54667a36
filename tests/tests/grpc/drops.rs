//! Where does that run which is dropped at the end of a call?

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll};

use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::{Body as _, Frame};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use otel_runtime::context::{carry_future_in, inject};
use otel_runtime::tonic::ServerLayer;
use otel_runtime::traced;
use otel_tests::capture::{Spans, install, remote_parent};
use tonic::body::Body;
use tower::{Layer, ServiceExt, service_fn};

#[traced]
fn put_back() {}

struct PutsBack;

impl Drop for PutsBack {
    fn drop(&mut self) {
        put_back();
    }
}

/// Replies when it is polled, and still holds something then.
struct Replies(Option<Response<Body>>, #[allow(dead_code, reason = "it is dropped")] PutsBack);

impl Future for Replies {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(self.0.take().expect("it is polled once")))
    }
}

/// A stream of no messages, which still holds something behind its trailers.
struct Trailers(bool, #[allow(dead_code, reason = "it is dropped")] PutsBack);

impl http_body::Body for Trailers {
    type Data = tonic::codegen::Bytes;
    type Error = tonic::Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<tonic::codegen::Bytes>, tonic::Status>>> {
        let trailers =
            HeaderMap::from_iter([(tonic::Status::GRPC_STATUS, HeaderValue::from_static("0"))]);
        let is_first = !std::mem::replace(&mut self.0, true);
        Poll::Ready(is_first.then(|| Ok(Frame::trailers(trailers))))
    }
}

#[test]
fn what_a_method_and_its_stream_still_hold_at_the_end_is_dropped_inside_the_call() {
    install("otel-tests-native");
    let parent = remote_parent();
    let method = |_: Request<Body>| {
        let reply = Response::new(Body::new(Trailers(false, PutsBack)));
        Replies(Some(reply), PutsBack)
    };
    let service = ServerLayer::new().layer(service_fn(method));
    let request = Request::post("/shop.v1.Stock/Count").header("content-type", "application/grpc");
    let mut request = request.body(Body::empty()).expect("a request");
    let context = Context::new().with_remote_span_context(parent.clone());
    let call = async {
        inject(&mut request);
        let Ok(response) = service.oneshot(request).await;
        let mut body = Box::new(response.into_body());
        let mut body_of = pin!(&mut *body);
        let trailers = poll_fn(|task| body_of.as_mut().poll_frame(task)).await;
        assert!(trailers.expect("a frame").expect("no error").is_trailers());
        body
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let body = runtime.block_on(carry_future_in(context, call));
    drop(body);

    let spans = Spans::of(parent);
    let call = spans.one("shop.v1.Stock/Count").span_context.span_id();
    let put_back: Vec<_> = spans.all.iter().filter(|span| span.name == "put_back").collect();
    assert_eq!(put_back.len(), 2, "{:?}", spans.names());
    assert!(put_back.iter().all(|span| span.parent_span_id == call), "{:?}", spans.all);
}
