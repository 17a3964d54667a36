//! What of a span of an annotated function is kept within the limits, as a receiver decodes it?

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, attribute, text};

/// The span of the program, under this limit.
fn limited(variable: &str, limit: &str) -> Span {
    let backend = Receiver::http();
    let mut program = program(env!("CARGO_BIN_EXE_limited"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    run(program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").env(variable, limit));
    backend.spans(1).remove(0).span
}

fn keys(attributes: &[KeyValue]) -> Vec<&str> {
    attributes.iter().map(|attribute| attribute.key.as_str()).collect()
}

#[test]
fn attributes_are_counted_with_those_that_every_span_has() {
    const NAME: &str = "code.function.name";
    const PLACE: [&str; 2] = ["code.file.path", "code.line.number"];
    // One that is told otherwise comes last.
    let all: [(&str, &[&str], u32); 7] = [
        ("0", &[], 7),
        ("1", &[NAME], 5),
        ("2", &[PLACE[0], NAME], 4),
        ("3", &[PLACE[0], PLACE[1], NAME], 3),
        ("4", &[PLACE[0], PLACE[1], "listed", NAME], 2),
        ("6", &[PLACE[0], PLACE[1], "listed", "number", "late", NAME], 0),
        ("128", &[PLACE[0], PLACE[1], "listed", "number", "late", NAME], 0),
    ];
    for (limit, kept, dropped) in all {
        let span = limited("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limit);

        assert_eq!(keys(&span.attributes), kept, "{limit}");
        assert_eq!(span.dropped_attributes_count, dropped, "{limit}");
        if limit != "0" {
            assert_eq!(attribute(&span.attributes, NAME), Some(&text("my own")), "{limit}");
        }
    }
}

#[test]
fn strings_are_cut_at_a_character_also_in_arrays() {
    let span = limited("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3");

    let value = |key| attribute(&span.attributes, key).cloned();
    let any = |text| AnyValue { value: Some(text) };
    assert_eq!(value("listed"), Some(text("grö")));
    assert_eq!(value("number"), Some(Value::IntValue(12345)));
    let words = ArrayValue { values: vec![any(text("grö")), any(text("ab"))] };
    assert_eq!(value("late"), Some(Value::ArrayValue(words)));
    assert_eq!(value("code.function.name"), Some(text("my ")));
    assert_eq!(value("code.file.path"), Some(text("tes")));
    assert_eq!(attribute(&span.events[0].attributes, "a"), Some(&text("grö")));
    assert_eq!(attribute(&span.links[1].attributes, "a"), Some(&text("grö")));
    assert_eq!(span.dropped_attributes_count, 0);
}

#[test]
fn the_first_events_and_links_stay() {
    let span = limited("OTEL_SPAN_EVENT_COUNT_LIMIT", "1");
    let names: Vec<_> = span.events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!((names, span.dropped_events_count), (vec!["first"], 1));
    assert_eq!((span.links.len(), span.dropped_links_count), (3, 0));

    let span = limited("OTEL_SPAN_LINK_COUNT_LIMIT", "2");
    assert_eq!((span.links.len(), span.dropped_links_count), (2, 1));
    assert_eq!(keys(&span.links[0].attributes), [""; 0]);
    assert_eq!(keys(&span.links[1].attributes), ["a", "b"]);
    assert_eq!((span.events.len(), span.dropped_events_count), (2, 0));
}

#[test]
fn attributes_of_events_and_links_are_counted_by_themselves() {
    let span = limited("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1");
    for event in &span.events {
        assert_eq!((keys(&event.attributes), event.dropped_attributes_count), (vec!["a"], 1));
    }
    assert_eq!(span.links[1].dropped_attributes_count, 0);

    let span = limited("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0");
    let dropped: Vec<_> = span.links.iter().map(|link| link.dropped_attributes_count).collect();
    assert_eq!(dropped, [0, 2, 2]);
    assert_eq!(span.links[1].attributes, []);
    assert_eq!(span.events[0].dropped_attributes_count, 0);
}
