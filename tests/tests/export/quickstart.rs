//! Does the quickstart go wherever its environment says?

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use otel_tests::program::{program, run};

/// The quickstart, which lies beside the programs of this package.
fn quickstart() -> Command {
    let here = Path::new(env!("CARGO_BIN_EXE_program")).parent().expect("a directory");
    program(here.join("examples/quickstart"))
}

#[test]
#[ignore = "needs `cargo build --example quickstart`"]
fn quickstart_by_each_protocol() {
    for (protocol, backend) in super::backends() {
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
#[ignore = "needs `cargo build --example quickstart`"]
fn quickstart_drawn_or_not() {
    let (_, stderr) = run(quickstart().env("OTEL_TRACES_EXPORTER", "console"));
    assert!(stderr.contains("GET /checkout/{item}"), "{stderr}");
    assert!(!stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "no hint: {stderr}");

    let (stdout, stderr) = run(quickstart().env("OTEL_TRACES_EXPORTER", "none"));
    assert!(stdout.contains("GET /checkout/book: 200 OK"), "{stdout}");
    assert_eq!(stderr, "");
}
