//! Is every mistake in a file refused, with its place and a remedy?

use super::{PARENTS, configured, refused, tracing, with};

#[test]
fn values_of_the_wrong_type_are_refused_by_path() {
    let (text, boolean, number) = (
        ["1", "1.5", "true", "[a]", "{a: 1}"].as_slice(),
        ["1", "'true'", "yes", "[true]", "{a: true}"].as_slice(),
        ["-1", "1.5", "'1'", "many", ".nan", "18446744073709551616", "[1]", "{a: 1}", "true"]
            .as_slice(),
    );
    let batch = "tracer_provider.processors[].batch";
    let http = "tracer_provider.processors[].batch.exporter.otlp_http";
    let tls = "tracer_provider.processors[].batch.exporter.otlp_grpc.tls";
    for (parent, keys, values) in [
        ("", ["file_format", "log_level"].as_slice(), text),
        ("", &["disabled"], boolean),
        ("resource", &["attributes_list", "schema_url"], text),
        ("resource.attributes[]", &["name", "type"], text),
        ("propagator", &["composite_list"], text),
        (
            "attribute_limits",
            &[
                "attribute_value_length_limit",
                "attribute_value_depth_limit",
                "attribute_count_limit",
            ],
            number,
        ),
        (
            "tracer_provider.limits",
            &[
                "attribute_value_length_limit",
                "attribute_value_depth_limit",
                "attribute_count_limit",
                "event_count_limit",
                "link_count_limit",
                "event_attribute_count_limit",
                "link_attribute_count_limit",
            ],
            number,
        ),
        (
            batch,
            &["schedule_delay", "export_timeout", "max_queue_size", "max_export_batch_size"],
            number,
        ),
        (http, &["timeout"], number),
        (http, &["endpoint", "compression", "encoding"], text),
        (http, &["tls"], &["1", "a", "[a]"]),
        (tls, &["insecure"], boolean),
        (tls, &["ca_file", "cert_file", "key_file"], text),
        ("distribution.otel-runtime", &["filter", "exception_events", "preset", "ratio"], text),
        ("distribution.otel-runtime", &["trace_context_to", "baggage_to"], text),
        ("distribution.otel-runtime", &["baggage_attributes"], text),
        ("distribution.otel-runtime", &["privacy", "privacy_allow", "privacy_rules"], text),
        ("distribution.otel-runtime", &["privacy_actions", "hash_key"], text),
        ("distribution.otel-runtime", &["max_queue_bytes", "fold", "flight_max_bytes"], number),
        ("distribution.otel-runtime", &["tail"], text),
        (
            "distribution.otel-runtime.tail_limits",
            &["max_bytes", "max_trace_bytes", "max_duration", "grace", "remembered"],
            number,
        ),
    ] {
        for key in keys {
            let path =
                if parent.is_empty() { (*key).to_owned() } else { format!("{parent}.{key}") };
            for value in values {
                let message = refused(&path, value);
                let said = ["write", "there is no such key"];
                assert!(said.iter().any(|said| message.contains(said)), "{message}");
            }
        }
    }
    for list in ["tracer_provider.processors", "propagator.composite", "resource.attributes"] {
        for value in ["1", "a", "{a: 1}"] {
            refused(list, value);
        }
    }
    for section in ["tracer_provider", "attribute_limits", "propagator", "resource", "distribution"]
    {
        for value in ["1", "a", "[a]"] {
            refused(section, value);
        }
    }
}

#[test]
fn values_out_of_range_are_refused_by_path() {
    let batch = "tracer_provider.processors[].batch";
    let http = "tracer_provider.processors[].batch.exporter.otlp_http";
    for (path, values) in [
        ("file_format", ["'0.4'", "'2.0'", "one"].as_slice()),
        ("log_level", &["loud", "info5"]),
        ("resource.attributes_list", &["team", "team=%zz"]),
        ("resource.attributes[].type", &["text"]),
        ("attribute_limits.attribute_value_depth_limit", &["0"]),
        ("tracer_provider.limits.attribute_value_depth_limit", &["0"]),
        ("tracer_provider.processors[].batch.schedule_delay", &["3600001"]),
        ("tracer_provider.processors[].batch.export_timeout", &["3600001"]),
        ("tracer_provider.processors[].batch.max_queue_size", &["0", "1000001"]),
        ("tracer_provider.processors[].batch.max_export_batch_size", &["0", "2049"]),
        (
            "tracer_provider.processors[].batch.exporter.otlp_file/development.output_stream",
            &["stderr", "traces.jsonl", "file://traces.jsonl", "file:///%ff"],
        ),
        ("distribution.otel-runtime.max_queue_bytes", &["0", "65535"]),
        ("distribution.otel-runtime.filter", &["loud"]),
        #[cfg(feature = "tower")]
        ("distribution.otel-runtime.baggage_to", &["'a b'", "https://shop.example"]),
        #[cfg(feature = "tower")]
        ("distribution.otel-runtime.trace_context_to", &["'*.shop.example'"]),
        ("distribution.otel-runtime.exception_events", &["twice"]),
        ("distribution.otel-runtime.baggage_attributes", &["'*'", "ten*", "a b"]),
        ("distribution.otel-runtime.preset", &["staging"]),
        ("distribution.otel-runtime.privacy", &["on", "Secrets"]),
        ("distribution.otel-runtime.privacy_actions", &["contact", "contcat=drop", "contact=hash"]),
        ("distribution.otel-runtime.privacy_rules", &["/no/such/file.toml"]),
        ("distribution.otel-runtime.ratio", &["half"]),
        ("distribution.otel-runtime.flight_max_bytes", &["1", "65535"]),
        ("distribution.otel-runtime.fold", &["4294967296"]),
        ("distribution.otel-runtime.tail", &["errr", "ratio=0", "'slower=0s'"]),
        ("distribution.otel-runtime.tail_limits.max_bytes", &["0", "65535"]),
        ("distribution.otel-runtime.tail_limits.max_trace_bytes", &["0", "67108865"]),
        ("distribution.otel-runtime.tail_limits.max_duration", &["0", "3600001"]),
        ("distribution.otel-runtime.tail_limits.grace", &["3600001"]),
        ("distribution.otel-runtime.tail_limits.remembered", &["0", "10000001"]),
        ("distribution.otel-runtime.tail_limits.recording", &["drop"]),
    ] {
        for value in values {
            refused(path, value);
        }
    }
    for (key, values) in [
        ("timeout", ["3600001"].as_slice()),
        ("endpoint", &["localhost", "'http://user:secret@h'", "''"]),
        ("compression", &["lz4"]),
        ("encoding", &["thrift"]),
    ] {
        for value in values {
            let message = refused(&format!("{http}.{key}"), value);
            assert!(!message.contains("secret"), "{message}");
        }
    }
    for kind in ["otlp_http", "otlp_grpc"] {
        for key in ["ca_file", "cert_file", "key_file"] {
            let path = format!("{batch}.exporter.{kind}.tls.{key}");
            refused(&path, "/there/is/no/such/file");
            tracing(&with(&path, ""));
        }
    }
    assert!(refused(&format!("{batch}.exporter"), "{console: {a: 1}}").contains("no such key"));
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_known_one() {
    let message = refused("tracer_provider.sampelr", "{always_on: }");
    assert_eq!(
        message,
        "otel.yaml: tracer_provider.sampelr: there is no such key: did you mean sampler? Known are \
         id_generator, limits, processors, sampler, tracer_configurator/development",
    );
    for parent in PARENTS {
        let path = if parent.is_empty() { "zzz".to_owned() } else { format!("{parent}.zzz") };
        refused(&path, "1");
    }
}

#[test]
fn a_sampler_or_an_exporter_that_is_not_supported_is_refused_by_name() {
    for (path, value) in [
        ("tracer_provider.processors[].batch.exporter", "{zipkin: }"),
        ("tracer_provider.processors", "[stream: {exporter: {console: }}]"),
    ] {
        refused(path, value);
    }
}

#[test]
fn processors_are_complete_and_not_there_twice() {
    let processors = "tracer_provider.processors";
    tracing(&with(processors, "[simple: {exporter: {console: }}]"));
    for value in [
        "[]",
        "[simple: {exporter: {console: }, schedule_delay: 1}]",
        "[batch: ]",
        "[batch: {exporter: }]",
        "[stream: {exporter: {console: }}]",
        "[batch]",
    ] {
        refused(processors, value);
    }
    for exporter in [
        "{console: }",
        "{otlp_http: }",
        "{otlp_grpc: {endpoint: 'http://h:1'}}",
        "{otlp_file/development: }",
    ] {
        let one = format!("batch: {{exporter: {exporter}}}");
        let text = with(processors, &format!("[{one}, {one}]"));
        let message = configured(&text, &[]).err().expect("refused").to_string();
        assert!(
            message.starts_with("otel.yaml: tracer_provider.processors[1].batch."),
            "{message}"
        );
        assert!(message.ends_with(" is there twice: leave one of them out"), "{message}");
    }
    let missing = configured("file_format: '1.1'\ntracer_provider: {sampler: {always_on: }}", &[]);
    let message = missing.err().expect("refused").to_string();
    assert!(
        message.starts_with("otel.yaml: tracer_provider.processors: this is missing"),
        "{message}"
    );
}

#[test]
fn a_header_is_never_shown() {
    let http = "tracer_provider.processors[].batch.exporter.otlp_http";
    for (path, value) in [
        ("headers_list", "[secret]"),
        ("headers_list", "'a=%zz-secret'"),
        ("headers_list", "'content-type=secret'"),
        ("headers[].value", "[secret]"),
        ("headers[].value", "\"secret\\n\""),
        ("headers[].value", "1234"),
        ("headers[].name", "'a b'"),
    ] {
        let text = with(&format!("{http}.{path}"), value);
        let message = configured(&text, &[]).err().expect("refused").to_string();
        assert!(message.contains(" (value not shown): "), "{message}");
        assert!(!message.contains("secret") && !message.contains("1234"), "{message}");
    }
}

#[test]
fn a_text_that_is_no_configuration_is_refused_by_line() {
    for (text, message) in [
        ("", "otel.yaml: file_format: this is missing: write file_format: \"1.1\""),
        ("a: 1\na: 2", "otel.yaml, line 2: a is there twice: keep one"),
        ("hello", "otel.yaml is \"hello\": write keys below it, indented"),
        ("file_format: ${1}", "otel.yaml, line 1: write ${1} as ${NAME} or"),
        ("a: [", "otel.yaml, line 2: "),
    ] {
        let told = configured(text, &[]).err().expect("refused").to_string();
        assert!(
            told.lines().any(|line| line.trim_start_matches("- ").starts_with(message)),
            "{told}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "tracer_provider:
  processors: [batch: {max_queue_size: 0, exporter: {console: }}]
  sampler: {always: }
  limits: {event_count_limit: -1}
";
    let message = configured(text, &[]).err().expect("refused").to_string();

    assert!(message.starts_with("4 settings cannot be used:"), "{message}");
}
