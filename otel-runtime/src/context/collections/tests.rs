//! Do maps and lists carry context, whatever the case of a name and the kind of a value?

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt};

use super::*;
use crate::context::TraceContextPropagator;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn list(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn extract(carrier: &(impl ExtractCarrier + ?Sized)) -> SpanContext {
    carrier.with_extractor(|extractor| {
        let context =
            TraceContextPropagator::default().extract_with_context(&Context::new(), extractor);
        context.span().span_context().clone()
    })
}

/// The span that is extracted from these fields, from each type of collection.
fn extract_from_each(fields: &[(&str, &str)]) -> SpanContext {
    let fields = list(fields);
    let of_list = extract(&fields);
    let map: HashMap<String, String> = fields.iter().cloned().collect();
    let tree: BTreeMap<String, String> = fields.iter().cloned().collect();
    assert_eq!(extract(&map), of_list);
    assert_eq!(extract(&tree), of_list);
    of_list
}

#[test]
fn the_case_of_a_name_does_not_count() {
    for name in ["traceparent", "Traceparent", "TRACEPARENT", "TraceParent"] {
        let span = extract_from_each(&[(name, TRACEPARENT), ("TraceState", "foo=1")]);
        assert_eq!(span.span_id().to_string(), "b7ad6b7169203331", "{name}");
        assert_eq!(span.trace_state().header(), "foo=1", "{name}");
    }
    assert!(!extract_from_each(&[("trace-parent", TRACEPARENT)]).is_valid());
}

#[test]
fn values_may_be_bytes_and_everything_may_be_borrowed() {
    let span = extract(&list(&[("traceparent", TRACEPARENT)]));
    assert!(span.is_valid());

    let bytes: Vec<(String, Vec<u8>)> = vec![("Traceparent".to_owned(), TRACEPARENT.into())];
    assert_eq!(extract(&bytes), span);
    assert_eq!(extract(&bytes.iter().cloned().collect::<HashMap<_, _>>()), span);
    assert_eq!(extract(&bytes.iter().cloned().collect::<BTreeMap<_, _>>()), span);
    let borrowed: Vec<(&str, &[u8])> = vec![("Traceparent", TRACEPARENT.as_bytes())];
    assert_eq!(extract(&borrowed), span);
    assert_eq!(extract(&borrowed[..]), span);
    assert_eq!(extract(&HashMap::from([("traceparent", TRACEPARENT)])), span);
}

#[test]
fn bytes_that_are_no_text_are_not_overlooked() {
    let two: [(&str, &[u8]); 2] =
        [("traceparent", TRACEPARENT.as_bytes()), ("traceparent", b"00-\xff")];
    assert_eq!(extract(&two[..]), SpanContext::NONE);
    assert_eq!(extract(&two[1..]), SpanContext::NONE);
    let state: [(&str, &[u8]); 2] =
        [("traceparent", TRACEPARENT.as_bytes()), ("tracestate", b"a=\xff")];
    assert_eq!(extract(&state[..]).trace_state().header(), "");
    assert!(extract(&state[..]).is_valid());
}

#[test]
fn a_map_of_bytes_is_sent_on_with_one_value_a_name() {
    let mut carrier: HashMap<String, Vec<u8>> = HashMap::from([
        ("Traceparent".to_owned(), b"old".to_vec()),
        ("BAGGAGE".to_owned(), b"a=1".to_vec()),
        ("photo".to_owned(), b"\xff\xd8".to_vec()),
    ]);

    carrier.remove_all(&["traceparent", "baggage"]);
    carrier.with_injector(|injector| injector.set("traceparent", TRACEPARENT.to_owned()));

    let expected = HashMap::from([
        ("traceparent".to_owned(), TRACEPARENT.into()),
        ("photo".to_owned(), b"\xff\xd8".to_vec()),
    ]);
    assert_eq!(carrier, expected);
}

#[test]
fn among_ten_thousand_fields_the_one_is_found_and_replaced() {
    let mut carrier: HashMap<String, String> =
        (0..10_000).map(|n| (format!("field-{n}"), "value".repeat(n % 7))).collect();
    carrier.insert("TraceParent".to_owned(), TRACEPARENT.to_owned());
    assert!(extract(&carrier).is_valid());
    let list: Vec<(String, String)> = carrier.clone().into_iter().collect();
    assert!(extract(&list).is_valid());

    carrier.remove_all(&["traceparent", "tracestate", "baggage"]);

    assert_eq!(carrier.len(), 10_000);
    let all = vec![("traceparent".to_owned(), TRACEPARENT.to_owned()); 10_000];
    assert!(!extract(&all).is_valid(), "ten thousand parents are none");
}

#[test]
fn a_new_map_or_list_needs_no_annotation() {
    let mut map = BTreeMap::new();
    map.with_injector(|injector| injector.set("traceparent", TRACEPARENT.to_owned()));
    let value: String = map.remove("traceparent").unwrap_or_default();
    assert_eq!(value, TRACEPARENT);
}

#[test]
fn names_that_differ_in_case_only_are_one_field_with_two_values() {
    let two = [("traceparent", TRACEPARENT), ("Traceparent", TRACEPARENT)];
    assert!(!extract_from_each(&two).is_valid());

    let state = [("traceparent", TRACEPARENT), ("tracestate", "foo=1"), ("Tracestate", "bar=2")];
    assert_eq!(extract_from_each(&state).trace_state().header(), "foo=1,bar=2");
}

#[test]
fn a_list_keeps_the_order_of_its_fields() {
    let state =
        list(&[("Tracestate", "foo=1"), ("traceparent", TRACEPARENT), ("tracestate", "bar=2")]);
    assert_eq!(extract(&state).trace_state().header(), "foo=1,bar=2");
}

#[test]
fn what_is_written_replaces_what_is_there_whatever_its_case() {
    fn overwrite<C: InjectCarrier>(mut carrier: C) -> C {
        carrier.remove("baggage");
        carrier.with_injector(|injector| injector.set("TraceParent", TRACEPARENT.to_owned()));
        carrier
    }
    let there = list(&[
        ("Traceparent", "old"),
        ("host", "a"),
        ("TRACEPARENT", "older"),
        ("Baggage", "a=1"),
    ]);
    let expected = list(&[("host", "a"), ("traceparent", TRACEPARENT)]);

    let map: HashMap<String, String> = there.iter().cloned().collect();
    let tree: BTreeMap<String, String> = there.iter().cloned().collect();
    assert_eq!(overwrite(there), expected);
    assert_eq!(overwrite(map), expected.iter().cloned().collect());
    assert_eq!(overwrite(tree), expected.iter().cloned().collect());
}
