//! What does a capture do to a process?

use std::process::Command;

use otel_tests::program::{program, run};

/// The program of this package, in one of its forms.
fn form(form: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_program"));
    command.arg(form);
    command
}

/// What the form writes to stderr before it fails.
fn told(form: &str) -> String {
    let output = self::form(form).env("RUST_BACKTRACE", "0").output().expect("a program");
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn the_environment_does_not_count() {
    let (stdout, stderr) = run(form("captured")
        .env("OTEL_SDK_DISABLED", "true")
        .env("OTEL_TRACES_SAMPLER", "no such sampler")
        .env("OTEL_TRACES_EXPORTER", "otlp"));

    assert_eq!((stdout.as_str(), stderr.as_str()), ("root\n", ""));
}

#[test]
fn a_program_that_set_up_tracing_before_is_told_so() {
    for set_up in ["captured-after-init", "captured-after-adopt"] {
        let told = told(set_up);

        let expected = "no spans can be captured: this process called `init` or `adopt` before the \
                        first capture, which has to set tracing up by itself. Call them in `main` \
                        only, which tests do not run";
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("program.rs:"), "it names the caller: {told}");
    }
}

#[test]
fn a_program_that_sets_up_tracing_later_gets_an_error() {
    let (stdout, _) = run(&mut form("captured-before-init"));

    assert!(stdout.starts_with("root\ntracing is initialised already"), "{stdout}");
}

#[test]
fn a_panic_shows_what_happened_before() {
    let told = told("captured-and-panicked");

    assert!(told.contains("that is it"), "{told}");
    assert!(told.ends_with("\nthe spans of this test before the panic:\ndone\n\n"), "{told}");
}
