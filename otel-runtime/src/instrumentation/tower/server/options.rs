//! What may a program choose about its servers' spans?

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanContext;

use crate::context::Trust;
use crate::instrumentation::http::captured::Captured;
use crate::instrumentation::operation::{Operation, asked};
use crate::instrumentation::tower::by_request::{OfRequest, Trusted};
use crate::instrumentation::tower::head::{RequestHead, ResponseHead};
use crate::instrumentation::tower::network::Network;
use crate::privacy::names::is_pii;

type OfResponse<T> = Arc<dyn Fn(&ResponseHead<'_>) -> T + Send + Sync>;

/// Gives each request of a server a span: see [the module](crate::tower).
///
/// ```
/// use otel_runtime::context::Trust;
/// use otel_runtime::tower::ServerLayer;
///
/// let layer = ServerLayer::new()
///     .only(|request| request.path() != "/healthz")
///     .trust(Trust::Link) // anybody may send requests
///     .trusted_proxies(["10.0.0.0/8".parse()?])
///     .server_timing();
/// # let _ = layer;
/// # Ok::<(), otel_runtime::tower::NetworkError>(())
/// ```
///
/// If a closure given to the layer panics, the request goes on: the span lacks what the closure was to return,
/// and [`trust_by`](ServerLayer::trust_by) counts as [`Trust::Link`].
#[derive(Clone, Default)]
#[must_use = "a layer does nothing until it is around a service"]
pub struct ServerLayer {
    pub(super) options: Arc<Options>,
}

#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub(super) struct Options {
    pub(super) only: Option<OfRequest<bool>>,
    pub(super) route: Option<OfRequest<Option<String>>>,
    pub(super) trust: Trusted,
    pub(super) peer: Option<OfRequest<Option<SocketAddr>>>,
    pub(super) proxies: Vec<Network>,
    pub(super) is_https: bool,
    pub(super) skips_pii: bool,
    pub(super) client_port: bool,
    pub(super) transport: bool,
    pub(super) body_sizes: bool,
    pub(super) request_headers: Vec<Captured>,
    response_headers: Vec<Captured>,
    pub(super) of_request: Option<OfRequest<Vec<KeyValue>>>,
    of_response: Option<OfResponse<Vec<KeyValue>>>,
    ends_at_head: Option<OfResponse<bool>>,
    trace_response: bool,
    server_timing: bool,
}

impl ServerLayer {
    /// With all defaults.
    pub fn new() -> ServerLayer {
        ServerLayer::default()
    }

    fn with(mut self, set: impl FnOnce(&mut Options)) -> ServerLayer {
        set(Arc::make_mut(&mut self.options));
        self
    }

    /// Leaves out requests for which `is_traced` is false: neither they nor what they call have a span, not on
    /// other threads and not by other OpenTelemetry libraries. OpenTelemetry calls that *suppressed*, and sends
    /// none of their log records either. The caller's context is still passed on.
    ///
    /// Default: no request is left out.
    pub fn only(
        self,
        is_traced: impl Fn(&RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.only = Some(Arc::new(is_traced)))
    }

    /// Returns the route of a request, such as `/orders/{id}`, for `http.route` and the span's name. There must be
    /// few routes, so do not return the path, such as `/orders/7`. `None` leaves it to the router.
    ///
    /// Default: axum's `MatchedPath`, with the feature `axum`.
    pub fn route(
        self,
        route: impl Fn(&RequestHead<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.route = Some(Arc::new(route)))
    }

    /// How much of what a caller says of its trace is believed.
    ///
    /// Default: [`Trust::Trust`], for services that only your own services call. See [`Trust`] for why public
    /// ones want [`Trust::Link`].
    pub fn trust(self, trust: Trust) -> Self {
        self.with(|options| options.trust = Trusted::All(trust))
    }

    /// Like [`trust`](Self::trust), but decided for each request, such as by its route, its peer or an API key.
    ///
    /// ```
    /// use otel_runtime::context::Trust;
    /// use otel_runtime::tower::ServerLayer;
    ///
    /// let layer = ServerLayer::new().trust_by(|request| match request.route() {
    ///     Some(route) if route.starts_with("/internal/") => Trust::Trust,
    ///     _ => Trust::Link,
    /// });
    /// # let _ = layer;
    /// ```
    pub fn trust_by(
        self,
        trust: impl Fn(&RequestHead<'_>) -> Trust + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.trust = Trusted::Each(Arc::new(trust)))
    }

    /// Returns the address of the peer: the client, or a proxy.
    ///
    /// Default: axum's `ConnectInfo<SocketAddr>` (feature `axum`, where the server is made by
    /// `into_make_service_with_connect_info`), or else a `SocketAddr` among the request's extensions.
    pub fn peer(
        self,
        peer: impl Fn(&RequestHead<'_>) -> Option<SocketAddr> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.peer = Some(Arc::new(peer)))
    }

    /// The proxies that are believed. If the peer is one of them, `client.address`, `url.scheme` and
    /// `server.address` come from `Forwarded`, or from `X-Forwarded-For`, `-Proto` and `-Host`: the client is the
    /// first address from the right that is not one of them. If both headers are present and disagree, both are
    /// ignored, since a proxy that sets one of them passes on what a client wrote into the other. A proxy that sets
    /// neither, but `X-Forwarded-Proto` or `-Host`, is believed as well; the client is then the proxy.
    ///
    /// Default: none, so that these headers are ignored.
    pub fn trusted_proxies(self, proxies: impl IntoIterator<Item = Network>) -> Self {
        self.with(|options| options.proxies = proxies.into_iter().collect())
    }

    /// The server is reached by TLS, so that `url.scheme` is `https` where a request does not say.
    ///
    /// Default: `http`.
    pub fn https(self) -> Self {
        self.with(|options| options.is_https = true)
    }

    /// Leaves out personal data: `client.address`, `network.peer.address`, `url.query`,
    /// `user_agent.original`, chosen headers with [a personal name](crate::traced), and the text of errors
    /// and panics.
    ///
    /// Default: they are recorded, `url.query` without the values of parameters that sign a URL.
    pub fn skip_pii(self) -> Self {
        self.with(|options| options.skips_pii = true)
    }

    /// Adds `client.port`, which the conventions leave out by default. A client behind a proxy has none.
    pub fn client_port(self) -> Self {
        self.with(|options| options.client_port = true)
    }

    /// Adds `network.transport`: `tcp`, or `quic` for HTTP/3.
    pub fn network_transport(self) -> Self {
        self.with(|options| options.transport = true)
    }

    /// Adds `http.request.body.size`, where the request declares it, and `http.response.body.size`, the
    /// number of bytes that were handed over.
    pub fn body_sizes(self) -> Self {
        self.with(|options| options.body_sizes = true)
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

    /// Adds attributes that `attributes` takes from a response, such as from extensions that a handler has
    /// added.
    pub fn response_attributes(
        self,
        attributes: impl Fn(&ResponseHead<'_>) -> Vec<KeyValue> + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.of_response = Some(Arc::new(attributes)))
    }

    /// Ends the span at the head of responses for which `ends` is true, as for a stream of events that
    /// stays open for hours. What the body does runs in the span's context all the same. An upgrade, as of a
    /// WebSocket, ends it there in any case.
    ///
    /// ```
    /// use otel_runtime::tower::ServerLayer;
    ///
    /// let layer = ServerLayer::new().end_at_head(|response| {
    ///     let content = response.headers().get("content-type");
    ///     content.is_some_and(|content| content.as_bytes().starts_with(b"text/event-stream"))
    /// });
    /// # let _ = layer;
    /// ```
    ///
    /// Default: the span ends with the body.
    pub fn end_at_head(
        self,
        ends: impl Fn(&ResponseHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.ends_at_head = Some(Arc::new(ends)))
    }

    /// Sends the span's ids to the caller, in the header [`traceresponse`](https://w3c.github.io/trace-context/#trace-context-http-response-headers-format)
    /// of the W3C's draft: `00-<trace id>-<span id>-<flags>`.
    pub fn trace_response(self) -> Self {
        self.with(|options| options.trace_response = true)
    }

    /// Sends the span's ids to browsers, in a header that their scripts can read:
    /// `Server-Timing: traceparent;desc="00-<trace id>-<span id>-<flags>"`.
    pub fn server_timing(self) -> Self {
        self.with(|options| options.server_timing = true)
    }
}

impl Options {
    /// Whether a chosen header may be recorded.
    pub(super) fn may_record(&self, header: &Captured) -> bool {
        !self.skips_pii || !is_pii(&[header.name.as_str()], None)
    }

    /// Records what the program chose of a response, beside its status.
    pub(super) fn record_response(&self, operation: &mut Operation, response: ResponseHead<'_>) {
        for header in self.response_headers.iter().filter(|header| self.may_record(header)) {
            if let Some(values) = header.values(response.headers()) {
                operation.set(header.key, values);
            }
        }
        if let Some(attributes) = &self.of_response {
            let attributes = operation.run(|| asked(self.callsite(), || attributes(&response)));
            for KeyValue { key, value, .. } in attributes.unwrap_or_default() {
                operation.set(key, value);
            }
        }
    }

    pub(super) fn ends_at_head(
        &self,
        operation: &mut Operation,
        response: ResponseHead<'_>,
    ) -> bool {
        let Some(ends) = &self.ends_at_head else { return false };
        operation.run(|| asked(self.callsite(), || ends(&response))).unwrap_or(false)
    }

    /// Adds the headers that name the span to a response.
    pub(super) fn tell_trace(&self, operation: &Operation, headers: &mut HeaderMap) {
        if !self.trace_response && !self.server_timing {
            return;
        }
        let Some(span) = operation.span_context() else { return };
        let span = traceparent(&span);
        if self.trace_response
            && let Ok(value) = HeaderValue::try_from(span.as_str())
        {
            // `try_insert` returns an error if the map is full, where `insert` would panic.
            let _ = headers.try_insert(HeaderName::from_static("traceresponse"), value);
        }
        if self.server_timing
            && let Ok(value) = HeaderValue::try_from(format!("traceparent;desc=\"{span}\""))
        {
            // Appended, so that entries of others stay.
            let _ = headers.try_append(HeaderName::from_static("server-timing"), value);
        }
    }
}

fn traceparent(span: &SpanContext) -> String {
    let flags = span.trace_flags().to_u8();
    format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id())
}

impl fmt::Debug for ServerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerLayer").finish_non_exhaustive()
    }
}
