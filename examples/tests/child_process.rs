//! Are a program, its children and theirs in one trace?

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use opentelemetry_proto::tonic::trace::v1::Span;
use otel_runtime::Protocol;
use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, backends};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// The example, which is built before the tests of its package.
fn path() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    this.ancestors().nth(2).expect("it is two directories deep").join("examples/child_process")
}

/// A program that sends its spans to the backend, as all that it starts.
fn sending_to(backend: &Receiver, program: Command) -> Command {
    let mut program = program;
    for name in ["TRACEPARENT", "TRACESTATE", "BAGGAGE"] {
        program.env_remove(name);
    }
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", Protocol::HttpProtobuf.to_string());
    program
}

fn backend() -> Receiver {
    let mut backends = backends().into_iter();
    let by_http = backends.find(|(protocol, _)| *protocol == Protocol::HttpProtobuf);
    by_http.expect("there is one").1
}

/// The spans that arrive, once there are so many of them.
fn arrived(backend: &Receiver, number: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    while spans.len() < number {
        spans.extend(backend.request().spans().map(|received| received.span.clone()));
    }
    spans
}

/// An id, as `traceparent` has it.
fn id(hex: &str) -> Vec<u8> {
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
    bytes.collect::<Result<_, _>>().expect("hexadecimal digits")
}

/// Each span as the names from the uppermost one down to it.
fn paths(spans: &[Span]) -> Vec<String> {
    let by_id: BTreeMap<_, _> = spans.iter().map(|span| (&span.span_id, span)).collect();
    let mut paths: Vec<String> = spans
        .iter()
        .map(|span| {
            let mut names = vec![&*span.name];
            let mut at = span;
            while let Some(parent) = by_id.get(&at.parent_span_id) {
                names.insert(0, &parent.name);
                at = parent;
            }
            names.join(" ")
        })
        .collect();
    paths.sort();
    paths
}

const PATHS: [&str; 10] = [
    "import",
    "import child_process",
    "import child_process",
    "import child_process",
    "import child_process convert",
    "import child_process convert",
    "import child_process convert child_process",
    "import child_process convert child_process",
    "import child_process convert child_process pack",
    "import child_process convert child_process pack",
];

#[test]
fn children_by_std_and_tokio_and_their_children_are_in_one_trace() {
    let backend = backend();

    run(&mut sending_to(&backend, program(path())));

    let spans = arrived(&backend, 11);
    let mut expected = PATHS.map(str::to_owned).to_vec();
    expected.insert(4, "import child_process pack".to_owned()); // whose environment was cleared
    expected.sort();
    assert_eq!(paths(&spans), expected);
    assert!(spans.iter().all(|span| span.trace_id == spans[0].trace_id));
}

#[test]
fn a_trace_that_is_in_the_environment_already_goes_on_and_its_place_is_taken_for_children() {
    let backend = backend();
    let mut program = sending_to(&backend, program(path()));
    program.env("TRACEPARENT", format!("00-{TRACE}-{CALLER}-01")).env("TRACESTATE", "vendor=1");

    run(&mut program);

    let spans = arrived(&backend, 11);
    assert!(spans.iter().all(|span| span.trace_id == id(TRACE)));
    assert!(spans.iter().all(|span| span.trace_state == "vendor=1"), "it is the same trace");
    let under_the_caller = spans.iter().filter(|span| span.parent_span_id == id(CALLER));
    assert_eq!(under_the_caller.map(|span| &*span.name).collect::<Vec<_>>(), ["import"]);
}

#[cfg(unix)]
#[test]
fn values_that_are_not_utf8_do_no_harm() {
    use std::os::unix::ffi::OsStringExt;

    let backend = backend();
    let mut program = sending_to(&backend, program(path()));
    let odd = || OsString::from_vec(b"00-\xff\xfe".to_vec());
    program
        .args(["convert", "a"])
        .env("TRACEPARENT", odd())
        .env("BAGGAGE", odd())
        .env("ODD", odd());

    let output = program.output().expect("a program");

    assert!(output.status.success(), "{output:?}");
    let spans = arrived(&backend, 3);
    assert_eq!(paths(&spans), ["convert", "convert child_process", "convert child_process pack"]);
    assert!(spans.iter().all(|span| span.trace_id == spans[0].trace_id));
}

#[cfg(unix)]
#[test]
fn a_child_that_clears_its_environment_begins_a_trace_of_its_own() {
    let backend = backend();
    let mut program = sending_to(&backend, program("/usr/bin/env"));
    program.env("TRACEPARENT", format!("00-{TRACE}-{CALLER}-01"));
    // It forgets all that it was started with, but for what is said here.
    program.arg("-i").arg(format!("OTEL_EXPORTER_OTLP_ENDPOINT={}", backend.endpoint()));
    program.arg("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf").arg(path()).args(["convert", "a"]);

    run(&mut program);

    let spans = arrived(&backend, 3);
    assert_eq!(paths(&spans), ["convert", "convert child_process", "convert child_process pack"]);
    assert!(spans.iter().all(|span| span.trace_id != id(TRACE)));
}
