//! What do metrics say about the calls of a program?
//!
//! Each test runs a program, `src/bin/counted.rs`, and reads what a backend received.

mod backend;
mod own_meter;

use std::collections::{BTreeMap, HashSet};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, ExponentialHistogramDataPoint, Metric,
};
use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

use backend::Backend;

const PARSE: &str = "core::num::error::ParseIntError";

/// The calls of a function by their `error.type`.
type Calls = BTreeMap<(String, Option<String>), u64>;

/// Runs the program against a backend; returns what it sent, in order.
fn ran(works: &[&str], variables: &[(&str, &str)]) -> Vec<ExportMetricsServiceRequest> {
    let backend = Backend::http();
    run_against(&backend, works, variables);
    backend.requests()
}

fn run_against(backend: &Backend, works: &[&str], variables: &[(&str, &str)]) {
    let mut command = program(env!("CARGO_BIN_EXE_counted"));
    command
        .args(works)
        .env("OTEL_TRACED_METRICS", "true")
        .env("OTEL_TRACES_EXPORTER", "none")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", backend.address))
        .envs(variables.iter().copied());
    run(&mut command);
}

fn metrics(request: &ExportMetricsServiceRequest) -> impl Iterator<Item = &Metric> {
    let of_scopes = request.resource_metrics.iter().flat_map(|it| &it.scope_metrics);
    of_scopes.flat_map(|it| &it.metrics)
}

fn points(request: &ExportMetricsServiceRequest) -> Vec<&ExponentialHistogramDataPoint> {
    let data = metrics(request).map(|metric| match &metric.data {
        Some(Data::ExponentialHistogram(histogram)) => &histogram.data_points,
        other => panic!("{other:?}"),
    });
    data.flatten().collect()
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let attribute = attributes.iter().find(|it| it.key == key)?;
    match &attribute.value {
        Some(AnyValue { value: Some(Value::StringValue(text)) }) => Some(text.clone()),
        other => panic!("{other:?}"),
    }
}

fn calls(request: &ExportMetricsServiceRequest) -> Calls {
    let points = points(request);
    let calls: Calls = points
        .iter()
        .map(|point| {
            let function = text(&point.attributes, "code.function.name").expect("a function");
            let function = function.rsplit("::").next().unwrap_or_default().to_owned();
            ((function, text(&point.attributes, "error.type")), point.count)
        })
        .collect();
    assert_eq!(calls.len(), points.len(), "no two points have the same attributes");
    calls
}

fn expected(calls: &[(&str, Option<&str>, u64)]) -> Calls {
    let own = |text: &&str| (*text).to_owned();
    calls
        .iter()
        .map(|(name, error, count)| ((own(name), error.as_ref().map(own)), *count))
        .collect()
}

/// What the work `calls` is, once.
fn one_round() -> Calls {
    expected(&[
        ("root", None, 40),
        ("leaf", None, 400),
        ("waits", None, 40),
        ("fails", Some(PARSE), 40),
    ])
}

#[test]
fn every_call_is_counted_whatever_is_sampled() {
    for sampler in [
        &[("OTEL_TRACES_SAMPLER", "always_on")][..],
        &[("OTEL_TRACES_SAMPLER", "always_off")],
        &[("OTEL_TRACES_SAMPLER", "parentbased_always_off")],
        &[("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.3")],
        &[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.3")],
    ] {
        let [request] = &ran(&["calls"], sampler)[..] else { panic!("one request") };
        assert_eq!(calls(request), one_round(), "{sampler:?}");
    }
}

#[test]
fn each_protocol_carries_them() {
    for (protocol, backend) in [
        ("grpc", Backend::grpc()),
        ("http/protobuf", Backend::http()),
        ("http/json", Backend::http()),
    ] {
        run_against(&backend, &["calls"], &[("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)]);
        let [request] = &backend.requests()[..] else { panic!("one request by {protocol}") };
        assert_eq!(calls(request), one_round(), "{protocol}");
    }
}

#[test]
fn the_metric_is_a_histogram_of_seconds_whose_parts_agree() {
    let [request] = &ran(&["calls"], &[])[..] else { panic!("one request") };
    for metric in metrics(request) {
        assert_eq!((&*metric.name, &*metric.unit), ("otel_runtime.function.duration", "s"));
    }
    let resource = request.resource_metrics[0].resource.as_ref().expect("a resource");
    assert!(text(&resource.attributes, "service.instance.id").is_some_and(|id| id.len() == 36));
    for point in points(request) {
        let buckets = point.positive.as_ref().expect("buckets");
        assert_eq!(buckets.bucket_counts.iter().sum::<u64>() + point.zero_count, point.count);
        assert!(buckets.bucket_counts.len() <= 160);
        let (sum, min, max) = (point.sum, point.min, point.max);
        let (sum, min, max) = (sum.expect("a sum"), min.expect("a least"), max.expect("a most"));
        assert!(min <= max && max <= sum && sum < 60.0, "{min} {max} {sum}");
        let upper = 2_f64.powf(
            f64::from(buckets.offset + i32::try_from(buckets.bucket_counts.len()).expect("few"))
                / 2_f64.powi(point.scale),
        );
        assert!(max <= upper * (1.0 + 1e-12), "{max} {upper}");
        assert!(point.start_time_unix_nano < point.time_unix_nano);
    }
}

#[test]
fn an_exemplar_names_a_trace_that_was_kept() {
    let traces = Receiver::http();
    let traces_at = format!("{}/v1/traces", traces.endpoint());
    let variables = [
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*traces_at),
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.3"),
        // All in one request.
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2048"),
    ];
    let [request] = &ran(&["calls"], &variables)[..] else { panic!("one request") };
    let kept: HashSet<_> =
        traces.request().spans().map(|it| (it.span.trace_id, it.span.span_id)).collect();
    let points = points(request);
    let exemplars: Vec<_> = points.iter().flat_map(|point| &point.exemplars).collect();
    assert!(!exemplars.is_empty());
    for exemplar in exemplars {
        let of = (exemplar.trace_id.clone(), exemplar.span_id.clone());
        assert!(kept.contains(&of), "{exemplar:?}");
    }
}

#[test]
fn a_point_counts_all_calls_or_those_since_the_last_one() {
    let works = ["calls", "flush", "calls", "panic"];
    let twice: Calls = one_round().into_iter().map(|(of, calls)| (of, 2 * calls)).collect();
    let panicked = expected(&[("panics", Some("panic"), 1)]);

    let [first, second] = &ran(&works, &[])[..] else { panic!("two requests") };
    assert_eq!(calls(first), one_round());
    assert_eq!(calls(second), twice.into_iter().chain(panicked.clone()).collect());
    let begins = |request| points(request)[0].start_time_unix_nano;
    assert_eq!(begins(first), begins(second));

    let delta = [("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")];
    let [first, second] = &ran(&works, &delta)[..] else { panic!("two requests") };
    assert_eq!(calls(first), one_round());
    assert_eq!(calls(second), one_round().into_iter().chain(panicked).collect());
    assert_eq!(points(first)[0].time_unix_nano, begins(second), "no time is left out");
    for metric in metrics(second) {
        let Some(Data::ExponentialHistogram(data)) = &metric.data else { panic!("{metric:?}") };
        assert_eq!(data.aggregation_temporality, i32::from(AggregationTemporality::Delta));
    }
}

#[test]
fn panics_fail_and_cancelled_calls_do_not() {
    for sampler in ["always_on", "always_off"] {
        let variables = [("OTEL_TRACES_SAMPLER", sampler)];
        let [request] = &ran(&["panic", "cancel"], &variables)[..] else { panic!("one request") };
        let expected = expected(&[("panics", Some("panic"), 1), ("pends", None, 1)]);
        assert_eq!(calls(request), expected, "{sampler}");
    }
}

#[test]
fn an_error_type_that_is_never_the_same_is_bounded_and_loses_no_call() {
    for sampler in ["always_on", "always_off"] {
        let [request] = &ran(&["ids"], &[("OTEL_TRACES_SAMPLER", sampler)])[..] else { panic!() };
        let calls = calls(request);
        assert_eq!(calls.len(), 33, "{sampler}");
        assert_eq!(calls.values().sum::<u64>(), 100);
    }
}

#[test]
fn what_the_filter_leaves_out_is_not_counted() {
    let variables = [("OTEL_TRACED_FILTER", "info,counted::leaf=off")];
    let [request] = &ran(&["calls"], &variables)[..] else { panic!("one request") };
    let mut expected = one_round();
    expected.remove(&("leaf".to_owned(), None));
    assert_eq!(calls(request), expected);
}

#[test]
fn a_forked_child_begins_at_zero_as_a_series_of_its_own() {
    let requests = ran(&["fork"], &[]);
    let [child, parent] = &requests[..] else { panic!("{}", requests.len()) };
    assert_eq!(calls(child), one_round());
    assert_eq!(calls(parent), expected(&[("leaf", None, 1)]));
    let instance = |request: &ExportMetricsServiceRequest| {
        let resource = request.resource_metrics[0].resource.as_ref().expect("a resource");
        text(&resource.attributes, "service.instance.id")
    };
    assert_ne!(instance(child), instance(parent));
}

#[test]
fn without_a_backend_the_program_ends_in_time_and_says_so() {
    let mut command = program(env!("CARGO_BIN_EXE_counted"));
    command.arg("calls").env("OTEL_TRACED_METRICS", "true").env("OTEL_TRACES_EXPORTER", "none");
    // Nothing listens there.
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    let (_, stderr) = run(&mut command);
    assert_eq!(
        stderr.matches("metrics do not arrive at http://127.0.0.1:1").count(),
        1,
        "{stderr}"
    );
}

#[test]
fn they_are_off_unless_somebody_asks() {
    for variables in [
        &[("OTEL_TRACED_METRICS", "false")][..],
        &[("OTEL_TRACED_METRICS", "")],
        &[("OTEL_METRICS_EXPORTER", "none")],
    ] {
        assert_eq!(ran(&["calls"], variables), [], "{variables:?}");
    }
}
