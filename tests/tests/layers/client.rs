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

/// The span of a request by this service, whose error has that type.
fn failed<S, E>(service: S, url: &str) -> Spans
where
    S: tower::Service<Request<Body>, Response = Response<Body>, Error = E>,
    E: std::fmt::Display + 'static,
{
    let asked = ClientLayer::new().layer(service).oneshot(request("GET", url));
    let (failed, spans) = spans(async { asked.await.is_err() });
    assert!(failed);
    spans
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
struct Wrapped(io::Error);

impl std::fmt::Display for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no stock")
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_request_without_a_response_is_an_error_of_a_few_kinds_told_with_its_causes() {
    use io::ErrorKind::{
        ConnectionRefused, ConnectionReset, InvalidData, PermissionDenied, TimedOut,
    };
    for (kind, expected) in [
        (ConnectionRefused, "connection_error"),
        (ConnectionReset, "connection_error"),
        (TimedOut, "timeout"),
        (PermissionDenied, "std::io::error::Error"),
    ] {
        let typed = tower::service_fn(move |_: Request<Body>| async move {
            Err::<Response<Body>, _>(io::Error::from(kind))
        });
        let erased = tower::service_fn(move |_: Request<Body>| async move {
            Err::<Response<Body>, BoxError>(io::Error::from(kind).into())
        });
        let wrapped = tower::service_fn(move |_: Request<Body>| async move {
            Err::<Response<Body>, BoxError>(io::Error::other(Wrapped(kind.into())).into())
        });
        for (spans, text) in [
            (failed(typed, "http://a.example/"), kind.to_string()),
            (failed(erased, "http://a.example/"), kind.to_string()),
            (failed(wrapped, "http://a.example/"), format!("no stock: {kind}")),
        ] {
            let span = spans.one("GET");
            assert_eq!(attribute(span, "error.type"), expected, "{text}");
            assert_eq!((span.error(), span.events().len()), (Some(&*text), 1));
        }
    }
    let unknown = tower::service_fn(|_: Request<Body>| async {
        Err::<Response<Body>, BoxError>(io::Error::new(InvalidData, "what is that?").into())
    });
    let spans = failed(unknown, "http://a.example/");
    assert_eq!(attribute(spans.one("GET"), "error.type"), "std::io::error::Error");
}

#[test]
fn a_time_limit_of_tower_or_tokio_is_a_timeout() {
    let silent =
        || tower::service_fn(|_: Request<Body>| pending::<Result<Response<Body>, io::Error>>());
    let of_tower = tower::timeout::Timeout::new(silent(), std::time::Duration::ZERO);
    let of_tokio = tower::service_fn(move |request: Request<Body>| async move {
        let answer = tokio::time::timeout(std::time::Duration::ZERO, silent().oneshot(request));
        answer.await.map_err(BoxError::from)?.map_err(BoxError::from)
    });

    for (spans, text) in [
        (failed(of_tower, "http://a.example/"), "request timed out"),
        (failed(of_tokio, "http://a.example/"), "deadline has elapsed"),
    ] {
        let span = spans.one("GET");
        assert_eq!((&*attribute(span, "error.type"), span.error()), ("timeout", Some(text)));
    }
}

/// A client of hyper's, without and with its type.
fn of_hyper(url: &str) -> [Spans; 2] {
    use hyper_util::client::legacy::Client;
    use hyper_util::client::legacy::connect::HttpConnector;
    use hyper_util::rt::TokioExecutor;

    let client = || {
        let nowhere = tower::service_fn(|_| async {
            Err::<std::vec::IntoIter<std::net::SocketAddr>, _>(io::Error::other("no such name"))
        });
        let connector = HttpConnector::new_with_resolver(nowhere);
        let client = Client::builder(TokioExecutor::new()).build::<_, Body>(connector);
        tower::util::MapResponse::new(client, |response: Response<_>| response.map(Body::new))
    };
    [failed(client(), url), failed(tower::util::MapErr::new(client(), BoxError::from), url)]
}

#[test]
fn an_error_of_hypers_client_says_what_was_wrong_with_the_connection() {
    let listen = || std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = |listener: &std::net::TcpListener| listener.local_addr().expect("bound");
    let listener = listen();
    let silent = address(&listener);
    // Nobody listens there any more.
    let closed = address(&listen());
    // It reads the beginning of each request, and hangs up.
    std::thread::spawn(move || {
        while let Ok((mut client, _)) = listener.accept() {
            let _ = io::Read::read(&mut client, &mut [0]);
        }
    });

    for (url, text) in [
        (format!("http://{closed}/"), "client error (Connect): tcp connect error: "),
        ("http://nowhere.invalid/".to_owned(), "client error (Connect): dns error: "),
        (format!("http://{silent}/"), "client error (SendRequest): "),
    ] {
        for spans in of_hyper(&url) {
            let span = spans.one("GET");
            assert_eq!(attribute(span, "error.type"), "connection_error", "{url}");
            let said = span.error().unwrap_or_default();
            assert!(said.len() > text.len() && said.starts_with(text), "{url}: {said}");
            assert_eq!(span.events().len(), 1);
        }
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
