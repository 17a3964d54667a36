//! Do the headers of NATS and RabbitMQ carry one trace, that of who sends them, and all else?

#[path = "../nats/headers.rs"]
mod nats;
#[path = "../rabbitmq/headers.rs"]
mod rabbitmq;

use async_nats::HeaderMap;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use otel_runtime::context::{TraceContextPropagator, carry_in, extract};

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// What a span's context is where it is current.
fn context() -> Context {
    global::set_text_map_propagator(TraceContextPropagator::default());
    extract(&[("traceparent", CALLER)][..])
}

fn text(text: &str) -> AMQPValue {
    AMQPValue::LongString(text.into())
}

fn properties(entries: &[(&str, AMQPValue)]) -> BasicProperties {
    let mut table = FieldTable::default();
    for (name, value) in entries {
        table.insert((*name).into(), value.clone());
    }
    BasicProperties::default().with_headers(table)
}

#[test]
fn a_message_of_nats_that_is_sent_on_has_one_trace_and_the_users_headers() {
    let mut headers = HeaderMap::new();
    for (name, value) in [("priority", "high"), ("Traceparent", "stale"), ("b3", "stale")] {
        headers.append(name, value);
    }
    headers.append("tracestate", "stale=1");

    let sent_on = carry_in(context(), || nats::with_context(&headers))();
    let without_a_span = carry_in(Context::new(), || nats::with_context(&headers))();

    let mut fields = nats::fields(Some(&sent_on));
    fields.sort();
    let expected = [("priority", "high"), ("traceparent", CALLER)];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let left = [("priority".to_owned(), "high".to_owned())];
    assert_eq!(nats::fields(Some(&without_a_span)), left);
    assert!(nats::fields(None).is_empty());
}

#[test]
fn a_message_of_rabbitmq_that_is_sent_on_has_one_trace_and_the_users_headers() {
    let incoming = properties(&[
        ("priority", AMQPValue::LongInt(7)),
        ("TraceParent", text("stale")),
        ("tracestate", text("stale=1")),
        ("b3", text("stale")),
    ]);

    let sent_on = carry_in(context(), || rabbitmq::with_context(incoming.clone()))();
    let without_a_span = carry_in(Context::new(), || rabbitmq::with_context(incoming))();

    let expected = [("priority", AMQPValue::LongInt(7)), ("traceparent", text(CALLER))];
    assert_eq!(sent_on, properties(&expected));
    assert_eq!(without_a_span, properties(&expected[..1]));
}

#[test]
fn a_message_of_rabbitmq_without_properties_is_given_a_table() {
    let sent = carry_in(context(), || rabbitmq::with_context(BasicProperties::default()))();

    assert_eq!(sent, properties(&[("traceparent", text(CALLER))]));
}

#[test]
fn headers_of_other_types_are_none() {
    let nested = FieldTable::default();
    for value in [
        AMQPValue::LongInt(7),
        AMQPValue::FieldTable(nested),
        AMQPValue::ByteArray(vec![0xff].into()),
        AMQPValue::Void,
    ] {
        let odd = properties(&[("traceparent", value)]);
        assert!(rabbitmq::fields(odd.headers().as_ref()).is_empty());
    }
    let not_utf8 = properties(&[("traceparent", AMQPValue::LongString(vec![0xff].into()))]);
    let fields = rabbitmq::fields(not_utf8.headers().as_ref());
    context();
    assert!(!extract(&fields).has_active_span());
    assert!(rabbitmq::fields(None).is_empty());
}
