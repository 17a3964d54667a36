//! Do the settings of metrics mean what they say?

use std::time::Duration;

use super::{config, refused, tracing};
use crate::export::settings::{Metrics, Protocol, Signal, Temporality};
use crate::setup::config::builder;

/// The metrics that these variables ask for, beside what asks for them at all.
#[track_caller]
fn metrics(variables: &[(&str, &str)]) -> Metrics {
    let all = [&[("OTEL_TRACED_METRICS", "true")], variables].concat();
    tracing(&all).metrics.expect("metrics")
}

#[test]
fn metrics_are_sent_where_spans_are_unless_something_else_is_said() {
    let Metrics { otlp, interval, temporality } = metrics(&[]);
    assert_eq!(otlp.endpoint.to_string(), "http://localhost:4318/v1/metrics");
    assert_eq!((otlp.signal, otlp.protocol), (Signal::Metrics, Protocol::HttpProtobuf));
    assert_eq!((interval, temporality), (Duration::from_secs(60), Temporality::Cumulative));

    let otlp = metrics(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1/in"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:2"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=all"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "7"),
    ])
    .otlp;
    assert_eq!(otlp.endpoint.to_string(), "http://all:1/in/v1/metrics");
    assert_eq!(otlp.headers["a"], "all");
    assert_eq!(otlp.timeout, Duration::from_millis(7));
}

#[test]
fn the_variables_for_metrics_beat_those_for_all_signals() {
    let Metrics { otlp, interval, temporality } = metrics(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1"),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "metrics:2"),
        ("OTEL_EXPORTER_OTLP_METRICS_INSECURE", "true"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "3"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "a=metrics"),
        ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "LowMemory"),
    ]);
    assert_eq!(otlp.endpoint.to_string(), "http://metrics:2/");
    assert_eq!((otlp.protocol, otlp.timeout), (Protocol::Grpc, Duration::from_millis(3)));
    assert_eq!(otlp.headers["a"], "metrics");
    assert_eq!(otlp.compression.to_string(), "gzip");
    assert_eq!((interval, temporality), (Duration::from_secs(1), Temporality::Delta));
}

#[test]
fn metrics_are_off_unless_somebody_asks() {
    for variables in [
        &[][..],
        &[("OTEL_TRACED_METRICS", "false")],
        &[("OTEL_TRACED_METRICS", "true"), ("OTEL_METRICS_EXPORTER", "none")],
        // These are about the metrics of the program's own SDK.
        &[("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_METRIC_EXPORT_INTERVAL", "soon")],
    ] {
        assert!(tracing(variables).metrics.is_none(), "{variables:?}");
    }
    let code = builder().metrics(true).environment([("OTEL_TRACED_METRICS", "false")]);
    let telemetry = code.no_exporter().build().expect("good settings");
    let setting = telemetry.describe().get("metrics").expect("they are on");
    assert_eq!(setting.source.to_string(), "Builder::metrics");
}

#[test]
fn settings_of_metrics_that_cannot_be_used_are_refused() {
    for (name, value) in [
        ("OTEL_TRACED_METRICS", "yes"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "60s"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "3600001"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes"),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "nowhere"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "udp"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "-1"),
        ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "rar"),
        ("OTEL_EXPORTER_OTLP_METRICS_INSECURE", "1"),
        ("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "/not/there.pem"),
        ("OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", "/not/there.pem"),
        ("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", "/not/there.pem"),
    ] {
        refused(name, value);
    }
}

#[test]
fn description_shows_metrics_and_who_asked() {
    let variables = [("OTEL_TRACED_METRICS", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h")];
    let config = config(&variables).expect("a good environment");
    let of = |name| {
        let setting = config.description.get(name).expect("it is on");
        (setting.value.clone(), setting.source.to_string())
    };
    assert_eq!(of("metrics"), ("true".to_owned(), "OTEL_TRACED_METRICS".to_owned()));
    let endpoint = ("http://h/v1/metrics".to_owned(), "OTEL_EXPORTER_OTLP_ENDPOINT".to_owned());
    assert_eq!(of("metrics_endpoint"), endpoint);
    assert_eq!(of("metrics_interval"), ("60s".to_owned(), "default".to_owned()));
}
