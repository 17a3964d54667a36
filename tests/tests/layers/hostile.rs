//! What can a stranger do to a server by what it sends?
//!
//! No panic, no work or memory without bounds, and nothing in names that it could choose.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request};
use otel_runtime::testing::{Span, Spans};
use otel_runtime::tower::ServerLayer;

use crate::{ask, attribute, request, shop, spans};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The longest text of a span, in bytes.
fn longest(span: Span<'_>) -> usize {
    let attributes = span.data().attributes.iter();
    attributes.map(|attribute| attribute.value.to_string().len()).max().unwrap_or_default()
}

fn asked(asked: Request<Body>) -> Spans {
    let layer = ServerLayer::new()
        .trusted_proxies(["0.0.0.0/0".parse().expect("a network")])
        .request_headers([HeaderName::from_static("x-tenant")])
        .peer(|_| Some(([192, 0, 2, 7], 4711).into()));
    let (_, spans) = spans(ask(shop(layer), asked));
    assert!(spans.iter().all(|span| longest(span) <= 50_000));
    spans
}

/// A name and a value.
type Header = (&'static str, Vec<u8>);

fn with(headers: impl IntoIterator<Item = Header>) -> Request<Body> {
    let mut request = request("GET", "/orders/7");
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(&value).expect("allowed in HTTP");
        request.headers_mut().append(name, value);
    }
    request
}

#[test]
fn a_method_and_a_path_of_any_length_are_cut_and_never_a_name() {
    let method = "M".repeat(10_000);
    let spans = asked(request(&method, "/nowhere"));
    assert_eq!(attribute(spans.one("HTTP"), "http.request.method_original").len(), 256);

    let spans = asked(request("GET", &format!("/{}", "a".repeat(64_000))));
    assert_eq!(attribute(spans.one("GET"), "url.path").len(), 8192);

    let spans = asked(request("GET", &format!("/orders/7?{}", "a=1&sig=2&".repeat(6_000))));
    let query = attribute(spans.one("GET /orders/{id}"), "url.query");
    assert!(query.len() < 3 * 8192 && !query.contains("sig=2"), "{} bytes", query.len());
}

#[test]
fn headers_that_are_odd_in_any_way_leave_a_span_with_what_is_sound() {
    let repeated =
        |name, value: &str, times| std::iter::repeat_n((name, value.as_bytes().to_vec()), times);
    let long = |name, value: &str, times| std::iter::once((name, value.repeat(times).into_bytes()));
    let none = || std::iter::empty();
    let families: [(&str, Vec<Header>); 12] = [
        ("no header", none().collect()),
        ("two callers", repeated("traceparent", TRACEPARENT, 2).collect()),
        ("a thousand callers", repeated("traceparent", TRACEPARENT, 1000).collect()),
        ("a caller of a megabyte", long("traceparent", "0", 1 << 20).collect()),
        (
            "a state of a megabyte",
            repeated("traceparent", TRACEPARENT, 1)
                .chain(long("tracestate", "a=1,", 1 << 18))
                .collect(),
        ),
        ("baggage of a megabyte", long("baggage", "k=v,", 1 << 18).collect()),
        ("baggage in a thousand lines", repeated("baggage", "k=v", 1000).collect()),
        (
            "a signed id",
            repeated("traceparent", "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1)
                .collect(),
        ),
        (
            "no text",
            [
                "traceparent",
                "baggage",
                "host",
                "user-agent",
                "x-forwarded-for",
                "forwarded",
                "x-tenant",
            ]
            .map(|name| (name, b"\xff\xfe".to_vec()))
            .into(),
        ),
        ("hosts", repeated("host", "forged.example", 100).collect()),
        ("proxies", long("x-forwarded-for", "10.0.0.1,", 20_000).collect()),
        ("a chosen header", repeated("x-tenant", &"t".repeat(10_000), 100).collect()),
    ];
    for (what, headers) in families {
        let spans = asked(with(headers));
        let span = spans.one("GET /orders/{id}");
        assert!(!span.is_error() && !span.was_cancelled(), "{what}: {span}");
        assert_eq!(attribute(span, "http.response.status_code"), "200", "{what}");
    }
}

#[test]
fn a_signed_or_doubled_caller_is_nobodys_trace() {
    for headers in [
        vec![("traceparent", TRACEPARENT.as_bytes().to_vec()); 2],
        vec![("traceparent", TRACEPARENT.replacen("0af", "+af", 1).into_bytes())],
        vec![("traceparent", TRACEPARENT.to_uppercase().into_bytes())],
        vec![("traceparent", TRACEPARENT.as_bytes()[..54].to_vec())],
    ] {
        let spans = asked(with(headers.clone()));
        let trace = spans.one("GET /orders/{id}").data().span_context.trace_id().to_string();
        assert_ne!(trace, TRACEPARENT[3..35], "{headers:?}");
    }
}
