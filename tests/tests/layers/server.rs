//! What does the span of a request say of it?

use axum::Router;
use axum::http::Version;
use axum::routing::any;
use opentelemetry::trace::{SpanKind, Status};
use otel_runtime::tower::ServerLayer;

use crate::{ask, attribute, attributes, from_peer, get_order, request, shop, spans};

#[test]
fn a_request_has_what_the_conventions_demand_and_nothing_else() {
    let router = from_peer(shop(ServerLayer::new()), "192.0.2.7:4711");
    let mut asked = request("GET", "/orders/7?page=2&sig=abc");
    asked.headers_mut().insert("user-agent", "curl/8".parse().expect("a value"));

    let (response, spans) = spans(ask(router, asked));

    assert_eq!(response.status(), 200);
    spans.clone().only_names().assert_tree(
        "
        GET /orders/{id}
          handler
            work
        ",
    );
    let span = spans.one("GET /orders/{id}");
    assert_eq!(span.kind(), &SpanKind::Server);
    assert_eq!(span.status(), &Status::Unset);
    assert_eq!(
        attributes(span),
        [
            "client.address=192.0.2.7",
            "http.request.method=GET",
            "http.response.status_code=200",
            "http.route=/orders/{id}",
            "network.peer.address=192.0.2.7",
            "network.peer.port=4711",
            "network.protocol.version=1.1",
            "server.address=shop.example",
            "url.path=/orders/7",
            "url.query=page=2&sig=REDACTED",
            "url.scheme=http",
            "user_agent.original=curl/8",
        ]
    );
    let scope = &span.data().instrumentation_scope;
    assert_eq!((scope.name(), scope.version().is_some()), ("otel_runtime::tower", true));
}

#[test]
fn a_span_is_named_by_method_and_route_and_never_by_the_clients_text() {
    for (method, uri, status, name, recorded, original) in [
        ("GET", "/orders/7", 200, "GET /orders/{id}", "GET", ""),
        ("POST", "/orders/7", 405, "POST /orders/{id}", "POST", ""),
        ("GET", "/nowhere/7", 404, "GET", "GET", ""),
        ("QUERY", "/nowhere", 404, "QUERY", "QUERY", ""),
        ("get", "/nowhere", 404, "HTTP", "_OTHER", "get"),
        ("SPAM", "/orders/7", 405, "HTTP /orders/{id}", "_OTHER", "SPAM"),
    ] {
        let (response, spans) = spans(ask(shop(ServerLayer::new()), request(method, uri)));

        assert_eq!(response.status(), status, "{method} {uri}");
        let span = spans.one(name);
        assert!(!span.is_error(), "{method} {uri}: 4xx is the client's mistake");
        assert_eq!(attribute(span, "http.response.status_code"), status.to_string());
        assert_eq!(attribute(span, "http.request.method"), recorded, "{method}");
        assert_eq!(attribute(span, "http.request.method_original"), original, "{method}");
    }
}

#[test]
fn the_server_is_what_the_request_names_and_left_out_where_that_is_no_host() {
    for (uri, host, address, port) in [
        ("/", &["shop.example"][..], "shop.example", ""),
        ("/", &["shop.example:8080"], "shop.example", "8080"),
        ("/", &["[2001:db8::1]:8080"], "2001:db8::1", "8080"),
        ("/", &["[2001:db8::1]"], "2001:db8::1", ""),
        ("/", &["shop.example:"], "shop.example", ""),
        ("/", &[":99999"], "", ""),
        ("/", &["shop.example:99999"], "shop.example", ""),
        ("/", &[], "", ""),
        ("/", &["one.example", "two.example"], "", ""),
        ("http://shop.example:81/", &["proxy.example"], "shop.example", "81"),
        ("http://shop.example/", &[], "shop.example", ""),
    ] {
        let mut asked = request("GET", uri);
        asked.headers_mut().remove("host");
        for host in host {
            asked.headers_mut().append("host", host.parse().expect("a value"));
        }
        let (_, spans) = spans(ask(shop(ServerLayer::new()), asked));

        let span = spans.one("GET");
        assert_eq!(attribute(span, "server.address"), address, "{uri} {host:?}");
        assert_eq!(attribute(span, "server.port"), port, "{uri} {host:?}");
    }
}

#[test]
fn a_version_of_http_is_a_number() {
    for (version, expected) in [
        (Version::HTTP_10, "1.0"),
        (Version::HTTP_11, "1.1"),
        (Version::HTTP_2, "2"),
        (Version::HTTP_3, "3"),
    ] {
        let mut asked = get_order();
        *asked.version_mut() = version;
        let (_, spans) = spans(ask(shop(ServerLayer::new()), asked));

        let span = spans.one("GET /orders/{id}");
        assert_eq!(attribute(span, "network.protocol.version"), expected);
    }
}

#[test]
fn the_scheme_is_that_of_the_target_or_else_of_the_server() {
    for (uri, layer, expected) in [
        ("/orders/7", ServerLayer::new(), "http"),
        ("/orders/7", ServerLayer::new().https(), "https"),
        ("https://shop.example/orders/7", ServerLayer::new(), "https"),
    ] {
        let (_, spans) = spans(ask(shop(layer), request("GET", uri)));

        assert_eq!(attribute(spans.one("GET /orders/{id}"), "url.scheme"), expected, "{uri}");
    }
}

#[test]
fn only_the_word_of_a_trusted_proxy_counts() {
    let trusting = || {
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        ServerLayer::new().trusted_proxies(proxies)
    };
    for (layer, address, scheme, server) in [
        (ServerLayer::new(), "10.0.0.5", "http", "shop.example"),
        (trusting(), "198.51.100.7", "https", "www.example"),
    ] {
        let mut asked = get_order();
        for (name, value) in [
            ("x-forwarded-for", "203.0.113.9, 198.51.100.7"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "www.example:443"),
        ] {
            asked.headers_mut().insert(name, value.parse().expect("a value"));
        }
        let (_, spans) = spans(ask(from_peer(shop(layer), "10.0.0.5:80"), asked));

        let span = spans.one("GET /orders/{id}");
        assert_eq!(attribute(span, "client.address"), address);
        assert_eq!(attribute(span, "url.scheme"), scheme);
        assert_eq!(attribute(span, "server.address"), server);
        assert_eq!(attribute(span, "network.peer.address"), "10.0.0.5");
    }
}

#[test]
fn a_peer_of_a_socket_for_both_kinds_of_addresses_is_called_as_it_calls_itself() {
    let router = from_peer(shop(ServerLayer::new()), "[::ffff:192.0.2.7]:4711");
    let (_, spans) = spans(ask(router, get_order()));

    let span = spans.one("GET /orders/{id}");
    assert_eq!(attribute(span, "client.address"), "192.0.2.7");
    assert_eq!(attribute(span, "network.peer.address"), "192.0.2.7");
}

#[test]
fn a_nested_route_is_told_whole() {
    let inner = Router::new().route("/{id}", any(|| async {}));
    let router = Router::new().nest("/orders", inner).layer(ServerLayer::new());

    let (_, spans) = spans(ask(router, get_order()));

    assert_eq!(attribute(spans.one("GET /orders/{id}"), "http.route"), "/orders/{id}");
}
