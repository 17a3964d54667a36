//! Is a file used, and a warning given, where it asks for something unsupported that costs no trace?

use super::{configured, with};
use crate::context::propagation::Propagator;
use crate::setup::config::{Config, Destination, Warning};

#[track_caller]
fn warned(text: &str, variables: &[(&str, &str)]) -> (Config, Vec<String>) {
    let config = match configured(text, variables) {
        Ok(config) => config,
        Err(error) => panic!("{text}\n{error}"),
    };
    let warnings = config.description.warnings().iter().map(Warning::to_string).collect();
    (config, warnings)
}

#[test]
fn the_example_to_start_with_is_read_and_its_optional_detector_told() {
    let (config, warnings) = warned(
        include_str!("examples/to-start-with.yaml"),
        &[("OTEL_RESOURCE_ATTRIBUTES", "team=red"), ("OTEL_SERVICE_NAME", "shop")],
    );

    assert_eq!(
        warnings,
        [
            "otel.yaml: resource.detection/development.detectors[3].container: this is not detected: \
          say it in resource.attributes, or have the Collector detect it"
        ],
    );
    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.service_name.as_deref(), Some("shop"));
    let [processor] = tracing.processors.as_slice() else { panic!("one") };
    let Destination::Otlp(otlp) = &processor.destination else { panic!("not OTLP") };
    assert_eq!(otlp.endpoint, "http://localhost:4318/v1/traces");
}

#[test]
fn the_example_of_the_whole_sdk_is_read() {
    let (config, warnings) = warned(include_str!("examples/every-default.yaml"), &[]);

    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(config.tracing.expect("enabled").processors.len(), 1);
}

#[test]
fn the_example_to_migrate_with_is_read_with_and_without_its_variables() {
    let text = include_str!("examples/from-variables.yaml");
    let (config, warnings) = warned(text, &[]);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(config.propagators, [Propagator::TraceContext, Propagator::Baggage]);

    let (config, warnings) = warned(
        text,
        &[
            ("OTEL_PROPAGATORS", "ottrace,tracecontext"),
            ("OTEL_SEMCONV_STABILITY_OPT_IN", "http"),
            ("OTEL_BSP_EXPORT_TIMEOUT", "0"),
            ("OTEL_BSP_SCHEDULE_DELAY", "0"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "0"),
        ],
    );
    assert_eq!(config.propagators, [Propagator::TraceContext]);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("ottrace is not supported"), "{warnings:?}");
    assert!(
        warnings[1]
            .starts_with("otel.yaml: instrumentation/development.general.stability_opt_in_list: "),
        "{warnings:?}"
    );
}

#[test]
fn what_costs_no_trace_is_left_out_by_its_path_and_told() {
    let http = "tracer_provider.processors[].batch.exporter.otlp_http";
    let grpc = "tracer_provider.processors[].batch.exporter.otlp_grpc";
    for (path, value) in [
        ("instrumentation/development", "1"),
        ("instrumentation/development", "{general: {http: {client: 1}}}"),
        ("instrumentation/development.rust", "{shop: 1}"),
        ("instrumentation/development.general.stability_opt_in_list", "http"),
        ("instrumentation/development.general.http.semconv", "{version: 1}"),
        ("instrumentation/development.general.http.server.request_captured_headers", "[host]"),
        ("tracer_provider.tracer_configurator/development", "{default_config: {enabled: false}}"),
        ("tracer_provider.id_generator", "{xray: }"),
        ("tracer_provider.id_generator", "{mine: {property: value}}"),
        ("resource.detection/development.attributes", "{included: [a]}"),
        ("resource.detection/development.detectors", "[container: ]"),
        ("resource.detection/development.detectors", "[k8s: {a: 1}]"),
        ("propagator.composite", "[ottrace: ]"),
        ("propagator.composite", "[b3single: ]"),
        ("propagator.composite", "[mine: {a: 1}]"),
        ("propagator.composite_list", "ottrace"),
        ("propagator.composite_list", "w3c"),
        ("tracer_provider.limits.attribute_value_depth_limit", "1"),
        ("tracer_provider.something/development", "1"),
        ("something/alpha", "{a: 1}"),
        ("file_format", "'1.2'"),
        (&format!("{http}.max_request_size"), "67108864"),
        (&format!("{grpc}.max_response_size"), "4194304"),
        (&format!("{http}.retry/development"), "{attempts: 1}"),
        ("tracer_provider.processors", "[simple: {exporter: {otlp_http: }}]"),
        ("tracer_provider.processors", "[simple: {exporter: {otlp_grpc: }}]"),
    ] {
        let (_, warnings) = warned(&with(path, value), &[]);
        let [warning] = warnings.as_slice() else { panic!("{path}: {warnings:?}") };
        let place = format!("otel.yaml: {}", path.replace("[]", "[0]"));
        assert!(warning.starts_with(&place), "{warning}");
        assert!(warning[place.len()..].contains(": "), "{warning}");
    }
}

#[test]
fn nothing_is_told_of_what_asks_for_nothing() {
    for (path, value) in [
        ("instrumentation/development", "{general: {stability_opt_in_list: }}"),
        ("tracer_provider.tracer_configurator/development", ""),
        ("tracer_provider.something/development", ""),
        ("tracer_provider.processors[].batch.exporter.otlp_http.max_request_size", ""),
        ("resource.detection/development.attributes", "{included: }"),
        ("file_format", "'1.0'"),
        ("tracer_provider.processors", "[simple: {exporter: {console: }}]"),
    ] {
        assert_eq!(warned(&with(path, value), &[]).1, Vec::<String>::new(), "{path}");
    }
}

#[test]
fn a_time_out_of_zero_is_no_limit() {
    let batch = "tracer_provider.processors[].batch";
    for (path, name) in [
        (format!("{batch}.export_timeout"), "export_timeout"),
        (format!("{batch}.exporter.otlp_http.timeout"), "export_timeout"),
        (format!("{batch}.exporter.otlp_grpc.timeout"), "export_timeout"),
    ] {
        let (config, warnings) = warned(&with(&path, "0"), &[]);
        assert_eq!(warnings, Vec::<String>::new());
        let value = &config.description.get(name).expect("a line").value;
        assert_eq!(value, if path.ends_with("export_timeout") { "none" } else { "30s" }, "{path}");
    }
}

#[test]
fn neither_aliases_nor_variables_multiply_bytes() {
    let long = "x".repeat(100_000);
    let aliases = format!(
        "file_format: '1.1'\ndistribution:\n  other:\n    a: &a {long}\n    b: [{}]",
        vec!["*a"; 1000].join(", "),
    );
    let keys = format!(
        "file_format: '1.1'\ndistribution:\n  other:\n    a: &a {{{}: }}\n    b: [{}]",
        "k".repeat(1000),
        vec!["*a"; 4900].join(", "),
    );
    let nested = {
        let anchors: Vec<String> = (0..60).map(|n| format!("&a{n} [")).collect();
        let anchors = anchors.concat();
        let end = "]".repeat(60);
        format!("file_format: '1.1'\ndistribution:\n  other: {anchors}{long}{end}")
    };
    let variables = format!("file_format: '1.1'\nlog_level: '{}'", "${LONG}".repeat(1000));
    let lines: Vec<String> = (0..100).map(|n| format!("    a{n}: ${{LONG}}\n")).collect();
    let lines = format!("file_format: '1.1'\ndistribution:\n  other:\n{}", lines.concat());
    for text in [aliases, keys, nested, variables, lines] {
        let error = configured(&text, &[("LONG", &long)]).err().expect("refused").to_string();
        assert!(error.contains("keep it below 4194304 bytes"), "{error}");
        assert!(error.starts_with("otel.yaml, line "), "{error}");
    }
}
