//! What do the layers make with a provider that the program has set up by itself?
//!
//! The same as with our own recorder. In a process of its own, since it has one.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::routing::get;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_runtime::context::TraceContextPropagator;
use otel_runtime::tower::{ClientLayer, ServerLayer};
use otel_runtime::traced;
use tower::{Layer, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;

#[derive(Clone, Debug, Default)]
struct Collect(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Collect {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
        Ok(())
    }
}

impl Collect {
    /// The spans that have ended since the last time, the last one first: parents before children.
    fn take(&self) -> Vec<SpanData> {
        let mut spans = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        spans.reverse();
        spans
    }
}

#[traced]
async fn handler() {}

async fn panics() {
    panic!("out of stock")
}

fn attribute(span: &SpanData, key: &str) -> String {
    let mut found = span.attributes.iter().filter(|attribute| attribute.key.as_str() == key);
    found.next_back().map(|it| it.value.to_string()).unwrap_or_default()
}

fn get_request(path: &str) -> Request<Body> {
    let request = Request::get(path).header("host", "shop.example");
    let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    request.header("traceparent", caller).body(Body::empty()).expect("a request")
}

/// One test: it has a process to itself.
#[tokio::test]
async fn the_layers_make_their_spans_with_an_adopted_provider() {
    let ended = Collect::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(ended.clone()).build();
    otel_runtime::adopt(provider).expect("nobody has come before");
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::default());
    let layer = ServerLayer::new().request_attributes(|_| vec![KeyValue::new("shop.own", true)]);
    let router = Router::new()
        .route("/orders/{id}", get(handler))
        .route("/panics", get(panics))
        .layer(layer)
        .layer(CatchPanicLayer::new());

    drop(router.clone().oneshot(get_request("/orders/7")).await);
    let [server, inner] = &ended.take()[..] else { panic!("two spans") };
    assert_eq!((&*server.name, &server.span_kind), ("GET /orders/{id}", &SpanKind::Server));
    assert_eq!(server.parent_span_id.to_string(), "b7ad6b7169203331");
    assert_eq!(inner.parent_span_id, server.span_context.span_id());
    assert_eq!(server.status, Status::Unset);
    for (key, value) in [
        ("http.route", "/orders/{id}"),
        ("http.response.status_code", "200"),
        ("server.address", "shop.example"),
        ("shop.own", "true"),
        ("code.function.name", ""),
    ] {
        assert_eq!(attribute(server, key), value, "{key}");
    }
    assert_eq!(server.instrumentation_scope.name(), "otel_runtime::tower");

    drop(router.oneshot(get_request("/panics")).await);
    let [server] = &ended.take()[..] else { panic!("one span") };
    assert_eq!(server.status, Status::error("out of stock"));
    assert_eq!(attribute(server, "error.type"), "panic");

    let client = tower::service_fn(|_: Request<Body>| async {
        Response::builder().status(409).body(Body::empty()).map_err(std::io::Error::other)
    });
    let client = ClientLayer::new().layer(client);
    client.oneshot(get_request("http://shop.example/")).await.expect("a response");
    let [client] = &ended.take()[..] else { panic!("one span") };
    assert_eq!((&*client.name, &client.span_kind), ("GET", &SpanKind::Client));
    assert_eq!(client.status, Status::error(""));
    let keys: Vec<&str> = client.attributes.iter().map(|it| it.key.as_str()).collect();
    let port = client.attributes.iter().find(|it| it.key.as_str() == "server.port");
    assert_eq!(port.map(|it| &it.value), Some(&Value::I64(80)), "{keys:?}");

    // Methods are known by code; a program sets them once.
    let methods = || ["GET", "PROPFIND"];
    otel_runtime::set_known_http_methods(methods()).expect("nobody has come before");
    let again = otel_runtime::set_known_http_methods(methods()).expect_err("that stays");
    assert_eq!(again, methods());
    let router = Router::new().fallback(handler).layer(ServerLayer::new());
    for (method, name) in [("PROPFIND", "PROPFIND"), ("POST", "HTTP")] {
        let request = Request::builder().method(method).uri("/").body(Body::empty());
        drop(router.clone().oneshot(request.expect("a request")).await);
        assert_eq!(ended.take()[0].name, name);
    }

    // What was copied from another request.
    let sent = Arc::new(Mutex::new(Vec::new()));
    let network = Arc::clone(&sent);
    let client = tower::service_fn(move |request: Request<Body>| {
        let headers = request.headers();
        network.lock().unwrap_or_else(PoisonError::into_inner).push(headers.clone());
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(Body::empty())))
    });
    let client = ClientLayer::new().layer(client);
    let request = || {
        let mut request = get_request("http://warehouse/");
        request.headers_mut().insert("baggage", "tenant=7".parse().expect("ASCII"));
        request
    };
    client.clone().oneshot(request()).await.expect("a response");
    let mut signed = request();
    let signature = "sig1=(\"@method\" \"baggage\");created=1".parse().expect("ASCII");
    signed.headers_mut().insert("signature-input", signature);
    client.clone().oneshot(signed).await.expect("a response");
    opentelemetry::global::set_text_map_propagator(TextMapCompositePropagator::new(Vec::new()));
    client.oneshot(request()).await.expect("a response");
    let sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
    let baggage: Vec<_> = sent.iter().map(|headers| headers.get("baggage").is_some()).collect();
    assert_eq!(
        baggage,
        [false, true, true],
        "nobody writes it, so it is not sent, unless it is signed or nothing is propagated at all"
    );
}
