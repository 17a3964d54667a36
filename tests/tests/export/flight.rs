//! Which spans that were not sampled arrive when something goes wrong?

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use otel_tests::program::program;
use otel_tests::receiver::{Received, Receiver};

/// What arrives of a program that samples nothing, each span by its name and why it was sent, sorted.
fn sent(form: &str, count: usize) -> Vec<(String, String)> {
    let backend = Receiver::http();
    let mut program = of(form, &backend);
    program.output().expect("a program");
    arrived(&backend, count)
}

fn of(form: &str, backend: &Receiver) -> Command {
    let mut program = program(env!("CARGO_BIN_EXE_flight"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    program.env("OTEL_TRACES_SAMPLER", "always_off");
    program.env("OTEL_TRACED_FLIGHT_MAX_BYTES", "1000000").arg(form);
    program
}

fn arrived(backend: &Receiver, count: usize) -> Vec<(String, String)> {
    let mut all: Vec<_> = backend.spans(count).iter().map(told).collect();
    all.sort_unstable();
    all
}

/// The name of a span, and why it was sent.
#[track_caller]
fn told(Received { span, .. }: &Received) -> (String, String) {
    assert_eq!(span.flags & 1, 0, "it was not sampled");
    let why = span.attributes.iter().find(|it| it.key == "traced.flight").expect("it says why");
    let text = format!("{:?}", span.attributes);
    assert!(!text.contains("ghp_"), "it is redacted: {text}");
    match why.value.as_ref().and_then(|it| it.value.as_ref()) {
        Some(Value::StringValue(why)) => (span.name.clone(), why.clone()),
        other => panic!("{other:?}"),
    }
}

fn told_as(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, why)| ((*name).to_owned(), (*why).to_owned())).collect()
}

#[test]
fn a_program_in_which_nothing_goes_wrong_sends_nothing() {
    assert_eq!(sent("nothing", 0), told_as(&[]));
}

#[test]
fn an_error_sends_its_trace_whole_and_no_other() {
    let expected = told_as(&[("load", "error"), ("query", "error"), ("request", "error")]);
    assert_eq!(sent("error", 3), expected);
}

#[test]
fn a_call_sends_all_that_ended_before_it() {
    let expected = told_as(&[("load", "call"), ("query", "call"), ("request", "call")]);
    assert_eq!(sent("call", 3), expected);
}

#[test]
fn a_panic_sends_all_whether_a_thread_ends_by_it_or_the_program() {
    for form in ["thread", "main"] {
        let all = sent(form, 4);
        let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["load", "panics", "query", "request"], "{form}");
        // The span that panics ends after the panic has begun.
        assert!(all.iter().all(|(name, why)| why == "panic" || name == "panics"), "{all:?}");
    }
}

#[test]
fn a_signal_that_ends_the_program_sends_all() {
    let backend = Receiver::http();
    let mut program = of("signal", &backend).stdout(Stdio::piped()).spawn().expect("a program");
    let mut line = String::new();
    BufReader::new(program.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let pid = program.id().to_string();
    assert!(Command::new("kill").args(["-s", "TERM", &pid]).status().expect("run").success());
    program.wait().expect("an end");

    let expected = told_as(&[("load", "signal"), ("query", "signal"), ("request", "signal")]);
    assert_eq!(arrived(&backend, 3), expected);
}

#[test]
fn a_forked_child_begins_with_an_empty_recorder() {
    assert_eq!(sent("fork", 1), told_as(&[("load", "call")]));
}
