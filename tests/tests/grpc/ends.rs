//! How do calls end that nobody replies to?

use std::pin::Pin;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{SpanKind, TraceContextExt};
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::stock_client::StockClient;
use otel_example_stock::stock_server::StockServer;
use otel_runtime::context::carry_future_in;
use otel_runtime::tonic::{ClientLayer, ServerLayer};
use otel_tests::capture::{SpanExt, Spans, install, remote_parent};
use tokio::sync::mpsc::unbounded_channel;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};
use tonic::{Code, Request, Status};
use tower_http::catch_panic::CatchPanicLayer;

use crate::unary::item;
use crate::warehouse::Warehouse;
use crate::{both, calls, failed, of_kind, outcome, well};

#[test]
fn a_call_that_is_given_up_is_nobodys_error() {
    let spans = calls(async |mut caller| {
        tokio::select! {
            reply = caller.stock.count(item("never")) => panic!("it never replies: {reply:?}"),
            _ = caller.begun.recv() => {}
        }
        caller.dropped.recv().await.expect("the server drops the call");
    });

    let (client, server) = both(&spans);
    for span in [&client, &server] {
        assert_eq!(outcome(span), well("CANCELLED"));
        assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()));
    }
    let inner = spans.one("shelves").parent_span_id;
    assert_eq!(inner, server.span_context.span_id(), "what the method drops is inside");
}

#[test]
fn a_deadline_that_is_over_is_an_error_of_whoever_notices() {
    let spans = calls(async |mut caller| {
        let mut request = Request::new(item("never"));
        request.set_timeout(Duration::from_millis(50));
        let status = caller.stock.count(request).await.expect_err("it never replies");
        // What tonic says of a time limit of its own, with or without the layer.
        assert_eq!(status.code(), Code::Cancelled);
        assert_eq!(status.message(), "Timeout expired");
        caller.dropped.recv().await.expect("the server drops the call");
    });

    let (client, server) = both(&spans);
    // If the server's reply comes first, that says so, and nothing is an exception here.
    if client.exceptions().is_empty() {
        assert_eq!(outcome(&client), failed("DEADLINE_EXCEEDED"));
    } else {
        failed_here(&client, "DEADLINE_EXCEEDED");
    }
    assert_eq!(client.attribute("traced.outcome"), None);
    // The server may hear first that the client has given up.
    assert!([failed("DEADLINE_EXCEEDED"), well("CANCELLED")].contains(&outcome(&server)));
}

/// The client itself found out that the call has failed.
fn failed_here(client: &SpanData, code: &str) {
    let (found, error_type, text) = outcome(client);
    assert_eq!((found.as_deref(), error_type.as_deref()), (Some(code), Some(code)));
    assert!(text.is_some_and(|text| !text.is_empty()), "{client:?}");
    assert_eq!(client.exceptions().len(), 1, "{:?}", client.events);
}

fn panicked(server: &SpanData, name: &str) {
    assert_eq!(server.name, name);
    let code = Some("UNKNOWN".to_owned());
    assert_eq!(outcome(server), (code, Some("panic".to_owned()), Some("out of order")));
    assert_eq!(server.attribute("traced.outcome"), None);
    let [exception] = &server.exceptions()[..] else { panic!("{:?}", server.events) };
    assert!(exception.contains(&("exception.message", "out of order".to_owned())), "{exception:?}");
}

#[test]
fn a_panic_in_a_method_is_one_span_and_the_panic_goes_on() {
    let spans = calls(async |mut caller| {
        let status = caller.stock.count(item("panic")).await.expect_err("it panics");
        assert_eq!(status.code(), Code::Cancelled, "the stream is reset, as without the layer");
    });

    let (client, server) = both(&spans);
    panicked(&server, "shop.v1.Stock/Count");
    failed_here(&client, "CANCELLED"); // which nobody here asked for
    assert_eq!(client.attribute("traced.outcome"), None);
}

#[test]
fn a_panic_in_a_stream_ends_the_span_of_its_call() {
    let spans = calls(async |mut caller| {
        let reply = caller.stock.watch(item("panics")).await;
        if let Ok(reply) = reply {
            reply.into_inner().message().await.expect_err("it panics");
        }
    });

    panicked(&of_kind(&spans, &SpanKind::Server), "shop.v1.Stock/Watch");
    let client = of_kind(&spans, &SpanKind::Client);
    assert!(client.error().is_some(), "{client:?}");
}

type Served = Pin<Box<dyn Future<Output = Result<(), tonic::transport::Error>> + Send>>;

/// The status that a client gets of a method that panics, and the spans.
fn caught(serve: fn(StockServer<Warehouse>, TcpIncoming) -> Served) -> (Status, Spans) {
    install("otel-tests-native");
    let parent = remote_parent();
    let context = Context::new().with_remote_span_context(parent.clone());
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let status = runtime.block_on(async {
        let (begun, dropped) = (unbounded_channel().0, unbounded_channel().0);
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let address = incoming.local_addr().expect("an address");
        tokio::spawn(serve(StockServer::new(Warehouse { begun, dropped }), incoming));
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("a URL");
        let layer = ClientLayer::new(endpoint.uri());
        let mut stock = StockClient::new(layer.layer(endpoint.connect_lazy()));
        let call = async { stock.count(item("panic")).await.expect_err("it panics") };
        carry_future_in(context, call).await
    });
    drop(runtime);
    (status, Spans::of(parent))
}

#[test]
fn a_panic_that_a_layer_catches_is_an_error_wherever_that_layer_is() {
    let (status, spans) = caught(|stock, incoming| {
        let mut server = Server::builder().layer(ServerLayer::new()).layer(CatchPanicLayer::new());
        Box::pin(server.add_service(stock).serve_with_incoming(incoming))
    });
    // tonic takes the text of the layer's reply, by plain HTTP, for a message.
    assert_eq!(status.code(), Code::Internal);
    let (client, server) = both(&spans);
    assert_eq!(server.name, "shop.v1.Stock/Count");
    assert_eq!((outcome(&client), outcome(&server)), (failed("UNKNOWN"), failed("UNKNOWN")));

    let (status, spans) = caught(|stock, incoming| {
        let mut server = Server::builder().layer(CatchPanicLayer::new()).layer(ServerLayer::new());
        Box::pin(server.add_service(stock).serve_with_incoming(incoming))
    });
    assert_eq!(status.code(), Code::Internal);
    let (client, server) = both(&spans);
    panicked(&server, "shop.v1.Stock/Count");
    assert_eq!(outcome(&client), failed("UNKNOWN"));
}
