//! What does a span say of many messages?

use super::*;

#[test]
fn a_batch_of_200_messages_of_200_traces_has_128_links_and_counts_the_others() {
    let (sent, spans) = capture(|| {
        let sent: Vec<Headers> = (0..200).map(|_| sent()).collect();
        let messages = sent.iter().enumerate();
        let batch =
            messages.map(|(n, it)| Message::from_headers(it).id(n.to_string()).body_size(n));
        orders().process().batch(batch).run(work);
        sent
    });

    let span = spans.one("process orders");
    assert_eq!(int(&span, "messaging.batch.message_count"), Some(200));
    assert_eq!((span.links().len(), span.data().links.dropped_count), (128, 72));
    for (n, link) in span.links().iter().enumerate() {
        let sender = link.span_context.span_id().to_string();
        assert!(sent[n]["traceparent"].contains(&sender));
        let id = link.attributes.iter().find(|it| it.key.as_str() == "messaging.message.id");
        assert_eq!(id.map(|it| it.value.to_string()), Some(n.to_string()));
    }
    assert_eq!(span.attribute("messaging.message.id"), None);
}

#[test]
fn a_batch_is_never_under_one_of_its_messages() {
    let ((), spans) = capture(|| {
        let headers = sent();
        orders().continue_traces().process().batch([Message::from_headers(&headers)]).run(work);
    });

    assert!(spans.one("process orders").parent().is_none());
    assert_eq!(int(&spans.one("process orders"), "messaging.batch.message_count"), Some(1));
}

#[test]
fn messages_without_context_count_and_have_no_link() {
    let ((), spans) = capture(|| {
        orders().process().batch([Message::new(), Message::new().id("7")]).run(work);
        orders().process().operation_name("consume").batch([]).run(work);
    });

    let span = spans.one("process orders");
    assert_eq!(int(&span, "messaging.batch.message_count"), Some(2));
    assert!(span.links().is_empty());
    assert_eq!(int(&spans.one("consume orders"), "messaging.batch.message_count"), Some(0));
}

#[test]
fn a_batch_that_was_received_is_counted_and_linked() {
    let (_, spans) = capture(|| {
        let ask = || Ok::<_, io::Error>(vec![sent(), sent()]);
        orders()
            .receive()
            .run(ask, |came| came.iter().map(Message::from_headers).collect::<Vec<_>>())
    });

    let span = spans.one("receive orders");
    assert_eq!(int(&span, "messaging.batch.message_count"), Some(2));
    let senders = spans.named("send orders").map(|it| context(&it));
    assert_eq!(ids(linked(&span)), ids(senders));
}
