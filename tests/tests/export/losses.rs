//! Is every span that cannot be delivered counted, with the reason?

use std::time::Duration;

use opentelemetry::trace::{Span, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample, SpanData, SpanExporter,
};
use otel_runtime::{Dropped, Sampler, Stats, Telemetry, builder};
use otel_tests::exporters::{Failing, Gated, Kept, Panicking, Verbose};
use otel_tests::receiver::{Silent, absent};

use super::{end_spans, start};

/// The counters, which always add up.
#[track_caller]
fn stats(telemetry: &Telemetry) -> Stats {
    let stats = telemetry.stats();
    assert_eq!(stats.ended, stats.exported + stats.held + stats.dropped.total(), "{stats:?}");
    stats
}

#[test]
fn a_full_queue_drops_what_is_new_and_never_waits() {
    let (exporter, begins, gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter).max_queue_size(4).max_export_batch_size(2));
    // Two are with the exporter, then two fit.
    end_spans(&telemetry, ["1", "2"]);
    assert_eq!(begins.recv(), Ok(2));
    end_spans(&telemetry, ["3", "4", "5", "6", "7", "8", "9"]);

    let full = stats(&telemetry);
    assert_eq!((full.ended, full.held, full.dropped.queue_full), (9, 4, 5));

    gate.add_permits(3);
    let error = telemetry.flush().expect_err("five were lost");
    assert_eq!((error.exported(), error.pending(), error.is_timeout()), (4, 0, false));
    assert_eq!(error.dropped(), telemetry.stats().dropped);
    assert_eq!(error.to_string(), "5 of 9 spans were not delivered (queue full: 5)",);
    assert_eq!(stats(&telemetry).held, 0);

    // A loss is told once.
    assert!(telemetry.shutdown().is_ok());
    assert_eq!(stats(&telemetry).dropped.total(), 5);
}

#[test]
fn an_exporter_that_panics_loses_the_batch_and_nothing_else() {
    let (exporter, batches) = Kept::new();
    let telemetry = start(builder().exporter(Panicking(exporter)));
    for name in ["panic early", "panic late", "panic twice"] {
        end_spans(&telemetry, [name]);
        let error = telemetry.flush().expect_err("it panicked");
        assert_eq!(error.dropped().exporter_panicked, 1, "{error}");
        assert!(error.to_string().contains("panicked"), "{error}");
    }
    end_spans(&telemetry, ["good"]);
    assert_eq!(telemetry.flush().expect("the thread lives on").exported, 1);
    assert_eq!(batches.recv().map(|batch| batch.len()), Ok(1));

    let stats = stats(&telemetry);
    assert_eq!((stats.ended, stats.exported, stats.dropped.exporter_panicked), (4, 1, 3));
}

#[test]
fn an_exporter_that_fails() {
    let telemetry = start(builder().exporter(Failing));
    end_spans(&telemetry, ["1", "2"]);

    let error = telemetry.shutdown().expect_err("it failed");
    assert_eq!((error.exported(), error.dropped().export_failed), (0, 2));
    assert_eq!(
        error.to_string(),
        "2 of 2 spans were not delivered (export failed: 2); last error: no room",
    );
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(stats(&telemetry).dropped.export_failed, 2);
}

#[test]
fn an_error_of_megabytes_is_told_in_part() {
    let telemetry = start(builder().exporter(Verbose));
    end_spans(&telemetry, ["1"]);
    for _ in 0..2 {
        // With a span that is lost, and because of the exporter's own flush.
        let error = telemetry.flush().expect_err("it failed").to_string();
        assert!(error.contains("ää"), "{}", error.len());
        assert!(error.len() < 5_000, "{}", error.len());
    }
}

#[test]
fn an_exporter_that_takes_too_long() {
    let (exporter, _begins, _gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter).export_timeout(Duration::from_millis(1)));
    end_spans(&telemetry, ["1", "2"]);

    let error = telemetry.flush().expect_err("too long");
    assert_eq!(error.dropped().export_timeout, 2, "{error}");
    assert!(!error.is_timeout(), "the flush itself was in time: {error}");
    assert_eq!(stats(&telemetry).dropped.export_timeout, 2);
}

#[test]
fn a_backend_that_never_answers() {
    for protocol in [otel_runtime::Protocol::Grpc, otel_runtime::Protocol::HttpProtobuf] {
        let backend = Silent::new();
        let telemetry = start(
            builder()
                .endpoint(backend.endpoint())
                .protocol(protocol)
                .timeout(Duration::from_millis(20)),
        );
        end_spans(&telemetry, ["span"]);
        let error = telemetry.flush_within(Duration::from_secs(1)).expect_err("no answer");
        assert_eq!((error.pending(), error.dropped().total()), (1, 0), "{protocol}: {error}");
        assert!(error.to_string().contains("no answer within 20ms"), "it says why: {error}");
        assert!(telemetry.stats().retried > 0, "{protocol}");
        let _ = telemetry.shutdown_within(Duration::ZERO);
    }
}

#[test]
fn a_backend_that_is_not_there() {
    for protocol in [otel_runtime::Protocol::Grpc, otel_runtime::Protocol::HttpProtobuf] {
        let telemetry = start(builder().endpoint(absent()).protocol(protocol));
        end_spans(&telemetry, ["1", "2", "3"]);
        let error = telemetry.shutdown_within(Duration::from_secs(60)).expect_err("none there");
        let numbers = (error.exported(), error.dropped().export_failed);
        assert_eq!(numbers, (0, 3), "{protocol}: {error}");
        assert!(!error.is_timeout(), "nobody waits for what nothing listens to: {error}");
        assert!(error.to_string().contains("refused"), "it says why: {error}");
    }
}

#[test]
fn a_span_that_ends_after_the_shutdown() {
    let (exporter, batches) = Kept::new();
    let telemetry = start(builder().exporter(exporter));
    let mut late = telemetry.tracer_provider().tracer("test").start("late");
    assert!(telemetry.shutdown().is_ok());
    late.end();

    assert_eq!(stats(&telemetry).dropped.after_shutdown, 1);
    assert_eq!(telemetry.flush().map_err(|error| error.dropped().after_shutdown), Err(1));
    assert_eq!(batches.iter().count(), 0);
}

#[test]
fn spans_that_are_recorded_only_stay_here_and_are_no_loss() {
    #[derive(Clone, Debug)]
    struct RecordOnly;

    impl ShouldSample for RecordOnly {
        fn should_sample(
            &self,
            _: Option<&Context>,
            _: opentelemetry::trace::TraceId,
            _: &str,
            _: &opentelemetry::trace::SpanKind,
            _: &[KeyValue],
            _: &[opentelemetry::trace::Link],
        ) -> SamplingResult {
            SamplingResult {
                decision: SamplingDecision::RecordOnly,
                attributes: Vec::new(),
                trace_state: opentelemetry::trace::TraceState::default(),
            }
        }
    }

    let (exporter, batches) = Kept::new();
    let telemetry = start(builder().exporter(exporter).custom_sampler(RecordOnly));
    let tracer = telemetry.tracer_provider().tracer("test");
    assert!(tracer.in_span("recorded", |context| context.span().is_recording()));

    assert!(telemetry.shutdown().is_ok());
    assert_eq!(batches.iter().count(), 0);
    assert_eq!(telemetry.stats(), Stats::default());
}

#[test]
fn samplers_decide() {
    let recorded = |sampler| {
        let telemetry = start(builder().no_exporter().sampler(sampler));
        let tracer = telemetry.tracer_provider().tracer("test");
        tracer.in_span("root", |context| context.span().span_context().is_sampled())
    };
    assert!(recorded(Sampler::AlwaysOn));
    assert!(!recorded(Sampler::AlwaysOff));
    assert!(recorded(Sampler::TraceIdRatio(1.0)));
    assert!(!recorded(Sampler::TraceIdRatio(0.0)));
    assert!(recorded(Sampler::ParentBasedAlwaysOn));
    assert!(!recorded(Sampler::ParentBasedAlwaysOff));
    assert!(recorded(Sampler::ParentBasedTraceIdRatio(1.0)));
    assert!(!recorded(Sampler::ParentBasedTraceIdRatio(0.0)));
}

#[test]
fn what_the_exporter_does_is_not_traced() {
    /// Traces its own work, as an HTTP client that it uses might.
    #[derive(Debug)]
    struct Traced {
        kept: Kept,
        own: std::sync::Arc<std::sync::OnceLock<SdkTracerProvider>>,
    }

    impl SpanExporter for Traced {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            let tracer = self.own.get().expect("set").tracer("exporter");
            tracer.in_span("export", |_| ());
            let later = tracer.clone();
            let spawned = tokio::spawn(async move { later.in_span("task", |_| ()) });
            spawned.await.expect("no panic");
            let elsewhere = tokio::task::spawn_blocking(move || tracer.in_span("blocking", |_| ()));
            elsewhere.await.expect("no panic");
            self.kept.export(batch).await
        }
    }

    let (kept, batches) = Kept::new();
    let own = std::sync::Arc::default();
    let telemetry = start(builder().exporter(Traced { kept, own: std::sync::Arc::clone(&own) }));
    own.set(telemetry.tracer_provider().clone()).expect("set once");
    end_spans(&telemetry, ["span"]);
    assert!(telemetry.shutdown().is_ok());

    let names: Vec<_> = batches.iter().flatten().map(|span| span.name).collect();
    assert_eq!(names, ["span"]);
    assert_eq!(stats(&telemetry).dropped, Dropped::default());
}
