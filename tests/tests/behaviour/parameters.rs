//! What does `attrs(..)` record, and where do the carriers of `parent(extract = ..)` lead?

use std::collections::HashMap;
use std::convert::TryInto;

use http::HeaderMap;
use opentelemetry::Value;
use opentelemetry::trace::SpanContext;
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, remote_parent, spans_named};

use crate::{capture, capture_async};

struct Secret;

struct Shop;

impl Shop {
    #[traced(attrs(.., shop = "eu", amount = %amount), skip(secret))]
    fn sell(&self, item: &str, amount: f64, (row, _): (u8, u8), secret: Secret, _spare: u8) {
        let _ = (item, amount, row, secret);
    }
}

#[traced(skip_pii, attrs(..))]
async fn greet(user_id: u64, email: String, #[cfg(any())] missing: Secret) {
    let _ = (user_id, email);
}

// tokio-rs/tracing#3320 and PR 1443: parameters under `#[cfg]`, and those called `_x`.
#[test]
fn every_parameter_is_recorded_but_self_and_those_that_are_skipped() {
    let spans = capture(|| Shop.sell("book", 1.5, (2, 3), Secret, 4));

    let span = spans.one("Shop::sell");
    assert_eq!(span.keys(), ["item", "row", "shop", "amount"]);
    assert_eq!(span.attribute("item"), Some(&"book".into()));
    assert_eq!(span.attribute("row"), Some(&Value::I64(2)));
    assert_eq!(span.attribute("amount"), Some(&"1.5".into()));
}

#[test]
fn what_is_personal_stays_out_of_every_parameter() {
    let spans = capture_async(greet(7, "a@example.org".to_owned()));

    assert_eq!(spans.one("greet").keys(), ["user_id"]);
}

#[traced(kind = server, parent(extract = headers))]
fn from_headers(headers: &HeaderMap) {
    let _ = headers;
}

#[traced(kind = server, parent(extract = request))]
async fn from_request(request: http::Request<()>) {
    let _ = request;
}

#[traced(kind = server, parent(extract = parts.headers))]
fn from_parts(parts: &http::request::Parts) {
    let _ = parts;
}

#[traced(kind = consumer, parent(extract = message))]
fn from_map(message: HashMap<String, String>) {
    let _ = message;
}

fn traceparent(parent: &SpanContext) -> String {
    format!("00-{}-{}-01", parent.trace_id(), parent.span_id())
}

#[test]
fn the_remote_parent_is_found_in_headers_requests_and_maps() {
    opentelemetry::global::set_text_map_propagator(
        otel_runtime::context::TraceContextPropagator::default(),
    );
    let caller = remote_parent();
    let request = || {
        http::Request::builder()
            .header("traceparent", traceparent(&caller))
            .body(())
            .expect("valid")
    };
    let spans = capture_async(async {
        let (parts, ()) = request().into_parts();
        from_headers(&parts.headers);
        from_parts(&parts);
        from_request(request()).await;
        from_map(HashMap::from([("traceparent".to_owned(), traceparent(&caller))]));
    });

    // Whatever was current here, the caller's trace goes on.
    assert_eq!(spans.names(), Vec::<&str>::new());
    let spans = Spans::of(caller);
    assert_eq!(spans.names(), ["from_headers", "from_parts", "from_request", "from_map"]);
    for name in spans.names() {
        assert_eq!(spans.parent_of(name), "remote");
        assert!(spans.one(name).parent_span_is_remote);
    }
}

#[traced(kind = server, parent(extract = headers))]
fn from_nonsense(headers: &HeaderMap) {
    let _ = headers;
}

#[test]
fn a_malformed_traceparent_begins_a_new_trace() {
    opentelemetry::global::set_text_map_propagator(
        otel_runtime::context::TraceContextPropagator::default(),
    );
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", http::HeaderValue::from_static("00-+af7651916cd43dd-b7ad-01"));
    capture(|| from_nonsense(&headers));

    let [span] = spans_named("from_nonsense").try_into().expect("one span");
    assert!(span.is_root());
}
