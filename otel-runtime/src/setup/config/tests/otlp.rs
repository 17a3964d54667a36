//! Do the variables about OTLP mean what they say?

use std::time::Duration;

use super::{config, only, refused, tracing};
use crate::export::settings::{Compression, Otlp, Protocol};
use crate::setup::config::{Destination, builder};

#[track_caller]
fn otlp(variables: &[(&str, &str)]) -> Otlp {
    match only(tracing(variables)).destination {
        Destination::Otlp(otlp) => *otlp,
        _ => panic!("not OTLP"),
    }
}

#[test]
fn an_endpoint_is_all_it_takes() {
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
        assert_eq!(otlp(&[(name, "http://h:1")]).protocol, Protocol::HttpProtobuf, "{name}");
    }
}

#[test]
fn the_signals_own_variable_beats_the_one_for_all() {
    let otlp = otlp(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:2/in"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=all,b=all"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "A=tr%61ces"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "GZIP"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "broken, but it does not count"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "HTTP/Protobuf"),
    ]);

    assert_eq!(otlp.endpoint.to_string(), "http://traces:2/in");
    assert_eq!(otlp.timeout, Duration::from_millis(2));
    assert_eq!(otlp.compression, Compression::Gzip);
    assert_eq!(otlp.headers.len(), 1);
    assert_eq!(otlp.headers["a"], "traces");
}

#[test]
fn default_endpoints() {
    let http = otlp(&[("OTEL_TRACES_EXPORTER", "otlp")]);
    assert_eq!(http.endpoint.to_string(), "http://localhost:4318/v1/traces");
    assert_eq!(http.timeout, Duration::from_secs(10));
    assert_eq!(http.compression, Compression::None);
    for (protocol, endpoint) in
        [("grpc", "http://localhost:4317/"), ("HTTP/JSON", "http://localhost:4318/v1/traces")]
    {
        let protocol = ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
        let otlp = otlp(&[("OTEL_TRACES_EXPORTER", "otlp"), protocol]);
        assert_eq!(otlp.endpoint.to_string(), endpoint);
        assert_eq!(otlp.protocol.to_string(), protocol.1.to_lowercase());
    }
}

#[test]
fn what_bounds_any_exporter_bounds_a_request() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:1");
    let own = ("OTEL_EXPORTER_OTLP_TIMEOUT", "3000");
    let timeout = |export| otlp(&[endpoint, own, ("OTEL_BSP_EXPORT_TIMEOUT", export)]).timeout;
    assert_eq!(timeout("2000"), Duration::from_secs(2));
    assert_eq!(timeout("4000"), Duration::from_secs(3));
}

#[test]
fn malformed_otlp_settings_are_refused() {
    for prefix in ["OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"] {
        let named = |suffix: &str| format!("{prefix}{suffix}");
        for value in ["localhost:4318", "http://", "ftp://h", "no url"] {
            refused(&named("ENDPOINT"), value);
        }
        for value in ["json", "http", "thrift"] {
            refused(&named("PROTOCOL"), value);
        }
        for value in ["-1", "3600001", "10s", "NaN"] {
            refused(&named("TIMEOUT"), value);
        }
        refused(&named("INSECURE"), "1");
        for value in ["deflate", "gzip,zstd", "true"] {
            refused(&named("COMPRESSION"), value);
        }
    }
}

#[cfg(not(feature = "zstd"))]
#[test]
fn zstd_has_to_be_built_in() {
    assert!(refused("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd").contains("feature `zstd`"));
}

#[test]
fn a_header_is_never_shown() {
    for value in ["authorization", "authorization=%zz-secret", "content-type=secret", "a b=secret"]
    {
        let error = config(&[("OTEL_EXPORTER_OTLP_HEADERS", value)]).err().expect("refused");
        let message = error.to_string();
        assert!(message.starts_with("OTEL_EXPORTER_OTLP_HEADERS (value not shown): "), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    let error = builder().header("a", "secret\n").build().expect_err("refused");
    assert!(!error.to_string().contains("secret"), "{error}");
}
