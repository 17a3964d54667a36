//! What does the span of a message that came in say?

use opentelemetry::baggage::BaggageExt;
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::carry_in;
use otel_runtime::filter::{self, Filter};

use super::*;

#[test]
fn a_message_is_processed_in_a_trace_of_its_own_with_a_link_to_the_span_that_sent_it() {
    let ((), spans) = capture(|| {
        let headers = sent();
        std::thread::spawn(move || ship(&orders(), &headers)).join().expect("a worker");
    });

    let (sender, span) = (context(&spans.one("send orders")), spans.one("process orders"));
    assert_eq!(*span.kind(), SpanKind::Consumer);
    assert_eq!(text(&span, "messaging.operation.type"), Some("process"));
    assert!(span.parent().is_none());
    assert_ne!(context(&span).trace_id(), sender.trace_id());
    assert_eq!(ids(linked(&span)), ids([sender]));
    assert_eq!(spans.one("work").parent().map(|it| it.name()), Some("process orders"));
}

#[test]
fn a_message_that_is_delivered_twice_has_two_spans_linked_to_the_same_one() {
    let ((), spans) = capture(|| {
        let headers = sent();
        ship(&orders(), &headers);
        ship(&orders(), &headers);
    });

    let sender = ids([context(&spans.one("send orders"))]);
    let processed: Vec<_> = spans.named("process orders").collect();
    assert_eq!(processed.len(), 2);
    assert!(processed.iter().all(|span| ids(linked(span)) == sender));
}

#[test]
fn a_worker_that_continues_traces_is_a_child_of_the_sender_and_has_its_baggage() {
    let headers = Context::new().with_baggage([KeyValue::new("tenant", "7")]).attach();
    let ((tenant, sent), spans) = capture(|| {
        let sent = sent();
        let worker = orders().continue_traces();
        let message = Message::from_headers(&sent);
        let tenant = std::thread::scope(|scope| {
            let process = || {
                let mut tenant = None;
                worker.process().message(message).run(|| {
                    tenant = Context::current().baggage().get("tenant").map(ToString::to_string);
                    work();
                });
                tenant
            };
            // Not carried along: a worker knows of the sender by the message alone.
            std::thread::Builder::new().spawn_scoped(scope, process).expect("a thread").join()
        });
        (tenant.expect("a worker"), sent)
    });
    drop(headers);

    let (sender, span) = (spans.one("send orders"), spans.one("process orders"));
    assert_eq!(span.parent().map(|it| context(&it)), Some(context(&sender)));
    assert_eq!(ids(linked(&span)), ids([context(&sender)]));
    assert_eq!(sent.get("baggage").map(String::as_str), Some("tenant=7"));
    assert_eq!(tenant.as_deref(), Some("7"));
}

#[test]
fn a_worker_that_continues_traces_below_another_span_is_linked_to_that_too() {
    let ((), spans) = capture(|| {
        let mut headers = Headers::new();
        carry_in(Context::new(), || headers = sent())();
        outer(&headers);
    });

    let (sender, span) = (spans.one("send orders"), spans.one("process orders"));
    assert_eq!(span.parent().map(|it| context(&it)), Some(context(&sender)));
    let both = ids([context(&spans.one("outer")), context(&sender)]);
    assert_eq!(ids(linked(&span)), both);
}

#[traced]
fn outer(headers: &Headers) {
    ship(&orders().continue_traces(), headers);
}

#[test]
fn below_the_filter_a_worker_still_passes_its_senders_trace_on() {
    let _filter = FILTER.write().unwrap_or_else(PoisonError::into_inner);
    let before = filter::current();
    filter::set("info,otel_runtime::messaging=off".parse::<Filter>().expect("directives"));
    let incoming = Headers::from([(
        "traceparent".to_owned(),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
    )]);
    let mut outgoing = [Headers::new(), Headers::new()];
    let ((), spans) = otel_runtime::testing::capture(|| {
        let message = Message::from_headers(&incoming);
        orders()
            .continue_traces()
            .process()
            .message(message.clone())
            .run(|| inject(&mut outgoing[0]));
        orders().process().message(message).run(|| inject(&mut outgoing[1]));
    });
    filter::set(before);

    assert!(spans.with_other_traces().is_empty());
    assert_eq!(outgoing[0], incoming);
    assert_ne!(outgoing[1].get("traceparent"), incoming.get("traceparent"));
}

#[test]
fn without_headers_or_with_headers_of_other_types_there_is_a_span_without_a_link() {
    let nothing = Headers::new();
    let rubbish = Headers::from([("traceparent".to_owned(), "7".to_owned())]);
    let bytes: Vec<(&str, &[u8])> = vec![("traceparent", b"\xff\x00"), ("baggage", b"\xff")];
    let ((), spans) = capture(|| {
        for destination in [orders(), orders().continue_traces()] {
            destination.process().run(work);
            for message in [
                Message::new(),
                Message::from_headers(&nothing),
                Message::from_headers(&rubbish),
                Message::from_headers(&bytes),
            ] {
                destination.process().message(message).run(work);
            }
        }
    });

    let processed: Vec<_> = spans.named("process orders").collect();
    assert_eq!(processed.len(), 10);
    assert!(processed.iter().all(|span| span.links().is_empty()));
}

#[test]
fn what_was_received_is_told_once_it_is_there() {
    let (received, spans) = capture(|| {
        let headers = sent();
        let ask = || Ok::<_, io::Error>(Some((headers, "7")));
        orders().receive().operation_name("fetch").run(ask, |came| {
            came.as_ref().map(|(headers, id)| Message::from_headers(headers).id(*id))
        })
    });

    assert!(received.is_ok_and(|it| it.is_some()));
    let span = spans.one("fetch orders");
    assert_eq!(*span.kind(), SpanKind::Client);
    assert_eq!(text(&span, "messaging.operation.type"), Some("receive"));
    assert_eq!(text(&span, "messaging.message.id"), Some("7"));
    assert_eq!(ids(linked(&span)), ids([context(&spans.one("send orders"))]));
}

#[test]
fn a_message_is_settled_by_a_client() {
    let ((), spans) = capture(|| {
        let headers = sent();
        let queue = Destination::rabbitmq("shop", "paid").queue("invoices");
        let message = Message::from_headers(&headers).delivery_tag(3).body_size(12);
        queue.settle().operation_name("ack").message(message).run(|| ());
    });

    let span = spans.one("ack shop:paid:invoices");
    assert_eq!(*span.kind(), SpanKind::Client);
    assert_eq!(text(&span, "messaging.operation.type"), Some("settle"));
    assert_eq!(int(&span, "messaging.rabbitmq.message.delivery_tag"), Some(3));
    for absent in ["messaging.rabbitmq.destination.routing_key", "messaging.message.body.size"] {
        assert_eq!(span.attribute(absent), None, "{absent}");
    }
    assert_eq!(ids(linked(&span)), ids([context(&spans.one("send orders"))]));
}
