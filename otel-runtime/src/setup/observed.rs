//! How does a program's own meter tell what became of the spans?

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use crate::export::pipeline::{Dropped, ExporterStats, PipelineHandle, Stats};
use crate::setup::telemetry::Telemetry;

/// Of an exporter: how many spans, and why they were lost.
type Numbers = fn(&Stats) -> Vec<(Option<&'static str>, u64)>;

type Number = fn(&ExporterStats) -> u64;

impl Telemetry {
    /// Reports what becomes of the spans to a meter of the program's, whose provider reads the numbers
    /// whenever it collects: [`stats`](Telemetry::stats) for dashboards and alerts.
    ///
    /// By the [conventions](https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/), all in
    /// `{span}`, with the `otel.component.name` of the exporter, `batching_span_processor/0` for the first:
    ///
    /// | metric | what it counts |
    /// | --- | --- |
    /// | `otel.sdk.processor.span.processed` | spans that were exported or lost, the latter with an `error.type` |
    /// | `otel.sdk.processor.span.queue.size` | spans that wait, or are being sent |
    /// | `otel.sdk.processor.span.queue.capacity` | how many may |
    /// | `otel.sdk.exporter.span.exported` | spans that the exporter took, and those that it failed on, with an `error.type` |
    ///
    /// An `error.type` is a field of [`Dropped`], such as `queue_full`. `otel.sdk.span.started` and
    /// `.live` are not there: starts are not counted. Call it once; a second time, every span is counted
    /// twice. Needs the Cargo feature `metrics`.
    ///
    /// ```
    /// use opentelemetry::metrics::MeterProvider;
    ///
    /// # let provider = opentelemetry::metrics::noop::NoopMeterProvider::new();
    /// let telemetry = otel_runtime::init()?;
    /// telemetry.observe_with(&provider.meter("otel_runtime"));
    /// # Ok::<(), otel_runtime::InitError>(())
    /// ```
    pub fn observe_with(&self, meter: &Meter) {
        let Some(pipeline) = self.outputs().spans.clone() else { return };
        let counters: [(_, _, Numbers); 2] = [
            (
                "otel.sdk.processor.span.processed",
                "The number of spans for which the processing has finished, either successful or failed.",
                |stats| ended(stats, |_| true),
            ),
            (
                "otel.sdk.exporter.span.exported",
                "The number of spans for which the export has finished, either successful or failed.",
                |stats| ended(stats, is_of_exporter),
            ),
        ];
        for (name, description, numbers) in counters {
            let pipeline = pipeline.clone();
            meter
                .u64_observable_counter(name)
                .with_unit("{span}")
                .with_description(description)
                .with_callback(move |observer| {
                    for (component, ExporterStats { stats, .. }) in components(&pipeline) {
                        for (why, count) in numbers(&stats) {
                            let error = why.map(|why| KeyValue::new("error.type", why));
                            let of: Vec<_> = component.iter().cloned().chain(error).collect();
                            observer.observe(count, &of);
                        }
                    }
                })
                .build();
        }
        let gauges: [(_, _, Number); 2] = [
            (
                "otel.sdk.processor.span.queue.size",
                "The number of spans in the queue of a given instance of an SDK span processor.",
                |it| it.stats.held,
            ),
            (
                "otel.sdk.processor.span.queue.capacity",
                "The maximum number of spans the queue of a given instance of an SDK span processor can hold.",
                |it| it.capacity as u64,
            ),
        ];
        for (name, description, number) in gauges {
            let pipeline = pipeline.clone();
            meter
                .i64_observable_up_down_counter(name)
                .with_unit("{span}")
                .with_description(description)
                .with_callback(move |observer| {
                    for (component, stats) in components(&pipeline) {
                        observer.observe(number(&stats).try_into().unwrap_or(i64::MAX), &component);
                    }
                })
                .build();
        }
    }
}

/// The exporters, each with the attributes that name it.
fn components(pipeline: &PipelineHandle) -> impl Iterator<Item = ([KeyValue; 2], ExporterStats)> {
    const TYPE: &str = "batching_span_processor";
    pipeline.exporters().into_iter().enumerate().map(|(index, stats)| {
        let name = KeyValue::new("otel.component.name", format!("{TYPE}/{index}"));
        ([name, KeyValue::new("otel.component.type", TYPE)], stats)
    })
}

/// How many spans were exported, and how many were lost for those reasons.
fn ended(stats: &Stats, counts: impl Fn(&str) -> bool) -> Vec<(Option<&'static str>, u64)> {
    let lost = reasons(&stats.dropped).into_iter().filter(|(why, count)| *count > 0 && counts(why));
    let lost = lost.map(|(why, count)| (Some(why), count));
    [(None, stats.exported)].into_iter().chain(lost).collect()
}

/// Whether the exporter had the span when it was lost.
fn is_of_exporter(why: &str) -> bool {
    ["export_failed", "export_timeout", "rejected", "exporter_panicked"].contains(&why)
}

fn reasons(dropped: &Dropped) -> [(&'static str, u64); 8] {
    let Dropped {
        queue_full,
        export_failed,
        export_timeout,
        rejected,
        exporter_panicked,
        shutdown_timeout,
        after_shutdown,
        in_forked_child,
    } = *dropped;
    [
        ("queue_full", queue_full),
        ("export_failed", export_failed),
        ("export_timeout", export_timeout),
        ("rejected", rejected),
        ("exporter_panicked", exporter_panicked),
        ("shutdown_timeout", shutdown_timeout),
        ("after_shutdown", after_shutdown),
        ("in_forked_child", in_forked_child),
    ]
}
