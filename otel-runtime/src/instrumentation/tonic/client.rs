//! How does a gRPC client get its spans?

use std::panic::Location;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use http::{Request, Response, Uri};
use http_body::Body;
use opentelemetry::trace::SpanKind;
use tonic::Status;
use tower_layer::Layer;
use tower_service::Service;

use super::address::Address;
use super::call::{About, Call};
use super::deadline::Deadline;
use super::failure::{BoxError, ClientEnd};
use super::future::{ReplyFuture, TracedBody};
use super::settings::Settings;
use super::start::describe;
use crate::context::inject_context;
use crate::instrumentation::operation::Operation;
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
/// use tower_layer::Layer;
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
/// The span is that of the logical call: around a layer that tries again, it has all attempts in it.
///
/// An error of the service, such as that of a connection, leaves as the [`Status`] that tonic's client
/// makes of it anyway.
///
/// See [the module](super) for what a span says, and when it ends.
#[derive(Clone, Debug)]
pub struct ClientLayer {
    settings: Arc<Settings>,
    server: Option<Arc<Address>>,
}

impl ClientLayer {
    /// A layer for the channel to `server`, such as [`Endpoint::uri`](tonic::transport::Endpoint::uri): tonic
    /// puts the address into a request only behind all layers, so the spans' `server.address` and
    /// `server.port` come from here. Without a host in it, as with a Unix socket, they are those of the
    /// request, if it has any.
    #[must_use]
    pub fn new(server: &Uri) -> Self {
        ClientLayer {
            settings: Arc::new(Settings::new(SpanKind::Client)),
            server: Address::of_client(server).map(Arc::new),
        }
    }

    /// The spans of these methods, such as `shop.v1.Stock/Watch`, end when their streams are established: with
    /// the head of the reply, and so without a status code. For streams that stay open for hours. Default: a
    /// span lasts as long as its stream.
    #[must_use]
    pub fn end_at_head<I>(mut self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Arc::make_mut(&mut self.settings).end_at_head(names);
        self
    }

    /// Records metadata of the request as `rpc.request.metadata.KEY`, a list of texts, 16 at most. Keys that
    /// end in `-bin`, or that metadata cannot have, are left out. Default: none, since metadata holds
    /// credentials.
    #[must_use]
    pub fn request_metadata<I>(mut self, keys: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Arc::make_mut(&mut self.settings).request_metadata.add(keys);
        self
    }

    /// The same for the reply, as `rpc.response.metadata.KEY`. Metadata in trailers is not recorded.
    #[must_use]
    pub fn response_metadata<I>(mut self, keys: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        Arc::make_mut(&mut self.settings).response_metadata.add(keys);
        self
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = TracedClient<S>;

    fn layer(&self, inner: S) -> TracedClient<S> {
        TracedClient { inner, layer: self.clone() }
    }
}

/// A channel whose calls have spans: what [`ClientLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct TracedClient<S> {
    inner: S,
    layer: ClientLayer,
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
        let mut call = self.layer.begin(&mut request);
        // The very instance that is ready.
        let future = call.run(|| self.inner.call(request));
        ReplyFuture::new(future, call)
    }
}

impl ClientLayer {
    fn begin<B>(&self, request: &mut Request<B>) -> Call {
        let mut method = None;
        let operation = Operation::start(&CLIENT, |start| {
            if start.is_wanted() {
                let path = request.uri().path();
                method = Some(describe(start, &self.settings, path, request.headers()));
                let of_request = || Address::of_client(request.uri());
                if let Some(server) = self.server.as_deref().cloned().or_else(of_request) {
                    server.describe(start);
                }
            }
        });
        inject_context(&operation.context(), request.headers_mut());
        let deadline = Deadline::of(request.headers());
        Call::new(operation, About { settings: self.settings.clone(), method, deadline })
    }
}
