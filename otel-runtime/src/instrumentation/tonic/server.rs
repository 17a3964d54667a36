//! How does a gRPC server get its spans?

use std::fmt;
use std::net::SocketAddr;
use std::panic::Location;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use http_body::Body;
use opentelemetry::trace::SpanKind;
use tonic::server::NamedService;
use tonic::transport::server::TcpConnectInfo;
use tower_layer::Layer;
use tower_service::Service;

use super::call::{About, Call};
use super::deadline::Deadline;
use super::failure::ServerEnd;
use super::future::{ReplyFuture, TracedBody};
use super::methods::{DescriptorSetError, is_qualified};
use super::options::{Options, captured};
use super::start::describe;
use super::status;
use crate::call::start::Start;
use crate::context::{Incoming, Trust, receive};
use crate::instrumentation::http::host::Server;
use crate::instrumentation::operation::Operation;
use crate::instrumentation::tower::by_request::{Trusted, is_traced};
use crate::instrumentation::tower::proxies::{Origin, canonical, origin};
use crate::instrumentation::tower::{Network, RequestHead};
use crate::span::callsite::Callsite;

static SERVER: Callsite = callsite();
/// Under `skip_pii`: panics are recorded without their text.
static PRIVATE_SERVER: Callsite = callsite().skip_pii(&[], None);

const fn callsite() -> Callsite {
    let path = || "otel_runtime::tonic::server";
    Callsite::of_layer(path, Location::caller(), "otel_runtime::tonic", SpanKind::Server)
        .hangs_elsewhere()
}

/// Gives every call to a gRPC server a span: see [the module](super).
///
/// ```
/// use otel_runtime::context::Trust;
/// use otel_runtime::tonic::ServerLayer;
///
/// let layer = ServerLayer::new()
///     .only(|call| !call.path().starts_with("/grpc.health.v1.Health/"))
///     .methods(["shop.v1.Stock/Count", "shop.v1.Stock/Watch"])
///     .end_at_head(["shop.v1.Stock/Watch"]) // it stays open for days
///     .trust(Trust::Link); // anybody may call
/// # let _ = layer;
/// ```
///
/// A request whose `content-type` is not gRPC goes through as it is, so that another layer may trace it. But
/// tonic serves calls with any `content-type` or none, so such a request is a call, too, if it is for a method
/// that was listed or has replied before, or if it is a `POST` without a `content-type` for a path such as
/// `/shop.v1.Stock/Count`. gRPC-Web goes through, unless `tonic_web::GrpcWebLayer` comes first: add this layer
/// after that one.
///
/// If a closure given to the layer panics, the call goes on: the span lacks what the closure was to return, and
/// [`trust_by`](ServerLayer::trust_by) counts as [`Trust::Link`].
#[derive(Clone)]
#[must_use = "a layer does nothing until it is around a server"]
pub struct ServerLayer {
    options: Arc<Options>,
}

impl Default for ServerLayer {
    fn default() -> Self {
        ServerLayer { options: Arc::new(Options::new(SpanKind::Server)) }
    }
}

impl ServerLayer {
    /// With all defaults.
    pub fn new() -> Self {
        ServerLayer::default()
    }

    fn with(mut self, set: impl FnOnce(&mut Options)) -> Self {
        set(Arc::make_mut(&mut self.options));
        self
    }

    /// Leaves out calls for which `is_traced` is false, as
    /// [`tower::ServerLayer::only`](crate::tower::ServerLayer::only) does.
    ///
    /// Default: no call is left out.
    pub fn only(
        self,
        is_traced: impl Fn(&RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.only = Some(Arc::new(is_traced)))
    }

    /// How much of what a caller says of its trace is believed.
    ///
    /// Default: [`Trust::Trust`], for services that only your own services call. See [`Trust`] for why public
    /// ones want [`Trust::Link`].
    pub fn trust(self, trust: Trust) -> Self {
        self.with(|options| options.trust = Trusted::All(trust))
    }

    /// Like [`trust`](Self::trust), but decided for each call, such as by its path or its metadata.
    pub fn trust_by(
        self,
        trust: impl Fn(&RequestHead<'_>) -> Trust + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.trust = Trusted::Each(Arc::new(trust)))
    }

    /// Lists methods of the server, such as `shop.v1.Stock/Count`, beside those that were listed before. A
    /// call for any other is named `grpc`, its `rpc.method` is `_OTHER`, and what it asked for is
    /// `rpc.method_original`, cut to 256 bytes.
    ///
    /// Default: none is listed. A call is then named after its path, until the reply says that the server does
    /// not implement the method. The names of at most 1024 methods are used that have replied, by `OK` or with a
    /// first message, and of 128 others, whose calls may have been refused before the server looked for the
    /// method. So callers cannot make up more, nor take the room of methods that the server has.
    /// [`Stats::refused`](crate::Stats::refused) counts calls whose names find no room.
    pub fn methods<I>(self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.with(|options| options.methods.list(names.into_iter().map(Into::into)))
    }

    /// Lists all methods of a `google.protobuf.FileDescriptorSet`, such as
    /// `tonic::include_file_descriptor_set!` returns, as [`methods`](Self::methods) does.
    ///
    /// # Errors
    ///
    /// When `set` is not a valid `FileDescriptorSet`.
    pub fn descriptor_set(mut self, set: &[u8]) -> Result<Self, DescriptorSetError> {
        Arc::make_mut(&mut self.options).methods.list_described(set)?;
        Ok(self)
    }

    /// Ends the spans of these methods, such as `shop.v1.Stock/Watch`, when their streams are established: with
    /// the head of the reply, for streams that stay open for hours. The code is then `OK`, whatever becomes of
    /// the stream. What the stream does runs in the span's context all the same.
    ///
    /// Default: a span lasts as long as its stream.
    pub fn end_at_head<I>(self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.with(|options| options.end_at_head(names))
    }

    /// The proxies that are believed. If the peer is one of them, `client.address` is the first address from the
    /// right in `Forwarded` or `X-Forwarded-For` that is not one of them, and `server.address` is the host that
    /// these headers name.
    ///
    /// Default: none, so that these headers are ignored.
    pub fn trusted_proxies(self, proxies: impl IntoIterator<Item = Network>) -> Self {
        self.with(|options| options.proxies = proxies.into_iter().collect())
    }

    /// Leaves out personal data: `client.address`, `network.peer.address`, chosen metadata with
    /// [a personal name](crate::traced), and the text of panics.
    ///
    /// Default: they are recorded.
    pub fn skip_pii(self) -> Self {
        self.with(|options| options.skips_pii = true)
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

impl<S> Layer<S> for ServerLayer {
    type Service = TracedServer<S>;

    fn layer(&self, inner: S) -> TracedServer<S> {
        TracedServer { inner, options: Arc::clone(&self.options) }
    }
}

/// A gRPC server whose calls have spans: made by [`ServerLayer`].
#[derive(Clone)]
pub struct TracedServer<S> {
    inner: S,
    options: Arc<Options>,
}

/// Lets the layer be around a single service of a server.
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
        let mut call = if is_call(&self.options, &request) {
            begin(&self.options, &request)
        } else {
            Call::untraced()
        };
        // Call the instance that `poll_ready` found ready, not its clone.
        let future = call.run(|| self.inner.call(request));
        ReplyFuture::new(future, call)
    }
}

fn begin<B>(options: &Arc<Options>, request: &Request<B>) -> Call {
    let callsite = if options.skips_pii { &PRIVATE_SERVER } else { &SERVER };
    if callsite.is_off() {
        return Call::untraced();
    }
    let head = RequestHead::new(request);
    let trust = options.trust.of(callsite, &head);
    let Incoming { parent, link, .. } = receive(head.headers(), trust);
    let mut method = None;
    let operation = if is_traced(options.only.as_ref(), callsite, &head) {
        Operation::start(callsite, |start| {
            start.under(parent);
            if start.is_wanted() {
                if let Some(link) = link {
                    start.link(link);
                }
                method = Some(describe(start, options, head.path(), head.headers()));
                addresses(start, options, &head);
            }
        })
    } else {
        Operation::left_out(&parent)
    };
    let deadline = Deadline::of(head.headers());
    Call::new(operation, About { options: options.clone(), method, deadline })
}

fn addresses(start: &mut Start, options: &Options, head: &RequestHead<'_>) {
    let connection = head.extensions().get::<TcpConnectInfo>();
    // Inside a router of axum, the peer is in what axum's server adds.
    let peer = connection.and_then(TcpConnectInfo::remote_addr).or_else(|| head.connected());
    let peer = peer.map(canonical);
    let Origin { address, host, .. } =
        origin(peer.as_ref().map(SocketAddr::ip), &options.proxies, head.headers());
    let server = match host {
        Some(host) => Server::parse(host),
        None => Server::of_request(head.uri(), head.headers()),
    };
    if let Some(server) = server {
        server.set(start);
    }
    if options.skips_pii {
        return;
    }
    if let Some(address) = address {
        start.display("client.address", &address);
    }
    if let Some(peer) = peer {
        start.display("network.peer.address", &peer.ip());
        start.value("network.peer.port", &peer.port());
    }
}

/// Whether the request is one of gRPC. tonic serves any that it has a method for, whatever its `content-type`, so
/// one without that of gRPC counts too if its method is known.
fn is_call<B>(options: &Options, request: &Request<B>) -> bool {
    let path = request.uri().path();
    match status::is_grpc(request.headers()) {
        Some(true) => true,
        Some(false) => !is_web(request.headers()) && options.methods.has(path),
        None => {
            let looks_so = request.method() == Method::POST && is_qualified(path);
            looks_so || options.methods.has(path)
        }
    }
}

/// gRPC-Web has its trailers in the body, where the layer does not see them.
fn is_web(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let begins = content_type.and_then(|it| it.get(..WEB.len()));
    begins.is_some_and(|it| it.eq_ignore_ascii_case(WEB))
}

const WEB: &[u8] = b"application/grpc-web";

impl fmt::Debug for ServerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerLayer").finish_non_exhaustive()
    }
}

impl<S: fmt::Debug> fmt::Debug for TracedServer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedServer").field("inner", &self.inner).finish_non_exhaustive()
    }
}
