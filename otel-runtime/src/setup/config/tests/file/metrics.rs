use std::time::Duration;

use super::{CONSOLE, tracing};
use crate::export::settings::{Metrics, Protocol, Temporality};

fn file(rest: &str) -> String {
    format!("file_format: '1.1'\ntracer_provider: {{{CONSOLE}}}\n{rest}")
}

#[test]
fn a_file_asks_for_metrics_and_says_where_they_go() {
    let of = |provider: &str| {
        let text = format!("distribution: {{otel-runtime: {{metrics: true}}}}\n{provider}");
        tracing(&file(&text)).metrics.expect("they are on")
    };
    let Metrics { otlp, interval, temporality } = of("");
    assert_eq!(otlp.endpoint.to_string(), "http://localhost:4318/v1/metrics");
    assert_eq!((interval, temporality), (Duration::from_secs(60), Temporality::Cumulative));

    let Metrics { otlp, interval, temporality } = of("\
meter_provider:
  readers:
    - pull: {exporter: {prometheus/development: {port: 9464}}}
    - periodic:
        interval: 2000
        timeout: 100
        exporter:
          otlp_grpc:
            endpoint: http://metrics:1
            temporality_preference: low_memory
            default_histogram_aggregation: explicit_bucket_histogram
  views: []
");
    assert_eq!(
        (otlp.protocol, otlp.endpoint.to_string()),
        (Protocol::Grpc, "http://metrics:1/".to_owned())
    );
    assert_eq!((interval, temporality), (Duration::from_secs(2), Temporality::Delta));
}

#[test]
fn a_meter_provider_alone_is_for_the_programs_own_metrics() {
    let provider =
        "meter_provider: {readers: [{periodic: {exporter: {otlp_http: {endpoint: 7}}}}]}";
    assert!(tracing(&file(provider)).metrics.is_none());
    let off = format!("distribution: {{otel-runtime: {{metrics: false}}}}\n{provider}");
    assert!(tracing(&file(&off)).metrics.is_none());
}
