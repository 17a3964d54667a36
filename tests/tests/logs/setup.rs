//! What does a program log that sets up its logs in one call?

use std::process::Command;

use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

fn form(name: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_logged"));
    command.arg(name).env_remove("RUST_LOG").env("OTEL_TRACES_EXPORTER", "none");
    command
}

#[test]
fn one_call_gives_lines_of_tracing_and_of_log_with_ids() {
    let (stdout, stderr) = run(&mut form("one-call"));

    assert_eq!(stderr, "");
    for said in ["by tracing", "by log", "it failed", "bridged"] {
        let line = stdout.lines().find(|line| line.ends_with(said)).expect(said);
        assert!(line.starts_with("trace_id="), "{line}");
    }
}

#[test]
fn rust_log_says_what_is_logged_and_what_cannot_be_read_is_refused() {
    let (stdout, _) = run(form("one-call").env("RUST_LOG", "error"));
    assert_eq!(stdout.lines().count(), 1, "{stdout}");

    let output = form("one-call").env("RUST_LOG", "logged=loud").output().expect("it runs");
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("RUST_LOG is \"logged=loud\": write a level"), "{told}");
}

#[test]
fn the_first_subscriber_stays_and_the_second_call_says_so() {
    for (name, lines) in [("twice", 5), ("after-another", 1)] {
        let (stdout, _) = run(&mut form(name));

        assert!(stdout.contains("this program has a global subscriber of `tracing` already"));
        assert_eq!(stdout.lines().count(), lines, "{stdout}");
    }
}

#[test]
fn without_a_subscriber_nothing_is_logged() {
    assert_eq!(run(&mut form("none")), (String::new(), String::new()));
}

#[test]
fn settings_in_code_hold() {
    let backend = Receiver::http();
    let (stdout, _) = run(form("with-settings")
        .env("OTEL_TRACES_EXPORTER", "otlp")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
        .env("RUST_LOG", "off"));

    let spans = backend.spans(2);
    let names: Vec<&str> = spans.iter().map(|span| span.span.name.as_str()).collect();
    assert_eq!(names, ["bridged", "works"]);
    assert!(spans[1].span.status.as_ref().is_some_and(|status| status.message == "it failed"));
    assert_eq!(stdout.lines().count(), 4);
    for line in stdout.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["tenant.id"], 7);
        assert!(line["trace_id"].is_string());
    }
}
