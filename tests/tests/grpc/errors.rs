//! What is told of a call that fails, though no reply says why?

use std::convert::Infallible;
use std::time::Duration;

use http::{Request, Response, Uri};
use http_body::Frame;
use http_body_util::StreamBody;
use opentelemetry::Context;
use opentelemetry::trace::{SpanKind, TraceContextExt};
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::Pieces;
use otel_example_stock::stock_client::StockClient;
use otel_runtime::context::carry_future_in;
use otel_runtime::tonic::{ClientLayer, ServerLayer, TracedClient};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, install, remote_parent};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Status};
use tower::timeout::TimeoutLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::unary::item;
use crate::{calls, failed, of_kind, outcome};

#[traced]
async fn ask(mut stock: StockClient<TracedClient<Channel>>) -> Result<Pieces, Status> {
    stock.count(item("book")).await.map(tonic::Response::into_inner)
}

fn stock(endpoint: &Endpoint) -> StockClient<TracedClient<Channel>> {
    StockClient::new(ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy()))
}

fn endpoint(url: String) -> Endpoint {
    Endpoint::from_shared(url).expect("a URL")
}

/// A server that reads a little, and hangs up.
async fn hangs_up() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.read(&mut [0; 16]).await;
        }
    });
    format!("http://{address}")
}

/// The client's span has the one event of the error, whose text is also its description.
fn is_told(spans: &Spans, code: &str, text: &str) {
    let client = of_kind(spans, &SpanKind::Client);
    let of = |span: &SpanData, key| span.attribute(key).map(ToString::to_string);
    assert_eq!(of(&client, "rpc.response.status_code").as_deref(), Some(code));
    assert_eq!(of(&client, "error.type").as_deref(), Some(code));
    let [exception] = &client.exceptions()[..] else { panic!("one of {:?}", client.events) };
    let [(_, kind), (_, message)] = &exception[..] else { panic!("{exception:?}") };
    assert_eq!(kind, "tonic::status::Status");
    assert!(message.contains(text), "{message}");
    assert_eq!(client.error(), Some(&**message));

    let above = spans.one("ask");
    assert_eq!(above.error(), Some(&**message), "the caller's error");
    assert!(above.exceptions().is_empty(), "is told once: {:?}", above.events);
}

#[test]
fn a_call_that_no_server_answers_says_why() {
    let spans = calls(async |_caller| {
        let status = ask(stock(&endpoint(otel_tests::receiver::absent()))).await;
        assert_eq!(status.expect_err("nobody listens").code(), Code::Unavailable);
    });
    is_told(&spans, "UNAVAILABLE", "Connection refused");

    let spans = calls(async |caller| {
        let tls = endpoint(format!("https://{}", caller.address))
            .tls_config(ClientTlsConfig::new().domain_name("stock.example"))
            .expect("a configuration");
        let status = ask(stock(&tls)).await.expect_err("the server does not speak TLS");
        assert_eq!(status.code(), Code::Unavailable);
    });
    is_told(&spans, "UNAVAILABLE", "InvalidContentType");

    let mut code = Code::Ok;
    let spans = calls(async |_caller| {
        let status = ask(stock(&endpoint(hangs_up().await))).await;
        code = status.expect_err("it hangs up").code();
    });
    // tonic's code depends on what the connection was about to do: `Unavailable`, `Cancelled`, `Unknown`.
    is_told(&spans, &format!("{code:?}").to_uppercase(), "source");
}

type Piece = Result<Frame<tonic::codegen::Bytes>, Status>;

/// What a proxy says, or a server that speaks HTTP alone.
#[test]
fn a_page_in_place_of_a_reply_is_an_error_and_not_a_stream_that_was_dropped() {
    for (status, code) in [(200, "UNKNOWN"), (503, "UNAVAILABLE"), (404, "UNIMPLEMENTED")] {
        install("otel-tests-native");
        let parent = remote_parent();
        let page = service_fn(move |_: Request<Body>| {
            // It comes in pieces, and the first is no message.
            let pieces = ["<h1>Please ", "sign in</h1>"].map(|it| Ok(Frame::data(it.into())));
            let page = Body::new(StreamBody::new(tokio_stream::iter::<[Piece; 2]>(pieces)));
            let reply = Response::builder().status(status).header("content-type", "text/html");
            std::future::ready(Ok::<_, Infallible>(reply.body(page).expect("a response")))
        });
        let layer = ClientLayer::new(&Uri::from_static("http://stock.example"));
        let mut stock = StockClient::new(layer.layer(page));
        let context = Context::new().with_remote_span_context(parent.clone());
        let call = async { stock.count(item("book")).await.expect_err("it is no reply") };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(carry_future_in(context, call));

        let spans = Spans::of(parent);
        assert_eq!(outcome(spans.one("shop.v1.Stock/Count")), failed(code), "{status}");
    }
}

#[test]
fn what_the_server_says_is_no_exception_of_the_clients() {
    let spans = calls(async |mut caller| {
        let status = caller.stock.count(item("code 13")).await.expect_err("as was wanted");
        assert_eq!(status.code(), Code::Internal);
    });

    for kind in [SpanKind::Client, SpanKind::Server] {
        let span = of_kind(&spans, &kind);
        assert!(span.exceptions().is_empty(), "{span:?}");
    }
}

#[test]
fn an_error_of_a_layer_inside_is_told_by_the_server() {
    let never = |_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>();
    let never = service_fn(never);
    install("otel-tests-native");
    let parent = remote_parent();
    let service = ServerLayer::new().layer(TimeoutLayer::new(Duration::ZERO).layer(never));
    let request = Request::post("/shop.v1.Stock/Count")
        .header("content-type", "application/grpc")
        .header("traceparent", format!("00-{}-{}-01", parent.trace_id(), parent.span_id()));
    let request = request.body(Body::empty()).expect("a request");

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(service.oneshot(request)).expect_err("its time is over");

    let spans = Spans::of(parent);
    let server = spans.one("shop.v1.Stock/Count");
    assert_eq!(server.text("rpc.response.status_code").as_deref(), Some("UNKNOWN"));
    assert_eq!(server.text("error.type").as_deref(), Some("_OTHER"));
    assert_eq!(server.error(), Some("request timed out"));
    assert_eq!(server.exceptions().len(), 1, "{:?}", server.events);
}
