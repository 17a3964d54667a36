//! What becomes of loops that are folded into one span, as a receiver decodes it, and do the numbers add up?

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, attribute};

/// What the program wrote, and its spans.
fn spans(test: &str, first: &str, count: usize) -> (String, Vec<Span>) {
    let backend = Receiver::http();
    let mut program = program(env!("CARGO_BIN_EXE_folded"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").env("OTEL_TRACED_FOLD", first);
    let (stdout, _) = run(program.arg(test));
    (stdout, backend.spans(count).into_iter().map(|received| received.span).collect())
}

/// How many spans of this name stand for themselves, and for how many others each of the rest stands.
fn counted(spans: &[Span], name: &str) -> (usize, Vec<i64>) {
    let named = spans.iter().filter(|span| span.name == name);
    let counts = named.map(|span| attribute(&span.attributes, "traced.folded.count"));
    let (mut own, mut folded) = (0, Vec::new());
    for count in counts {
        match count {
            None => own += 1,
            Some(Value::IntValue(count)) => folded.push(*count),
            Some(other) => panic!("not a number: {other:?}"),
        }
    }
    (own, folded)
}

#[test]
fn a_variable_folds_the_loops_of_every_function_that_says_nothing_else() {
    let (stdout, spans) = spans("loops", "3", 17);

    assert_eq!(stdout, "Delivery { exported: 17 } none\n");
    assert_eq!(counted(&spans, "load"), (3, vec![7]));
    assert_eq!(counted(&spans, "every"), (10, vec![]));
    assert_eq!(counted(&spans, "one"), (1, vec![9]));
    let one =
        spans.iter().find(|span| attribute(&span.attributes, "traced.folded.count").is_some());
    let one = one.expect("a span that stands for others");
    let parent = spans.iter().find(|span| span.name == "parent").expect("their parent");
    assert_eq!((&one.trace_id, &one.parent_span_id), (&parent.trace_id, &parent.span_id));
    assert!(parent.start_time_unix_nano <= one.start_time_unix_nano);
    assert!(one.end_time_unix_nano <= parent.end_time_unix_nano);
    for key in ["traced.folded.total_ns", "traced.folded.largest_ns", "code.line.number"] {
        let value = attribute(&one.attributes, key);
        assert!(matches!(value, Some(Value::IntValue(_))), "{key}: {value:?}");
    }
}

#[test]
fn without_a_setting_only_functions_that_ask_for_it_are_folded() {
    let backend = Receiver::http();
    let mut program = program(env!("CARGO_BIN_EXE_folded"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").env("OTEL_TRACED_FOLD", "0");
    run(program.arg("shutdown"));

    let spans: Vec<_> = backend.spans(10).into_iter().map(|received| received.span).collect();
    assert_eq!(counted(&spans, "load"), (10, vec![]));
}

#[test]
fn a_shutdown_before_the_parent_ends_sends_what_is_folded() {
    let (stdout, spans) = spans("shutdown", "3", 4);

    assert_eq!(stdout, "Delivery { exported: 4 }\n");
    assert_eq!(counted(&spans, "load"), (3, vec![7]));
}

#[test]
fn a_fork_sends_what_is_folded_once() {
    let (stdout, spans) = spans("forks", "3", 3 + 1 + 1 + 3 + 1);

    assert_eq!(stdout, "Delivery { exported: 4 }\n");
    // In the child, siblings are counted anew.
    let (own, mut folded) = counted(&spans, "load");
    folded.sort_unstable();
    assert_eq!((own, folded), (3 + 3, vec![7, 17]));
    assert_eq!(counted(&spans, "parent"), (1, vec![]));
}
