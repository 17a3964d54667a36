//! What does a service that makes no spans pass on of its caller's trace?

use std::process::Command;

use otel_tests::program::{program, run};

fn service() -> Command {
    program(env!("CARGO_BIN_EXE_passes_on"))
}

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 tenant=blue";
const NONE: &str = "none none";

fn passed_on(command: &mut Command) -> Vec<(String, String)> {
    let (stdout, stderr) = run(command);
    assert_eq!(stderr, "");
    let lines = stdout.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(what, passed)| (what.to_owned(), passed.to_owned())).collect()
}

#[test]
fn the_callers_trace_goes_on_where_tracing_is_disabled_or_filtered_out() {
    for (variable, value) in [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACED_FILTER", "off")] {
        let passed = passed_on(
            service().arg("init").env(variable, value).env("OTEL_TRACES_EXPORTER", "console"),
        );

        assert_eq!(passed.len(), 10, "{passed:?}");
        for (what, passed) in passed {
            let expected = match what.as_str() {
                "root" => "none tenant=blue",
                "afterwards" => NONE,
                _ => CALLER,
            };
            assert_eq!(passed, expected, "{what} with {variable}={value}");
        }
    }
}

#[test]
fn nothing_is_read_where_nothing_is_set_up() {
    for (what, passed) in passed_on(&mut service()) {
        assert_eq!(passed, NONE, "{what}");
    }
}
