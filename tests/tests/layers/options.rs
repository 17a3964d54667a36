//! What does a program choose about the spans of its requests?

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Response, header};
use axum::routing::{get, post};
use opentelemetry::KeyValue;
use otel_runtime::testing::Span;
use otel_runtime::tower::ServerLayer;

use crate::{ask, attribute, attributes, from_peer, get_order, request, shop, spans};

/// The keys that `layer` adds to those that a span has by itself.
fn added(layer: ServerLayer) -> Vec<String> {
    let keys = |layer| {
        let (_, spans) = spans(ask(from_peer(shop(layer), "192.0.2.7:4711"), get_order()));
        attributes(spans.one("GET /orders/{id}"))
    };
    let by_itself = keys(ServerLayer::new());
    keys(layer).into_iter().filter(|attribute| !by_itself.contains(attribute)).collect()
}

#[test]
fn what_is_opt_in_is_there_where_it_is_asked_for() {
    assert_eq!(added(ServerLayer::new().client_port()), ["client.port=4711"]);
    assert_eq!(added(ServerLayer::new().network_transport()), ["network.transport=tcp"]);
    assert_eq!(added(ServerLayer::new().body_sizes()), ["http.response.body.size=12"]);
}

#[test]
fn chosen_headers_are_lists_of_all_their_values() {
    let layer = ServerLayer::new()
        .request_headers([HeaderName::from_static("x-tenant"), header::ACCEPT])
        .response_headers([header::SET_COOKIE, header::CONTENT_TYPE]);
    let router = Router::new()
        .route(
            "/",
            get(|| async {
                Response::builder().header("x", "y").body(Body::from("a")).expect("a response")
            }),
        )
        .layer(layer);
    let mut asked = request("GET", "/");
    for value in ["one", "two"] {
        asked.headers_mut().append("x-tenant", value.parse().expect("a value"));
    }
    let (_, spans) = spans(ask(router, asked));

    let span = spans.one("GET /");
    assert_eq!(attribute(span, "http.request.header.x-tenant"), "[\"one\",\"two\"]");
    assert_eq!(attribute(span, "http.request.header.accept"), "");
    assert_eq!(attribute(span, "http.response.header.set-cookie"), "");
}

#[test]
fn attributes_come_from_requests_and_responses() {
    #[derive(Clone)]
    struct Items(i64);
    let layer = ServerLayer::new()
        .request_attributes(|request| {
            let page = request.uri().query().unwrap_or_default().to_owned();
            vec![
                KeyValue::new("shop.page", page),
                KeyValue::new("shop.has_route", request.route().is_some()),
            ]
        })
        .response_attributes(|response| {
            let items = response.extensions().get::<Items>();
            items.map(|Items(items)| KeyValue::new("shop.items", *items)).into_iter().collect()
        });
    let router = Router::new()
        .route("/orders/{id}", get(|| async { (axum::Extension(Items(3)), "") }))
        .layer(layer);
    let (_, spans) = spans(ask(router, request("GET", "/orders/7?page=2")));

    let span = spans.one("GET /orders/{id}");
    assert_eq!(attribute(span, "shop.page"), "page=2");
    assert_eq!(attribute(span, "shop.has_route"), "true");
    assert_eq!(attribute(span, "shop.items"), "3");
}

#[test]
fn a_route_that_no_router_tells_is_told_by_the_program() {
    let service = tower::service_fn(|_: axum::extract::Request| async {
        Ok::<_, std::convert::Infallible>(Response::new(Body::empty()))
    });
    let layer = ServerLayer::new()
        .route(|request| request.path().starts_with("/orders/").then(|| "/orders/{id}".to_owned()));
    let ((), spans) = spans(async {
        let service = tower::Layer::layer(&layer, service);
        tower::ServiceExt::oneshot(service, get_order()).await.expect("it never fails");
    });

    assert_eq!(attribute(spans.one("GET /orders/{id}"), "http.route"), "/orders/{id}");
}

fn own(span: Span<'_>) -> String {
    let span = &span.data().span_context;
    format!("00-{}-{}-03", span.trace_id(), span.span_id())
}

#[test]
fn a_caller_is_told_the_span_where_that_is_asked_for() {
    let (response, spans) =
        spans(ask(shop(ServerLayer::new().trace_response().server_timing()), get_order()));
    let own = own(spans.one("GET /orders/{id}"));
    assert_eq!(response.headers()["traceresponse"], own);
    assert_eq!(response.headers()["server-timing"], format!("traceparent;desc=\"{own}\""));

    let (response, _) = crate::spans(ask(shop(ServerLayer::new()), get_order()));
    assert!(!response.headers().contains_key("traceresponse"));
    assert!(!response.headers().contains_key("server-timing"));
}

#[test]
fn nothing_personal_is_recorded_where_it_is_to_stay_out() {
    let layer = ServerLayer::new()
        .skip_pii()
        .client_port()
        .request_headers([header::COOKIE, HeaderName::from_static("x-tenant")]);
    let mut asked = request("POST", "/orders?email=ada@example.org");
    for (name, value) in [("user-agent", "curl/8"), ("cookie", "id=1"), ("x-tenant", "7")] {
        asked.headers_mut().insert(name, value.parse().expect("a value"));
    }
    let (_, spans) = spans(ask(from_peer(shop(layer), "192.0.2.7:4711"), asked));

    assert_eq!(
        attributes(spans.one("POST /orders")),
        [
            "http.request.header.x-tenant=[\"7\"]",
            "http.request.method=POST",
            "http.response.status_code=200",
            "http.route=/orders",
            "network.protocol.version=1.1",
            "server.address=shop.example",
            "url.path=/orders",
            "url.scheme=http",
        ]
    );
}

#[test]
fn errors_and_panics_have_no_text_where_personal_data_is_to_stay_out() {
    async fn panics() {
        panic!("ada@example.org")
    }
    let router = Router::new()
        .route("/orders", post(panics))
        .layer(ServerLayer::new().skip_pii())
        .layer(tower_http::catch_panic::CatchPanicLayer::new());
    let (_, spans) = spans(ask(router, request("POST", "/orders")));

    let span = spans.one("POST /orders");
    assert_eq!((span.error(), span.events().len()), (Some("panic"), 0));
}
