//! What does the span of a client's request say of it?

use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanKind, Status};
use otel_runtime::testing::Spans;
use otel_runtime::tower::ClientLayer;
use otel_runtime::traced;
use tower::{Layer, ServiceExt};

use crate::{attribute, attributes, request, spans};

#[traced]
async fn caller(sending: impl Future<Output = ()>) {
    sending.await;
}

/// Sends a request to somebody who answers with that status; the spans, and the headers that arrived.
fn send(layer: &ClientLayer, request: Request<Body>, status: u16) -> (Spans, HeaderMap) {
    let arrived = Arc::new(Mutex::new(HeaderMap::new()));
    let there = Arc::clone(&arrived);
    let service = tower::service_fn(move |request: Request<Body>| {
        there.lock().expect("no panic").clone_from(request.headers());
        async move {
            Response::builder().status(status).body(Body::from("late")).map_err(io::Error::other)
        }
    });
    let ((), spans) = spans(caller(async {
        layer.layer(service).oneshot(request).await.expect("a response");
    }));
    let arrived = arrived.lock().expect("no panic").clone();
    (spans, arrived)
}

#[test]
fn a_request_has_what_the_conventions_demand_and_nothing_else() {
    let asked = request("GET", "http://ada:secret@shop.example/stock/book?sig=abc&page=2");
    let (spans, _) = send(&ClientLayer::new(), asked, 200);

    let span = spans.one("GET");
    assert_eq!((span.kind(), span.status()), (&SpanKind::Client, &Status::Unset));
    assert_eq!(span.parent().map(|above| above.name()), Some("caller"));
    assert_eq!(
        attributes(span),
        [
            "http.request.method=GET",
            "http.response.status_code=200",
            "network.protocol.version=1.1",
            "server.address=shop.example",
            "server.port=80",
            "url.full=http://REDACTED:REDACTED@shop.example/stock/book?sig=REDACTED&page=2",
        ]
    );
}

#[test]
fn the_server_is_the_one_that_the_url_names_with_the_port_of_its_scheme() {
    for (url, address, port) in [
        ("https://shop.example/", "shop.example", "443"),
        ("https://shop.example:8443/", "shop.example", "8443"),
        ("http://[2001:db8::1]:8080/", "2001:db8::1", "8080"),
        ("http://[2001:db8::1]/", "2001:db8::1", "80"),
        ("http://shop.example:/", "shop.example", "80"),
        ("http://shop.example:99999/", "shop.example", ""),
        ("/stock", "shop.example", ""),
    ] {
        let (spans, _) = send(&ClientLayer::new(), request("GET", url), 200);

        let span = spans.one("GET");
        assert_eq!(attribute(span, "server.address"), address, "{url}");
        assert_eq!(attribute(span, "server.port"), port, "{url}");
    }
}

#[test]
fn every_4xx_and_5xx_is_an_error_of_the_client() {
    for (status, error_type) in [(200, ""), (302, ""), (404, "404"), (409, "409"), (503, "503")] {
        let (spans, _) = send(&ClientLayer::new(), request("GET", "http://shop.example/"), status);

        let span = spans.one("GET");
        assert_eq!(attribute(span, "error.type"), error_type);
        let expected = if error_type.is_empty() { Status::Unset } else { Status::error("") };
        assert_eq!(span.status(), &expected, "{status}");
        assert!(span.events().is_empty());
    }
}

#[test]
fn the_span_travels_with_the_request_in_one_value_a_name() {
    let mut asked = request("GET", "http://shop.example/");
    for stale in [1, 2] {
        let traceparent = format!("00-{stale:032x}-{stale:016x}-01");
        asked.headers_mut().append("traceparent", traceparent.parse().expect("a value"));
        asked.headers_mut().append("tracestate", "stale=1".parse().expect("a value"));
        asked.headers_mut().append("baggage", "stale=1".parse().expect("a value"));
    }
    let (spans, arrived) = send(&ClientLayer::new(), asked, 200);

    let span = &spans.one("GET").data().span_context;
    let expected = format!("00-{}-{}-", span.trace_id(), span.span_id());
    let sent: Vec<_> = arrived.get_all("traceparent").iter().collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].to_str().expect("text").starts_with(&expected), "{sent:?}");
    assert!(!arrived.contains_key("tracestate") && !arrived.contains_key("baggage"));
}

#[test]
fn a_request_without_a_response_is_an_error_with_its_type() {
    let refused = tower::service_fn(|_: Request<Body>| async {
        Err::<Response<Body>, _>(io::Error::from(io::ErrorKind::ConnectionRefused))
    });
    let erased = tower::service_fn(|_: Request<Body>| async {
        let error: Box<dyn std::error::Error + Send + Sync> =
            io::Error::from(io::ErrorKind::ConnectionRefused).into();
        Err::<Response<Body>, _>(error)
    });
    let (failed, spans) = spans(async {
        let one = ClientLayer::new().layer(refused).oneshot(request("GET", "http://a.example/"));
        let two = ClientLayer::new().layer(erased).oneshot(request("GET", "http://a.example/"));
        one.await.is_err() && two.await.is_err()
    });

    assert!(failed);
    assert_eq!(spans.len(), 2);
    for span in &spans {
        assert_eq!(attribute(span, "error.type"), "std::io::error::Error");
        assert_eq!((span.error(), span.events().len()), (Some("connection refused"), 1));
    }
}

#[test]
fn a_request_that_nobody_waits_for_is_cancelled_and_no_error() {
    let silent =
        tower::service_fn(|_: Request<Body>| pending::<Result<Response<Body>, io::Error>>());
    let ((), spans) = spans(async {
        let mut asked =
            Box::pin(ClientLayer::new().layer(silent).oneshot(request("GET", "http://a.example/")));
        let polled = std::future::poll_fn(|task| Poll::Ready(asked.as_mut().poll(task))).await;
        assert!(polled.is_pending());
    });

    let span = spans.one("GET");
    assert!(span.was_cancelled() && !span.is_error());
    assert_eq!(attribute(span, "error.type"), "");
}

#[test]
fn what_is_chosen_is_there() {
    let layer = ClientLayer::new()
        .template(|request| {
            request.path().starts_with("/stock/").then(|| "/stock/{item}".to_owned())
        })
        .url_scheme()
        .request_headers([axum::http::HeaderName::from_static("x-tenant")])
        .response_headers([axum::http::header::CONTENT_LENGTH])
        .request_attributes(|request| {
            vec![KeyValue::new("shop.get", request.method() == Method::GET)]
        })
        .response_attributes(|response| {
            vec![KeyValue::new("shop.ok", response.status().is_success())]
        });
    let mut asked = request("GET", "http://shop.example/stock/book");
    asked.headers_mut().insert("x-tenant", "7".parse().expect("a value"));
    let (spans, _) = send(&layer, asked, 200);

    let span = spans.one("GET /stock/{item}");
    for (key, value) in [
        ("url.template", "/stock/{item}"),
        ("url.scheme", "http"),
        ("http.request.header.x-tenant", "[\"7\"]"),
        ("shop.get", "true"),
        ("shop.ok", "true"),
    ] {
        assert_eq!(attribute(span, key), value, "{key}");
    }
}

#[test]
fn a_request_that_is_left_out_has_no_span_and_carries_the_callers() {
    let layer = ClientLayer::new().only(|_| false);
    let (spans, arrived) = send(&layer, request("GET", "http://shop.example/"), 200);

    let caller = &spans.one("caller").data().span_context;
    assert_eq!(spans.len(), 1);
    let sent = arrived["traceparent"].to_str().expect("text");
    assert!(sent.contains(&caller.span_id().to_string()), "{sent}");
}
