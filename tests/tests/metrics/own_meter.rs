//! What does the program's own meter say of the spans?

use std::collections::BTreeMap;
use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Takes batches of one span, and no others.
#[derive(Debug)]
struct OneAtATime;

impl SpanExporter for OneAtATime {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        if batch.len() == 1 {
            Ok(())
        } else {
            Err(OTelSdkError::InternalFailure("many".to_owned()))
        }
    }
}

/// By name, component and `error.type`.
fn numbers(all: &[ResourceMetrics]) -> BTreeMap<String, i64> {
    let metrics =
        all.iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    let mut numbers = BTreeMap::new();
    for metric in metrics {
        assert_eq!(metric.unit(), "{span}");
        let points: Vec<_> = match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => sum
                .data_points()
                .map(|it| (it.value().cast_signed(), it.attributes().cloned().collect::<Vec<_>>()))
                .collect(),
            AggregatedMetrics::I64(MetricData::Sum(sum)) => sum
                .data_points()
                .map(|it| (it.value(), it.attributes().cloned().collect::<Vec<_>>()))
                .collect(),
            other => panic!("{other:?}"),
        };
        for (value, mut attributes) in points {
            attributes.sort_by(|a, b| a.key.cmp(&b.key));
            let of: Vec<_> = attributes
                .iter()
                .filter(|it| it.key.as_str() != "otel.component.type")
                .map(|it| it.value.to_string())
                .collect();
            numbers.insert(format!("{} {}", metric.name(), of.join(" ")), value);
        }
    }
    numbers
}

#[test]
fn it_counts_what_was_exported_and_what_was_lost_by_reason() {
    let collected = InMemoryMetricExporter::default();
    let reader =
        PeriodicReader::builder(collected.clone()).with_interval(Duration::from_secs(3600));
    let meters = SdkMeterProvider::builder().with_reader(reader.build()).build();
    let telemetry = otel_runtime::builder()
        .exporter(OneAtATime)
        .max_queue_size(10)
        .build()
        .expect("good settings");
    telemetry.observe_with(&meters.meter("otel_runtime"));

    let tracer = telemetry.tracer_provider().tracer("test");
    let make = |spans: u32| (0..spans).for_each(|_| drop(tracer.start("span")));
    make(1);
    telemetry.flush().expect("one is taken");
    make(2);
    telemetry.flush().expect_err("two are not");
    make(1);
    meters.force_flush().expect("a reader");

    let expected = [
        ("otel.sdk.exporter.span.exported batching_span_processor/0", 1),
        ("otel.sdk.exporter.span.exported export_failed batching_span_processor/0", 2),
        ("otel.sdk.processor.span.processed batching_span_processor/0", 1),
        ("otel.sdk.processor.span.processed export_failed batching_span_processor/0", 2),
        ("otel.sdk.processor.span.queue.capacity batching_span_processor/0", 10),
        ("otel.sdk.processor.span.queue.size batching_span_processor/0", 1),
    ];
    let mut numbers = numbers(&collected.get_finished_metrics().expect("metrics"));
    for (name, number) in expected {
        let got = numbers.keys().find(|key| {
            let mut words: Vec<_> = key.split(' ').collect();
            let mut wanted: Vec<_> = name.split(' ').collect();
            words.sort_unstable();
            wanted.sort_unstable();
            words == wanted
        });
        let got = got.cloned().unwrap_or_else(|| panic!("{name} in {numbers:?}"));
        assert_eq!(numbers.remove(&got), Some(number), "{name}");
    }
    assert_eq!(numbers, BTreeMap::new(), "nothing else");
}
