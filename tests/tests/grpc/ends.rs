//! How do calls end that nobody replies to?

use std::time::Duration;

use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use otel_tests::capture::SpanExt;
use tonic::{Code, Request};

use crate::unary::item;
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
    assert_eq!(outcome(&client), failed("DEADLINE_EXCEEDED"));
    assert_eq!(client.attribute("traced.outcome"), None);
    // The server may hear first that the client has given up.
    assert!([failed("DEADLINE_EXCEEDED"), well("CANCELLED")].contains(&outcome(&server)));
}

fn panicked(server: &SpanData, name: &str) {
    assert_eq!(server.name, name);
    assert_eq!(outcome(server), (None, Some("panic".to_owned()), Some("out of order")));
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
    assert_eq!(outcome(&client), failed("CANCELLED"), "which nobody here asked for");
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
