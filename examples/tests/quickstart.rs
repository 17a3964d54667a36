//! Does the quickstart go wherever its environment says?

use std::collections::BTreeSet;
use std::process::Command;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use otel_tests::program::{program, run};
use otel_tests::receiver::backends;

/// The quickstart, which is built before the tests of its package.
fn quickstart() -> Command {
    let this = std::env::current_exe().expect("this program has a path");
    let profile = this.ancestors().nth(2).expect("it is two directories deep");
    program(profile.join("examples/quickstart"))
}

#[test]
fn quickstart_by_each_protocol() {
    for (protocol, backend) in backends() {
        let (stdout, stderr) = run(quickstart()
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_string()));

        assert!(stdout.contains("GET /checkout/book: 200 OK"), "{stdout}");
        assert_eq!(stderr, "", "{protocol}: nothing to say");
        let mut services = BTreeSet::new();
        let mut traces = BTreeSet::new();
        while services.len() < 2 {
            for received in backend.request().spans() {
                let Some(Value::StringValue(name)) = received.resource("service.name") else {
                    panic!("{protocol}: {received:?}");
                };
                services.insert(name.clone());
                traces.insert(received.span.trace_id);
            }
        }
        assert_eq!(services, ["shop", "warehouse"].map(str::to_owned).into(), "{protocol}");
        assert_eq!(traces.len(), 3, "one for each thing that is bought, in both services");
    }
}

#[test]
fn quickstart_drawn_or_not() {
    let (_, stderr) = run(quickstart().env("OTEL_TRACES_EXPORTER", "console"));
    assert!(stderr.contains("GET /checkout/{item}"), "{stderr}");
    assert!(!stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "no hint: {stderr}");

    let (stdout, stderr) = run(quickstart().env("OTEL_TRACES_EXPORTER", "none"));
    assert!(stdout.contains("GET /checkout/book: 200 OK"), "{stdout}");
    assert_eq!(stderr, "");
}

#[test]
fn quickstart_keeps_its_failing_request_and_drops_the_fast_ones_by_environment_alone() {
    let (stdout, stderr) = run(quickstart()
        .env("OTEL_TRACES_EXPORTER", "console")
        .env("OTEL_TRACED_TAIL", "error,ratio=0"));

    assert_eq!(stdout.matches("GET /checkout/").count(), 3, "{stdout}");
    assert_eq!(stderr.matches("GET /checkout/{item}").count(), 1, "{stderr}");
    assert!(stderr.contains("409"), "{stderr}");
}
