//! Which attributes does a span take over from baggage and from a scope, as a receiver decodes them?

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, attribute, text};

/// The spans of the program, by their names.
fn spans(test: &str, variables: &[(&str, &str)], count: usize) -> BTreeMap<String, Span> {
    let backend = Receiver::http();
    let mut program = program(env!("CARGO_BIN_EXE_surroundings"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").arg(test);
    run(program.envs(variables.iter().copied()));
    let received = backend.spans(count).into_iter().map(|received| received.span);
    received.map(|span| (span.name.clone(), span)).collect()
}

/// The attributes that are not those of every span of a function.
fn said(span: &Span) -> BTreeMap<&str, Value> {
    let attributes = span.attributes.iter().filter(|it| !it.key.starts_with("code."));
    let value = |key: &str| attribute(&span.attributes, key).expect("it is there").clone();
    attributes.map(|it| (it.key.as_str(), value(&it.key))).collect()
}

const KEYS: [(&str, &str); 1] =
    [("OTEL_TRACED_BAGGAGE_ATTRIBUTES", "tenant.*,user.email,shard,own,nothing")];

#[test]
fn chosen_baggage_is_on_every_span_under_it_behind_what_the_span_and_its_scope_say() {
    let spans = spans("trusted", &KEYS, 4);

    let all = |own: &'static str| {
        BTreeMap::from([
            ("own", text(own)),
            ("shard", text("scope")),
            ("tenant.id", text("7")),
            ("tenant.plan", text("J ü")),
            ("user.email", text("a@b")),
        ])
    };
    assert_eq!(said(&spans["trusted"]), all("own"));
    assert_eq!(said(&spans["inner"]), all("baggage"));
    assert_eq!(said(&spans["foreign"]), all("own"));
    let mut not_personal = all("baggage");
    not_personal.remove("user.email");
    assert_eq!(said(&spans["private"]), not_personal);
}

#[test]
fn without_a_choice_no_baggage_is_on_a_span() {
    let spans = spans("trusted", &[], 4);

    let scope = BTreeMap::from([("shard", text("scope"))]);
    assert_eq!(said(&spans["inner"]), scope);
    assert_eq!(said(&spans["foreign"]).get("tenant.id"), None);
}

#[test]
fn baggage_of_callers_that_are_not_believed_is_on_no_span() {
    let spans = spans("linked", &KEYS, 2);

    assert_eq!(said(&spans["linked"]), BTreeMap::new());
    assert_eq!(said(&spans["inner"]), BTreeMap::new());
    assert_eq!(spans["linked"].links.len(), 1);
}

#[test]
fn a_scope_has_what_room_the_spans_own_attributes_leave() {
    let limits =
        [("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "8"), ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3")];
    let spans = spans("crowded", &limits, 2);

    // Three say where the function is, one is listed; so four of the nine others.
    let listed = &spans["listed"];
    assert_eq!((listed.attributes.len(), listed.dropped_attributes_count), (8, 5));
    assert_eq!(attribute(&listed.attributes, "key3"), Some(&Value::IntValue(3)));
    assert_eq!(attribute(&listed.attributes, "key4"), Some(&text("grö")));
    assert_eq!(attribute(&listed.attributes, "key5"), None);
    let foreign = &spans["foreign"];
    assert_eq!((foreign.attributes.len(), foreign.dropped_attributes_count), (8, 2));
    assert_eq!(attribute(&foreign.attributes, "key4"), Some(&text("grö")));
}
