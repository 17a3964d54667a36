//! What does a program send that keeps only traces with an error, however it ends?

use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

/// What the program wrote, and the names of the spans that it sent, sorted.
fn sent(form: &str, count: usize) -> (String, Vec<String>) {
    let backend = Receiver::http();
    let mut program = program(env!("CARGO_BIN_EXE_tail"));
    program.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
    program.env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").env("OTEL_TRACED_TAIL", "error");
    let (stdout, stderr) = run(program.arg(form));
    assert_eq!(stderr, "");
    let mut names: Vec<_> =
        backend.spans(count).into_iter().map(|received| received.span.name).collect();
    names.sort_unstable();
    (stdout, names)
}

#[test]
fn a_flush_says_what_waits_and_one_that_decides_sends_it() {
    let (stdout, names) = sent("flushes", 2);

    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "Delivery { exported: 0, undecided: 1 }",
            "Delivery { exported: 1 }",
            // The parent ended after its trace was decided.
            "Delivery { exported: 1 }",
            "[(\"no_rule\", 0), (\"limited\", 0), (\"larger_than_burst\", 0), (\"error\", 1)] \
             Late { kept: 1, dropped: 0, dropped_errors: 0 } \
             Undecided { traces: 0, spans: 0, bytes: 0 }",
        ]
    );
    assert_eq!(names, ["load", "parent"]);
}

#[test]
fn a_shutdown_decides_all_that_waits_and_loses_nothing() {
    let (stdout, names) = sent("shutdown", 400);

    // In each trace a parent, a call that may fail, one of a loop and one that stands for its others.
    assert_eq!(stdout, "Delivery { exported: 400 }\nheld 0, sampled out 3600, dropped none\n");
    assert_eq!(names.len(), 400);
}

#[test]
fn a_forked_child_decides_about_its_own_traces() {
    let (stdout, names) = sent("forks", 4 + 2 + 8);

    // The child works below a span of the parent, so all that it does is one trace.
    assert_eq!(stdout, "Delivery { exported: 6 }\n");
    assert_eq!(names.iter().filter(|name| *name == "load").count(), 4);
    assert_eq!(names.iter().filter(|name| *name == "parent").count(), 4);
}
