//! What does the span of a message that is sent say?

use super::*;

#[test]
fn a_message_is_sent_in_a_span_whose_context_goes_out_with_it() {
    let mut headers = Headers::new();
    let ((), spans) = capture(|| {
        let message = Message::new().id("7").body_size(12).conversation_id("c");
        orders().send().operation_name("publish").message(message).run(|| {
            work();
            inject(&mut headers);
        });
    });

    let span = spans.one("publish orders");
    assert_eq!(*span.kind(), SpanKind::Producer);
    for (key, value) in [
        ("messaging.system", "nats"),
        ("messaging.operation.name", "publish"),
        ("messaging.operation.type", "send"),
        ("messaging.destination.name", "orders"),
        ("messaging.message.id", "7"),
        ("messaging.message.conversation_id", "c"),
        ("server.address", "nats.example"),
    ] {
        assert_eq!(text(&span, key), Some(value), "{key}");
    }
    assert_eq!(int(&span, "messaging.message.body.size"), Some(12));
    assert_eq!(int(&span, "server.port"), Some(4222));
    for absent in ["messaging.batch.message_count", "messaging.destination.anonymous", "error.type"]
    {
        assert_eq!(span.attribute(absent), None, "{absent}");
    }
    assert_eq!(spans.one("work").parent().map(|it| it.name()), Some("publish orders"));
    assert!(headers["traceparent"].contains(&span.data().span_context.span_id().to_string()));
}

#[test]
fn a_message_to_rabbitmq_names_exchange_and_routing_key() {
    let ((), spans) = capture(|| {
        Destination::rabbitmq("shop", "paid").send().operation_name("publish").run(|| ());
        Destination::rabbitmq("", "amq.gen-Zq").send().run(|| ());
    });

    let paid = spans.one("publish shop:paid");
    assert_eq!(text(&paid, "messaging.system"), Some("rabbitmq"));
    assert_eq!(text(&paid, "messaging.destination.name"), Some("shop:paid"));
    assert_eq!(text(&paid, "messaging.rabbitmq.destination.routing_key"), Some("paid"));
    let reply = spans.one("send");
    assert_eq!(text(&reply, "messaging.destination.name"), Some("amq.gen-Zq"));
    assert_eq!(reply.attribute("messaging.destination.anonymous"), Some(&true.into()));
}

#[test]
fn a_message_that_was_created_before_is_sent_by_a_client_with_a_link_to_that() {
    let ((), spans) = capture(|| {
        let mut headers = Headers::new();
        orders().create().message(Message::new().id("7")).run(|| inject(&mut headers));
        orders().send().batch([Message::from_headers(&headers).id("7")]).run(|| ());
    });

    let created = spans.one("create orders");
    assert_eq!(*created.kind(), SpanKind::Producer);
    assert_eq!(text(&created, "messaging.message.id"), Some("7"));
    let span = spans.one("send orders");
    assert_eq!(*span.kind(), SpanKind::Client);
    assert_eq!(ids(linked(&span)), ids([context(&created)]));
}

#[test]
fn a_header_table_that_is_sent_on_names_the_span_that_sends_it_and_keeps_the_users_entries() {
    let incoming = Headers::from([
        (
            "Traceparent".to_owned(),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        ),
        ("tracestate".to_owned(), "vendor=stale".to_owned()),
        ("Baggage".to_owned(), "tenant=stale".to_owned()),
        ("b3".to_owned(), "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1".to_owned()),
        ("priority".to_owned(), "high".to_owned()),
    ]);
    let mut outgoing = incoming.clone();
    let ((), spans) = capture(|| orders().send().run(|| inject(&mut outgoing)));

    let span = context(&spans.one("send orders"));
    let traceparent = format!("00-{}-{}-01", span.trace_id(), span.span_id());
    let got = outgoing.remove("traceparent").map(|it| it[..it.len() - 3].to_owned());
    assert_eq!(got.as_deref(), Some(&traceparent[..traceparent.len() - 3]));
    assert_eq!(outgoing, Headers::from([("priority".to_owned(), "high".to_owned())]));
}
