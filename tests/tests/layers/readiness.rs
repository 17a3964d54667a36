//! Is the service that was found ready the one that is called?

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{Request, Response};
use otel_runtime::tower::{ClientLayer, ServerLayer};
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::{Layer, Service, ServiceExt};

use crate::{get_order, spans};

/// Panics when it is called without having been found ready, as tower allows. A clone has not been.
#[derive(Default)]
struct Strict {
    is_ready: bool,
    at_once: Arc<AtomicUsize>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Strict { is_ready: false, at_once: Arc::clone(&self.at_once) }
    }
}

impl Service<Request<Body>> for Strict {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without having been found ready");
        self.at_once.fetch_add(1, Ordering::Relaxed);
        ready(Ok(Response::new(Body::empty())))
    }
}

#[test]
fn the_instance_that_was_found_ready_is_called() {
    let ((), spans) = spans(async {
        let mut server = ServerLayer::new().layer(Strict::default());
        let mut client = ClientLayer::new().layer(Strict::default());
        for _ in 0..2 {
            server.ready().await.expect("ready").call(get_order()).await.expect("a response");
            client.ready().await.expect("ready").call(get_order()).await.expect("a response");
        }
    });

    assert_eq!(spans.named("GET").count(), 4);
}

#[test]
fn two_requests_at_once_keep_to_a_limit() {
    let ((), spans) = spans(async {
        let limited = ServerLayer::new().layer(ConcurrencyLimit::new(Strict::default(), 1));
        let buffered = ServerLayer::new().layer(Buffer::new(Strict::default(), 1));
        let (one, two) =
            tokio::join!(limited.clone().oneshot(get_order()), limited.oneshot(get_order()));
        assert!(one.is_ok() && two.is_ok());
        let (one, two) =
            tokio::join!(buffered.clone().oneshot(get_order()), buffered.oneshot(get_order()));
        assert!(one.is_ok() && two.is_ok());
    });

    assert_eq!(spans.named("GET").count(), 4);
}
