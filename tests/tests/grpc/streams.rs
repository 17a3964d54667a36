//! When do the spans of streams end, and how?

use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::{Delivery, Pieces};
use otel_runtime::tonic::ServerLayer;
use otel_tests::capture::{SpanExt, Spans};
use tonic::{Code, Status, Streaming};

use crate::unary::item;
use crate::{Calls, both, calls, failed, outcome, well};

async fn all(mut pieces: Streaming<Pieces>) -> Result<Vec<u32>, Status> {
    let mut numbers = Vec::new();
    while let Some(Pieces { number }) = pieces.message().await? {
        numbers.push(number);
    }
    Ok(numbers)
}

fn deliveries(items: &[&str]) -> Vec<Delivery> {
    items.iter().map(|item| Delivery { item: (*item).to_owned(), pieces: 2 }).collect()
}

/// How many spans of the method's own hang under the server's.
fn inside(spans: &Spans) -> usize {
    let server = crate::of_kind(spans, &SpanKind::Server).span_context.span_id();
    let inner: Vec<_> = spans.all.iter().filter(|span| span.name == "shelves").collect();
    assert!(inner.iter().all(|span| span.parent_span_id == server), "{inner:?}");
    inner.len()
}

#[test]
fn a_stream_from_the_server_ends_with_its_trailers_and_runs_in_its_span() {
    let spans = calls(async |mut caller| {
        let reply = caller.stock.watch(item("book")).await.expect("a reply");
        assert_eq!(all(reply.into_inner()).await.expect("all"), [7, 8, 9]);
    });

    let (client, server) = both(&spans);
    assert_eq!(client.name, "shop.v1.Stock/Watch");
    assert_eq!((outcome(&client), outcome(&server)), (well("OK"), well("OK")));
    assert_eq!(inside(&spans), 3);
}

#[test]
fn a_stream_to_the_server_and_one_both_ways_are_one_call_each() {
    let spans = calls(async |mut caller| {
        let sent = tokio_stream::iter(deliveries(&["book", "lamp"]));
        let reply = caller.stock.deliver(sent).await.expect("a reply");
        assert_eq!(reply.into_inner().number, 11);
    });
    let (client, server) = both(&spans);
    assert_eq!(client.name, "shop.v1.Stock/Deliver");
    assert_eq!((outcome(&client), outcome(&server)), (well("OK"), well("OK")));
    assert_eq!(inside(&spans), 1);

    let spans = calls(async |mut caller| {
        let sent = tokio_stream::iter(deliveries(&["book", "lamp"]));
        let reply = caller.stock.exchange(sent).await.expect("a reply");
        assert_eq!(all(reply.into_inner()).await.expect("all"), [9, 9]);
    });
    let (client, server) = both(&spans);
    assert_eq!(client.name, "shop.v1.Stock/Exchange");
    assert_eq!((outcome(&client), outcome(&server)), (well("OK"), well("OK")));
    assert_eq!(inside(&spans), 2);
}

#[test]
fn an_error_behind_some_messages_is_in_the_trailers() {
    let spans = calls(async |mut caller| {
        let reply = caller.stock.watch(item("fails")).await.expect("a reply");
        let status = all(reply.into_inner()).await.expect_err("at last");
        assert_eq!(status.code(), Code::DataLoss);
    });
    let (client, server) = both(&spans);
    assert_eq!((outcome(&client), outcome(&server)), (failed("DATA_LOSS"), failed("DATA_LOSS")));

    let spans = calls(async |mut caller| {
        let sent = tokio_stream::iter(deliveries(&["book", "code 9"]));
        let reply = caller.stock.exchange(sent).await.expect("a reply");
        let status = all(reply.into_inner()).await.expect_err("at last");
        assert_eq!(status.code(), Code::FailedPrecondition);
    });
    let (client, server) = both(&spans);
    assert_eq!(outcome(&client), failed("FAILED_PRECONDITION"));
    assert_eq!(outcome(&server), well("FAILED_PRECONDITION"), "not the server's fault");
}

#[test]
fn a_stream_that_is_dropped_before_its_trailers_ends_there_and_is_nobodys_error() {
    for taken in [0, 1, 3] {
        let spans = calls(async |mut caller| {
            let reply = caller.stock.watch(item("endless")).await.expect("a reply");
            let mut pieces = reply.into_inner();
            for _ in 0..taken {
                pieces.message().await.expect("a message").expect("one more");
            }
            drop(pieces);
            caller.dropped.recv().await.expect("the server drops its stream");
        });

        let (client, server) = both(&spans);
        for span in [&client, &server] {
            assert_eq!(span.name, "shop.v1.Stock/Watch");
            assert_eq!(outcome(span), well("CANCELLED"), "{taken}");
            assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()), "{taken}");
        }
        assert!(inside(&spans) >= 1, "what the stream drops is inside, too");
    }
}

#[test]
fn a_stream_that_was_taken_whole_and_dropped_before_its_trailers_is_nobodys_error_either() {
    let spans = calls(async |mut caller| {
        let reply = caller.stock.watch(item("book")).await.expect("a reply");
        let mut pieces = reply.into_inner();
        for _ in 0..3 {
            pieces.message().await.expect("a message").expect("one more");
        }
        drop(pieces);
    });

    let (client, server) = both(&spans);
    for span in [client, server] {
        let (code, error_type, error) = outcome(&span);
        assert!(matches!(code.as_deref(), Some("OK" | "CANCELLED")), "{code:?}");
        assert_eq!((error_type, error), (None, None));
    }
}

#[test]
fn a_watch_that_stays_open_may_end_its_span_once_it_is_established() {
    let spans = Calls {
        server: ServerLayer::new().end_at_head(["shop.v1.Stock/Watch"]),
        client: |layer| layer.end_at_head(["/shop.v1.Stock/Watch"]),
        ..Calls::default()
    }
    .made_by(async |mut caller| {
        let reply = caller.stock.watch(item("fails")).await.expect("a reply");
        all(reply.into_inner()).await.expect_err("at last");
        // Another method lasts as long as ever, and one that is refused has a code.
        caller.stock.count(item("book")).await.expect("a reply");
        caller.stock.watch(item("code 5")).await.expect_err("as was wanted");
    });

    let named = |name: &str, code: &str| {
        let is_it =
            |span: &&SpanData| span.name == name && outcome(span).0.as_deref() == Some(code);
        spans.all.iter().filter(is_it).collect::<Vec<_>>()
    };
    // What has been the case until then.
    let established = named("shop.v1.Stock/Watch", "OK");
    assert_eq!(established.len(), 2, "{:?}", spans.all);
    assert_eq!(named("shop.v1.Stock/Count", "OK").len(), 2);
    assert_eq!(named("shop.v1.Stock/Watch", "NOT_FOUND").len(), 2);
    let watched = established.iter().find(|span| span.span_kind == SpanKind::Server);
    let watched = watched.expect("there are two").span_context.span_id();
    let inner = spans.all.iter().filter(|span| span.parent_span_id == watched);
    assert_eq!(inner.count(), 3, "what the stream does is still in its trace");
}
