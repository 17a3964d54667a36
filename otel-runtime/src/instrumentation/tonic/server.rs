//! How does a gRPC server get its spans?

use std::panic::Location;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use http::{HeaderValue, Request, Response, header};
use http_body::Body;
use opentelemetry::trace::SpanKind;
use tonic::server::NamedService;
use tonic::transport::server::TcpConnectInfo;
use tower_layer::Layer;
use tower_service::Service;

use super::address::Address;
use super::call::{About, Call};
use super::deadline::Deadline;
use super::failure::ServerEnd;
use super::future::{ReplyFuture, TracedBody};
use super::methods::DescriptorSetError;
use super::settings::Settings;
use super::start::describe;
use crate::call::start::Start;
use crate::context::{Incoming, Trust, receive};
use crate::instrumentation::operation::Operation;
use crate::span::callsite::Callsite;

static SERVER: Callsite = Callsite::of_layer(
    || "otel_runtime::tonic::server",
    Location::caller(),
    "otel_runtime::tonic",
    SpanKind::Server,
)
.hangs_elsewhere();

/// Gives every call to a gRPC server a span.
///
/// ```
/// # async fn serve<S>(service: S, address: std::net::SocketAddr) -> Result<(), tonic::transport::Error>
/// # where
/// #     S: tower_service::Service<http::Request<tonic::body::Body>, Response = http::Response<tonic::body::Body>,
/// #         Error = std::convert::Infallible> + tonic::server::NamedService + Clone + Send + Sync + 'static,
/// #     S::Future: Send + 'static,
/// # {
/// tonic::transport::Server::builder()
///     .layer(otel_runtime::tonic::ServerLayer::new())
///     .add_service(service)
///     .serve(address)
///     .await
/// # }
/// ```
///
/// What is no gRPC (by its `content-type`) goes through as it is, so that a server may have other layers
/// for it. In front of `tonic_web::GrpcWebLayer` that is gRPC-Web, too: put this layer behind it.
///
/// See [the module](super) for what a span says, and when it ends.
#[derive(Clone, Debug)]
pub struct ServerLayer {
    settings: Arc<Settings>,
    trust: Trust,
}

impl Default for ServerLayer {
    fn default() -> Self {
        ServerLayer { settings: Arc::new(Settings::new(SpanKind::Server)), trust: Trust::default() }
    }
}

impl ServerLayer {
    /// A layer that continues its callers' traces.
    #[must_use]
    pub fn new() -> Self {
        ServerLayer::default()
    }

    /// How much of what a caller says of its trace is believed.
    ///
    /// Default: [`Trust::Trust`], for services that are called by one's own. See [`Trust`] for why public
    /// ones want [`Trust::Link`].
    #[must_use]
    pub fn trust(self, trust: Trust) -> Self {
        ServerLayer { trust, ..self }
    }

    /// The methods of the server, such as `shop.v1.Stock/Count`; those that were listed before stay. A call
    /// for any other is then named `grpc`, its `rpc.method` is `_OTHER`, and what it asked for is
    /// `rpc.method_original`.
    ///
    /// Default: none is listed, and a call is named for its path unless the server says that it does not
    /// implement that: then it loses its name. 1024 names at most are kept so, whoever makes them up.
    #[must_use]
    pub fn methods<I>(mut self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Arc::make_mut(&mut self.settings).methods.list(names.into_iter().map(Into::into));
        self
    }

    /// All methods of a `google.protobuf.FileDescriptorSet`, as [`methods`](ServerLayer::methods): what
    /// `tonic::include_file_descriptor_set!` has, for one.
    ///
    /// # Errors
    ///
    /// When `set` is no `FileDescriptorSet`.
    pub fn descriptor_set(mut self, set: &[u8]) -> Result<Self, DescriptorSetError> {
        Arc::make_mut(&mut self.settings).methods.list_described(set)?;
        Ok(self)
    }

    /// The spans of these methods, such as `shop.v1.Stock/Watch`, end when their streams are established: with
    /// the head of the reply, and so without a status code. For streams that stay open for hours. What the
    /// stream does runs in the span's context all the same. Default: a span lasts as long as its stream.
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

impl<S> Layer<S> for ServerLayer {
    type Service = TracedServer<S>;

    fn layer(&self, inner: S) -> TracedServer<S> {
        TracedServer { inner, layer: self.clone() }
    }
}

/// A gRPC server whose calls have spans: what [`ServerLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct TracedServer<S> {
    inner: S,
    layer: ServerLayer,
}

/// So that a single service of a server can have the layer.
impl<S: NamedService> NamedService for TracedServer<S> {
    const NAME: &'static str = S::NAME;
}

impl<S, B, R> Service<Request<B>> for TracedServer<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: 'static,
    R: Body,
    R::Error: 'static,
{
    type Response = Response<TracedBody<R, ServerEnd>>;
    type Error = S::Error;
    type Future = ReplyFuture<S::Future, ServerEnd>;

    fn poll_ready(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let mut call = if is_grpc(&request) { self.layer.begin(&request) } else { Call::over() };
        // The very instance that is ready.
        let future = call.run(|| self.inner.call(request));
        ReplyFuture::new(future, call)
    }
}

impl ServerLayer {
    fn begin<B>(&self, request: &Request<B>) -> Call {
        let mut method = None;
        let operation = Operation::start(&SERVER, |start| {
            let Incoming { parent, link, .. } = receive(request.headers(), self.trust);
            start.parent(&parent);
            if start.is_wanted() {
                if let Some(link) = link {
                    start.link(link);
                }
                let path = request.uri().path();
                method = Some(describe(start, &self.settings, path, request.headers()));
                addresses(start, request);
            }
        });
        let deadline = Deadline::of(request.headers());
        Call::new(operation, About { settings: self.settings.clone(), method, deadline })
    }
}

fn addresses<B>(start: &mut Start, request: &Request<B>) {
    if let Some(server) = Address::of_server(request.uri(), request.headers()) {
        server.describe(start);
    }
    let connection = request.extensions().get::<TcpConnectInfo>();
    if let Some(client) = connection.and_then(TcpConnectInfo::remote_addr) {
        start.display("client.address", &client.ip());
        start.value("client.port", &client.port());
    }
}

/// gRPC-Web has its trailers where nobody sees them, in the body.
fn is_grpc<B>(request: &Request<B>) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let rest = content_type.and_then(|it| it.strip_prefix(b"application/grpc"));
    matches!(rest, Some([] | [b'+' | b';' | b' ', ..]))
}
