//! Which spans do gRPC calls have, on both ends, as they leave the process?

mod drops;
mod ends;
mod errors;
mod hostile;
mod methods;
mod strangers;
mod streams;
mod unary;
mod warehouse;

use std::net::SocketAddr;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanKind, TraceContextExt};
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::stock_client::StockClient;
use otel_example_stock::stock_server::StockServer;
use otel_runtime::context::carry_future_in;
use otel_runtime::tonic::{ClientLayer, ServerLayer, TracedClient};
use otel_tests::capture::{SpanExt, Spans, install, remote_parent};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tonic::codec::CompressionEncoding;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use warehouse::Warehouse;

/// A client, a server, and all that lies between them.
pub(crate) struct Calls {
    pub(crate) server: ServerLayer,
    pub(crate) client: fn(ClientLayer) -> ClientLayer,
    /// The caller of the client.
    pub(crate) parent: SpanContext,
}

/// What a test calls with.
pub(crate) struct Caller {
    pub(crate) stock: StockClient<TracedClient<Channel>>,
    pub(crate) address: SocketAddr,
    /// Whose call it is that the client makes.
    pub(crate) parent: SpanContext,
    /// A message of the server's for each call that it has begun and never replies to.
    pub(crate) begun: UnboundedReceiver<()>,
    /// A message of the server's for each such call, or stream without end, that it has dropped.
    pub(crate) dropped: UnboundedReceiver<()>,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { server: ServerLayer::new(), client: |layer| layer, parent: remote_parent() }
    }
}

impl Calls {
    /// Makes the calls of `work`, each of them to its end, and returns their spans.
    pub(crate) fn made_by(self, work: impl AsyncFnOnce(Caller)) -> Spans {
        install("otel-tests-native");
        let parent = self.parent.clone();
        let context = Context::new().with_remote_span_context(parent.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            // The server is not the client's child.
            let (begun, begins) = unbounded_channel();
            let (dropped, drops) = unbounded_channel();
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let service = StockServer::new(Warehouse { begun, dropped })
                .accept_compressed(CompressionEncoding::Gzip)
                .send_compressed(CompressionEncoding::Gzip);
            let server = Server::builder().layer(self.server).add_service(service);
            tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
            let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("a URL");
            let layer = (self.client)(ClientLayer::new(endpoint.uri()));
            let stock = StockClient::new(layer.layer(endpoint.connect_lazy()));
            let parent = self.parent;
            let caller = Caller { stock, address, parent, begun: begins, dropped: drops };
            carry_future_in(context, work(caller)).await;
        });
        // No task is left, and so no span that is open.
        drop(runtime);
        Spans::of(parent)
    }
}

/// The spans of calls that were made.
pub(crate) fn calls(work: impl AsyncFnOnce(Caller)) -> Spans {
    Calls::default().made_by(work)
}

/// The only span of this kind.
pub(crate) fn of_kind(spans: &Spans, kind: &SpanKind) -> SpanData {
    let mut found = spans.all.iter().filter(|span| span.span_kind == *kind);
    let (Some(span), None) = (found.next(), found.next()) else {
        panic!("not exactly one {kind:?} in {:?}", spans.all);
    };
    span.clone()
}

/// The client's span and the server's, of a single call.
pub(crate) fn both(spans: &Spans) -> (SpanData, SpanData) {
    let client = of_kind(spans, &SpanKind::Client);
    let server = of_kind(spans, &SpanKind::Server);
    assert_eq!(client.parent_span_id, spans.parent.span_id());
    assert_eq!(server.parent_span_id, client.span_context.span_id());
    (client, server)
}

/// Code, error type and description of a call that has ended.
pub(crate) fn outcome(span: &SpanData) -> (Option<String>, Option<String>, Option<&str>) {
    let text = |key| span.attribute(key).map(ToString::to_string);
    (text("rpc.response.status_code"), text("error.type"), span.error())
}

/// That of a call that ended with this code, as no error.
pub(crate) fn well(code: &str) -> (Option<String>, Option<String>, Option<&'static str>) {
    (Some(code.to_owned()), None, None)
}

/// That of a call that ended with this code, as an error.
pub(crate) fn failed(code: &str) -> (Option<String>, Option<String>, Option<&'static str>) {
    (Some(code.to_owned()), Some(code.to_owned()), Some(""))
}
