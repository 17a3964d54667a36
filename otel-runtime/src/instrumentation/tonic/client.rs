//! How does a gRPC client get its spans?

use std::fmt;
use std::mem;
use std::panic::Location;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use http::{Request, Response, Uri};
use http_body::Body;
use opentelemetry::trace::SpanKind;
use tonic::Status;
use tower_layer::Layer;
use tower_service::Service;

use super::call::{About, Call};
use super::deadline::Deadline;
use super::failure::{BoxError, ClientEnd};
use super::future::{ReplyFuture, TracedBody};
use super::methods::Method;
use super::options::{Options, captured};
use super::start::describe;
use crate::context::Outbound;
use crate::context::current::current;
use crate::context::outbound::Target;
use crate::instrumentation::http::host::Server;
use crate::instrumentation::operation::Operation;
use crate::instrumentation::tower::RequestHead;
use crate::instrumentation::tower::by_request::is_traced;
use crate::span::callsite::Callsite;

static CLIENT: Callsite = Callsite::of_layer(
    || "otel_runtime::tonic::client",
    Location::caller(),
    "otel_runtime::tonic",
    SpanKind::Client,
);

/// Gives every call that a gRPC client makes a span, and sends its context along.
///
/// ```
/// use otel_runtime::tonic::ClientLayer;
/// use tonic::transport::Endpoint;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let endpoint = Endpoint::from_static("http://stock.example:50051");
/// let channel = ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy());
/// // StockClient::new(channel)
/// # let _ = channel;
/// # }
/// ```
///
/// The span is that of the logical call: around a layer that retries, it contains all attempts.
///
/// An error of the channel, such as a refused connection, becomes the [`Status`] that tonic's client would
/// make of it anyway.
///
/// See [the module](super) for what a span says, and when it ends.
#[derive(Clone)]
#[must_use = "a layer does nothing until it is around a channel"]
pub struct ClientLayer {
    options: Arc<Options>,
}

impl ClientLayer {
    /// A layer for the channel to `server`, such as what
    /// [`Endpoint::uri`](https://docs.rs/tonic/latest/tonic/transport/struct.Endpoint.html) returns. Layers see a
    /// request before tonic puts the address into it, so the spans' `server.address` and `server.port` come from
    /// here. If `server` has no host, as with a Unix socket, they come from the request, if it has them.
    pub fn new(server: &Uri) -> Self {
        let layer = ClientLayer { options: Arc::new(Options::new(SpanKind::Client)) };
        layer.with(|options| options.server = server.authority().map(|_| server.clone()))
    }

    /// Puts the layer around a channel, as [`Layer::layer`] does.
    pub fn layer<S>(&self, channel: S) -> TracedClient<S> {
        TracedClient { inner: channel, options: Arc::clone(&self.options) }
    }

    fn with(mut self, set: impl FnOnce(&mut Options)) -> Self {
        set(Arc::make_mut(&mut self.options));
        self
    }

    /// Leaves out calls for which `is_traced` is false: neither they nor what they call have a span, but the
    /// caller's trace is still passed on.
    ///
    /// Default: no call is left out.
    pub fn only(
        self,
        is_traced: impl Fn(&RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.only = Some(Arc::new(is_traced)))
    }

    /// Which hosts are sent trace context and baggage.
    ///
    /// Default: what [`set_outbound`](crate::context::set_outbound) says.
    pub fn outbound(self, outbound: Outbound) -> Self {
        self.with(|options| options.outbound = Some(outbound))
    }

    /// Ends the spans of these methods, such as `shop.v1.Stock/Watch`, when their streams are established: with
    /// the head of the reply, for streams that stay open for hours. The code is then `OK`, whatever becomes of
    /// the stream.
    ///
    /// Default: a span lasts as long as its stream.
    pub fn end_at_head<I>(self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.with(|options| options.end_at_head(names))
    }

    /// Adds `rpc.request.metadata.<key>` for these keys: 32 values of 1024 bytes each, at most. Keys that end in
    /// `-bin`, and keys that are not valid in metadata, are ignored.
    ///
    /// Default: none, since metadata holds credentials.
    pub fn request_metadata<I>(self, keys: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.with(|options| options.request_metadata = captured("rpc.request.metadata", keys))
    }

    /// Adds `rpc.response.metadata.<key>` for these keys in the head of the reply, with the same limits. Trailers
    /// are not recorded.
    pub fn response_metadata<I>(self, keys: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.with(|options| options.response_metadata = captured("rpc.response.metadata", keys))
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = TracedClient<S>;

    fn layer(&self, inner: S) -> TracedClient<S> {
        ClientLayer::layer(self, inner)
    }
}

/// A channel whose calls have spans: made by [`ClientLayer`].
#[derive(Clone)]
pub struct TracedClient<S> {
    inner: S,
    options: Arc<Options>,
}

impl<S, B, R> Service<Request<B>> for TracedClient<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
    R: Body,
    R::Error: Into<BoxError>,
{
    type Response = Response<TracedBody<R, ClientEnd>>;
    type Error = Status;
    type Future = ReplyFuture<S::Future, ClientEnd>;

    fn poll_ready(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<(), Status>> {
        self.inner.poll_ready(task).map_err(|error| Status::from_error(error.into()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut call = begin(&self.options, &mut request);
        // Call the instance that `poll_ready` found ready, not its clone.
        let future = call.run(|| self.inner.call(request));
        ReplyFuture::new(future, call)
    }
}

fn begin<B>(options: &Arc<Options>, request: &mut Request<B>) -> Call {
    let mut method = None;
    let operation = operation(options, request, &mut method);
    let mut headers = mem::take(request.headers_mut());
    let outbound = options.outbound.as_ref().unwrap_or_else(|| Outbound::of_process());
    let (host, port) = server(options, request).map_or(("", None), |to| (to.address, to.port));
    outbound.inject(&operation.context(), Target { host, port, query: None }, &mut headers);
    let deadline = Deadline::of(&headers);
    *request.headers_mut() = headers;
    Call::new(operation, About { options: options.clone(), method, deadline })
}

/// The host and port that the request goes to. On the client, no header says so.
fn server<'a, B>(options: &'a Options, request: &'a Request<B>) -> Option<Server<'a>> {
    let uri = options.server.as_ref().unwrap_or(request.uri());
    let server = Server::parse_authority(uri.authority()?.as_str())?;
    Some(server.or_port_of(uri.scheme_str()))
}

fn operation<B>(options: &Options, request: &Request<B>, method: &mut Option<Method>) -> Operation {
    if CLIENT.is_off() {
        return Operation::default();
    }
    if !is_traced(options.only.as_ref(), &CLIENT, &RequestHead::new(request)) {
        return Operation::left_out(&current());
    }
    Operation::start(&CLIENT, |start| {
        if start.is_wanted() {
            *method = Some(describe(start, options, request.uri().path(), request.headers()));
            if let Some(server) = server(options, request) {
                server.set(start);
            }
        }
    })
}

impl fmt::Debug for ClientLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientLayer").finish_non_exhaustive()
    }
}

impl<S: fmt::Debug> fmt::Debug for TracedClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedClient").field("inner", &self.inner).finish_non_exhaustive()
    }
}
