//! How does a server give each request a span?

mod body;
mod options;
mod start;

use std::fmt::{self, Display};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use opentelemetry::trace::SpanKind;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

pub use body::TracedBody;
pub use options::ServerLayer;

use super::head::{RequestHead, ResponseHead};
use crate::instrumentation::failure::failure;
use crate::instrumentation::http::status;
use crate::instrumentation::operating::{Ending, Operating};
use crate::instrumentation::operation::Operation;
use options::Options;

impl<S> Layer<S> for ServerLayer {
    type Service = TracedServer<S>;

    fn layer(&self, inner: S) -> TracedServer<S> {
        TracedServer { inner, options: Arc::clone(&self.options) }
    }
}

/// A service whose requests have spans: made by [`ServerLayer`].
#[derive(Clone)]
pub struct TracedServer<S> {
    inner: S,
    options: Arc<Options>,
}

impl<S, B, R> Service<Request<B>> for TracedServer<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Display + 'static,
    R: Body,
{
    type Response = Response<TracedBody<R>>;
    type Error = S::Error;
    type Future = ServerFuture<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let head = RequestHead::new(&request);
        let mut operation = start::operation(&self.options, head);
        let asked = Asked::by(head.method);
        let future = operation.run(|| self.inner.call(request));
        let ending = Answered { options: Arc::clone(&self.options), asked };
        ServerFuture { future: Operating::new(future, operation, ending) }
    }
}

impl<S: fmt::Debug> fmt::Debug for TracedServer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedServer").field("inner", &self.inner).finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of a [`TracedServer`]'s response.
    pub struct ServerFuture<F> {
        #[pin]
        future: Operating<F, Answered>,
    }
}

impl<F, R, E> Future for ServerFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
    E: Display + 'static,
{
    type Output = Result<Response<TracedBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(task)
    }
}

impl<F> fmt::Debug for ServerFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerFuture").finish_non_exhaustive()
    }
}

/// The methods for which a response ends in another way than with its body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Head,
    Connect,
    Other,
}

impl Asked {
    fn by(method: &Method) -> Asked {
        match *method {
            Method::HEAD => Asked::Head,
            Method::CONNECT => Asked::Connect,
            _ => Asked::Other,
        }
    }

    /// Whether a response with this status sends no body, even if it holds one, as for `HEAD`.
    fn is_bodiless(self, status: StatusCode) -> bool {
        let upgrades = self == Asked::Connect && status.is_success();
        self == Asked::Head
            || upgrades
            || status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
    }
}

/// What becomes of a request's span once there is a response.
struct Answered {
    options: Arc<Options>,
    asked: Asked,
}

impl<R: Body, E: Display + 'static> Ending<Result<Response<R>, E>> for Answered {
    type Output = Result<Response<TracedBody<R>>, E>;

    fn end(
        &mut self,
        mut operation: Operation,
        output: Result<Response<R>, E>,
    ) -> Result<Response<TracedBody<R>>, E> {
        match output {
            Ok(mut response) => {
                if operation.is_open() {
                    self.answer(&mut operation, &mut response);
                }
                Ok(TracedBody::of(response, operation, self.options.body_sizes))
            }
            Err(error) => {
                operation.end_failed(failure(&error));
                Err(error)
            }
        }
    }
}

impl Answered {
    fn answer<R: Body>(&self, operation: &mut Operation, response: &mut Response<R>) {
        if operation.is_recording() {
            status::set(operation, response.status(), &SpanKind::Server);
            self.options.record_response(operation, ResponseHead::new(response));
        }
        self.options.tell_trace(operation, response.headers_mut());
        if self.asked.is_bodiless(response.status()) || response.body().is_end_stream() {
            operation.end();
        } else if self.options.ends_at_head(operation, ResponseHead::new(response)) {
            operation.end_and_stay();
        }
    }
}
