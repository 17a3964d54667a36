//! How does a client give each request a span?

use std::fmt::{self, Display};
use std::future::Future;
use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{HOST, HeaderName};
use http::{HeaderMap, Request, Response, Uri};
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::by_request::{OfRequest, is_traced};
use super::head::{RequestHead, ResponseHead};
use crate::call::start::Start;
use crate::context::Outbound;
use crate::context::outbound::Target;
use crate::instrumentation::failure::{as_error, failure};
use crate::instrumentation::http::captured::Captured;
use crate::instrumentation::http::host::Server;
use crate::instrumentation::http::unanswered::with_kind;
use crate::instrumentation::http::{method, protocol_version, status, url};
use crate::instrumentation::operating::{Ending, Operating};
use crate::instrumentation::operation::{Operation, asked};
use crate::span::callsite::Callsite;

static CLIENT: Callsite = Callsite::of_layer(
    || "otel_runtime::tower::client",
    Location::caller(),
    "otel_runtime::tower",
    SpanKind::Client,
)
.name("HTTP");

type OfResponse<T> = Arc<dyn Fn(&ResponseHead<'_>) -> T + Send + Sync>;

/// Gives each request of a client a span, whose context its headers carry: see [the module](crate::tower).
///
/// Inside a layer that retries, each attempt has a span of its own; around it, there is one for all
/// attempts.
///
/// ```
/// use otel_runtime::tower::ClientLayer;
///
/// let layer = ClientLayer::new().template(|request| {
///     request.path().starts_with("/stock/").then(|| "/stock/{item}".to_owned())
/// });
/// # let _ = layer;
/// ```
#[derive(Clone, Default)]
#[must_use = "a layer does nothing until it is around a service"]
pub struct ClientLayer {
    options: Arc<Options>,
}

#[derive(Clone, Default)]
struct Options {
    only: Option<OfRequest<bool>>,
    template: Option<OfRequest<Option<String>>>,
    scheme: bool,
    outbound: Option<Outbound>,
    request_headers: Vec<Captured>,
    response_headers: Vec<Captured>,
    of_request: Option<OfRequest<Vec<KeyValue>>>,
    of_response: Option<OfResponse<Vec<KeyValue>>>,
}

impl ClientLayer {
    /// With all defaults.
    pub fn new() -> ClientLayer {
        ClientLayer::default()
    }

    fn with(mut self, set: impl FnOnce(&mut Options)) -> ClientLayer {
        set(Arc::make_mut(&mut self.options));
        self
    }

    /// Leaves out requests for which `is_traced` is false: neither they nor what they call have a
    /// span, but the caller's trace is still passed on.
    ///
    /// Default: no request is left out.
    pub fn only(
        self,
        is_traced: impl Fn(&RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.only = Some(Arc::new(is_traced)))
    }

    /// Returns the template that the path of a request was made of, such as `/stock/{item}`, for the span's
    /// name and `url.template`. There must be few templates.
    ///
    /// Default: none, so that the name is the method.
    pub fn template(
        self,
        template: impl Fn(&RequestHead<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.template = Some(Arc::new(template)))
    }

    /// Which hosts are sent trace context and baggage. Default: what
    /// [`set_outbound`](crate::context::set_outbound) says.
    pub fn outbound(self, outbound: Outbound) -> Self {
        self.with(|options| options.outbound = Some(outbound))
    }

    /// Adds `url.scheme`, which the conventions leave out by default, since it is part of `url.full`.
    pub fn url_scheme(self) -> Self {
        self.with(|options| options.scheme = true)
    }

    /// Adds `http.request.header.<name>` for these headers: 32 values of 1024 bytes each, at most.
    pub fn request_headers(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let captured = names.into_iter().map(|it| Captured::new("http.request.header", it));
        self.with(|options| options.request_headers = captured.collect())
    }

    /// Adds `http.response.header.<name>` for these headers, with the same limits.
    pub fn response_headers(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        let captured = names.into_iter().map(|it| Captured::new("http.response.header", it));
        self.with(|options| options.response_headers = captured.collect())
    }

    /// Adds attributes that `attributes` takes from a request. A sampler sees them.
    pub fn request_attributes(
        self,
        attributes: impl Fn(&RequestHead<'_>) -> Vec<KeyValue> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.of_request = Some(Arc::new(attributes)))
    }

    /// Adds attributes that `attributes` takes from a response.
    pub fn response_attributes(
        self,
        attributes: impl Fn(&ResponseHead<'_>) -> Vec<KeyValue> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.of_response = Some(Arc::new(attributes)))
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = TracedClient<S>;

    fn layer(&self, inner: S) -> TracedClient<S> {
        TracedClient { inner, options: Arc::clone(&self.options) }
    }
}

/// A client whose requests have spans: made by [`ClientLayer`].
#[derive(Clone)]
pub struct TracedClient<S> {
    inner: S,
    options: Arc<Options>,
}

impl<S, B, R> Service<Request<B>> for TracedClient<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Display + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ClientFuture<S::Future>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut operation = self.options.operation(&RequestHead::new(&request));
        let mut headers = mem::take(request.headers_mut());
        self.options.inject(&operation.context(), request.uri(), &mut headers);
        *request.headers_mut() = headers;
        let future = operation.run(|| self.inner.call(request));
        let ending = Answered { options: Arc::clone(&self.options) };
        ClientFuture { future: Operating::new(future, operation, ending) }
    }
}

impl Options {
    /// The part of `context` that the host of the request may be sent.
    fn inject(&self, context: &opentelemetry::Context, uri: &Uri, headers: &mut HeaderMap) {
        let outbound = self.outbound.as_ref().unwrap_or_else(|| Outbound::of_process());
        let host = if uri.authority().is_none() { headers.get(HOST).cloned() } else { None };
        let server = match (uri.authority(), &host) {
            (Some(authority), _) => Server::parse_authority(authority.as_str()),
            (None, Some(host)) => host.to_str().ok().and_then(Server::parse),
            (None, None) => None,
        };
        let server = server.map(|server| server.or_port_of(uri.scheme_str()));
        let (host, port) = server.map_or(("", None), |server| (server.address, server.port));
        outbound.inject(context, Target { host, port, query: uri.query() }, headers);
    }

    fn operation(&self, head: &RequestHead<'_>) -> Operation {
        if CLIENT.is_off() {
            return Operation::default();
        }
        if !is_traced(self.only.as_ref(), &CLIENT, head) {
            return Operation::left_out(&crate::context::current::current());
        }
        Operation::start(&CLIENT, |start| self.describe(start, head))
    }

    /// By the [conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span).
    fn describe(&self, start: &mut Start, head: &RequestHead<'_>) {
        let known = method::known(&SpanKind::Client, head.method);
        let template = self.template.as_ref();
        let template = template.and_then(|template| asked(&CLIENT, || template(head)).flatten());
        start.name(method::span_name(known, template.as_deref()));
        method::set(start, head.method, known);
        start.value("url.template", &template);
        let scheme = head.uri.scheme_str();
        let server = Server::of_request(head.uri, head.headers);
        if let Some(server) = server {
            server.or_port_of(scheme).set(start);
        }
        // `url.full` needs a host.
        if head.uri.authority().is_some() {
            start.value("url.full", &url::full(&head.uri.to_string()));
        }
        if self.scheme {
            start.value("url.scheme", &scheme);
        }
        for header in &self.request_headers {
            if let Some(values) = header.values(head.headers) {
                start.attribute(KeyValue::new(header.key, values));
            }
        }
        if let Some(attributes) = &self.of_request {
            start.attempt(|start| attributes(head).into_iter().for_each(|it| start.attribute(it)));
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for TracedClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedClient").field("inner", &self.inner).finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of the response to a [`TracedClient`]'s request.
    pub struct ClientFuture<F> {
        #[pin]
        future: Operating<F, Answered>,
    }
}

impl<F, R, E> Future for ClientFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    E: Display + 'static,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(task)
    }
}

impl<F> fmt::Debug for ClientFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientFuture").finish_non_exhaustive()
    }
}

/// What becomes of a request's span once there is a response.
struct Answered {
    options: Arc<Options>,
}

impl<R, E: Display + 'static> Ending<Result<Response<R>, E>> for Answered {
    type Output = Result<Response<R>, E>;

    fn end(
        &mut self,
        mut operation: Operation,
        output: Result<Response<R>, E>,
    ) -> Result<Response<R>, E> {
        match &output {
            Ok(response) => {
                if operation.is_recording() {
                    self.answer(&mut operation, response);
                }
                operation.end();
            }
            Err(error) => operation.end_failed(with_kind(failure(error), as_error(error))),
        }
        output
    }
}

impl Answered {
    fn answer<R>(&self, operation: &mut Operation, response: &Response<R>) {
        status::set(operation, response.status(), &SpanKind::Client);
        if let Some(version) = protocol_version(response.version()) {
            operation.set("network.protocol.version", version);
        }
        for header in &self.options.response_headers {
            if let Some(values) = header.values(response.headers()) {
                operation.set(header.key, values);
            }
        }
        if let Some(attributes) = &self.options.of_response {
            let head = ResponseHead::new(response);
            let attributes = operation.run(|| asked(&CLIENT, || attributes(&head)));
            for KeyValue { key, value, .. } in attributes.unwrap_or_default() {
                operation.set(key, value);
            }
        }
    }
}

impl fmt::Debug for ClientLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientLayer").finish_non_exhaustive()
    }
}
