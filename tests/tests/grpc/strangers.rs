//! What does a stranger find out that calls a real server in every odd way?

use std::collections::HashSet;
use std::time::Duration;

use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use otel_example_stock::{Delivery, Pieces};
use otel_runtime::tonic::ServerLayer;
use otel_tests::capture::{SpanExt, Spans};
use tokio_stream::StreamExt;
use tonic::metadata::{BinaryMetadataValue, MetadataMap};
use tonic::{Request, Status, Streaming};

use crate::unary::item;
use crate::{Caller, Calls, calls};

fn deliveries(count: u32) -> impl tokio_stream::Stream<Item = Delivery> + Send + 'static {
    let one = |pieces| Delivery { item: "lamp".to_owned(), pieces };
    tokio_stream::iter((0..count).map(one))
}

/// Of each kind of call there is one span on each end, ended once, with the code that both agree on.
fn is_sound(spans: &Spans, count: usize) {
    let of = |kind: SpanKind| -> Vec<&SpanData> {
        spans.all.iter().filter(|span| span.span_kind == kind).collect()
    };
    let (clients, servers) = (of(SpanKind::Client), of(SpanKind::Server));
    assert_eq!((clients.len(), servers.len()), (count, count), "{:?}", spans.names());
    for client in clients {
        let id = client.span_context.span_id();
        let server: Vec<_> = servers.iter().filter(|it| it.parent_span_id == id).collect();
        let [server] = server[..] else { panic!("{} servers of {client:?}", server.len()) };
        assert_eq!(server.name, client.name);
        for span in [client, server] {
            assert!(span.attribute("rpc.response.status_code").is_some(), "{span:?}");
        }
    }
    let ids: HashSet<_> = spans.all.iter().map(|it| it.span_context.span_id()).collect();
    assert_eq!(ids.len(), spans.all.len(), "none has ended twice");
}

async fn taken(reply: Result<tonic::Response<Streaming<Pieces>>, Status>, messages: usize) {
    let Ok(reply) = reply else { return };
    let mut stream = reply.into_inner().take(messages);
    while let Some(Ok(_)) = stream.next().await {}
}

/// Makes a call of each kind, and takes so many messages of its reply.
async fn one_of_each(caller: &mut Caller, messages: usize) {
    let stock = &mut caller.stock;
    stock.count(item("book")).await.expect("a reply");
    taken(stock.watch(item("book")).await, messages).await;
    stock.deliver(deliveries(3)).await.expect("a reply");
    taken(stock.exchange(deliveries(3)).await, messages).await;
}

#[test]
fn a_reply_of_any_kind_may_be_dropped_after_any_message() {
    for messages in 0..=4 {
        let spans = calls(async |mut caller| one_of_each(&mut caller, messages).await);
        is_sound(&spans, 4);
    }
}

#[test]
fn a_call_of_any_kind_may_be_given_up_at_any_time() {
    for microseconds in [0, 1, 20, 100, 300, 600, 1000, 2000, 5000] {
        let limit = Duration::from_micros(microseconds);
        let spans = calls(async |mut caller| {
            let _ = tokio::time::timeout(limit, one_of_each(&mut caller, 2)).await;
        });

        // A call that has not reached the server has one span.
        let kinds = |kind| spans.all.iter().filter(|span| span.span_kind == kind).count();
        assert!(kinds(SpanKind::Server) <= kinds(SpanKind::Client), "{:?}", spans.names());
        for span in spans.all.iter().filter(|span| span.span_kind != SpanKind::Internal) {
            assert!(span.attribute("rpc.response.status_code").is_some(), "{span:?}");
        }
    }
}

#[test]
fn a_deadline_of_any_length_leaves_spans_that_say_how_it_ended() {
    for microseconds in [1, 100, 500, 1000, 20_000, 1_000_000] {
        let spans = calls(async |mut caller| {
            let mut request = Request::new(item("book"));
            request.set_timeout(Duration::from_micros(microseconds));
            let _ = caller.stock.count(request).await;
            let mut request = Request::new(deliveries(3));
            request.set_timeout(Duration::from_micros(microseconds));
            taken(caller.stock.exchange(request).await, 3).await;
        });

        for span in spans.all.iter().filter(|span| span.span_kind != SpanKind::Internal) {
            let code = span.text("rpc.response.status_code");
            let code = code.as_deref().unwrap_or_default();
            // A client that gives up before its message is there leaves tonic's server a request that
            // ends without one, which it answers with INTERNAL, to nobody.
            let known = match span.span_kind {
                SpanKind::Server => &["OK", "DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL"][..],
                _ => &["OK", "DEADLINE_EXCEEDED", "CANCELLED"],
            };
            assert!(known.contains(&code), "{span:?}");
            assert_eq!(span.error().is_some(), ["DEADLINE_EXCEEDED", "INTERNAL"].contains(&code));
        }
    }
}

/// Metadata that a client can send and nobody expects.
fn odd(fill: impl FnOnce(&mut MetadataMap)) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    fill(&mut metadata);
    metadata
}

#[test]
fn metadata_of_any_kind_and_size_does_no_harm() {
    let long = || "v".repeat(8_000).parse().expect("ASCII");
    let binary = |bytes: &[u8]| BinaryMetadataValue::from_bytes(bytes);
    let families = [
        odd(|it| {
            it.insert_bin("tenant-bin", binary(&[0, 255, 10]));
            it.insert_bin("traceparent-bin", binary(b"00-1-2-3"));
            it.insert_bin("grpc-trace-bin", binary(&[0; 29]));
        }),
        odd(|it| {
            for _ in 0..50 {
                it.append("tenant", "a".parse().expect("ASCII"));
                it.append("baggage", "k=v".parse().expect("ASCII"));
                it.append("tracestate", "a=1".parse().expect("ASCII"));
            }
        }),
        odd(|it| {
            it.insert("tenant", long());
        }),
        odd(|it| {
            it.insert("baggage", long());
            it.insert("traceparent", long());
        }),
        odd(|it| {
            it.insert("grpc-timeout", "soon".parse().expect("ASCII"));
            it.insert("grpc-status", "13".parse().expect("ASCII"));
            it.insert("grpc-message", "%ff".parse().expect("ASCII"));
        }),
    ];
    for metadata in families {
        let what = format!("{metadata:.80?}");
        let spans = Calls {
            server: ServerLayer::new().request_metadata(["tenant", "tenant-bin", "grpc-trace-bin"]),
            ..Calls::default()
        }
        .made_by(async |mut caller| {
            let mut request = Request::new(item("book"));
            *request.metadata_mut() = metadata;
            caller.stock.count(request).await.expect("a reply");
        });

        is_sound(&spans, 1);
        let server = spans.all.iter().find(|span| span.span_kind == SpanKind::Server);
        let server = server.expect("there is one");
        assert_eq!(server.text("rpc.response.status_code").as_deref(), Some("OK"), "{what}");
        let longest = server.attributes.iter().map(|it| it.value.to_string().len()).max();
        assert!(longest < Some(40_000), "{what}");
        assert!(!server.keys().iter().any(|key| key.ends_with("-bin")), "{what}");
    }
}

#[test]
fn a_megabyte_of_metadata_is_refused_by_the_connection_and_told_by_the_client() {
    let spans = calls(async |mut caller| {
        let mut request = Request::new(item("book"));
        for number in 0..128 {
            let key: tonic::metadata::MetadataKey<_> = format!("k{number}").parse().expect("a key");
            request.metadata_mut().insert::<tonic::metadata::MetadataKey<tonic::metadata::Ascii>>(
                key,
                "v".repeat(8192).parse().expect("ASCII"),
            );
        }
        caller.stock.count(request).await.expect_err("it is too much");
        // The connection is none the worse for it.
        caller.stock.count(item("book")).await.expect("a reply");
    });

    let clients: Vec<_> =
        spans.all.iter().filter(|span| span.span_kind == SpanKind::Client).collect();
    let [refused, well] = clients[..] else { panic!("{:?}", spans.names()) };
    assert!(refused.error().is_some() && well.error().is_none(), "{refused:?}, {well:?}");
}
