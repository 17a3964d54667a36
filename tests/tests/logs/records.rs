//! Which ids has a log record that goes to OpenTelemetry?

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::logs::in_memory_exporter::{InMemoryLogExporter, LogDataWithResource};
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::logs::{bridge, explicit_parents};
use otel_runtime::traced;
use otel_tests::capture::provider;
use tracing::{Subscriber, debug, error, info, info_span};
use tracing_subscriber::layer::SubscriberExt;

use crate::{bridged_spans, capture, subscriber};

fn records_and_spans(
    exporter: &InMemoryLogExporter,
) -> (SdkLoggerProvider, impl Subscriber + Send + Sync + use<>) {
    let logs = SdkLoggerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layers = subscriber([bridged_spans()]).with(bridge(&logs)).with(explicit_parents());
    (logs, layers)
}

fn body(record: &LogDataWithResource) -> &str {
    match record.record.body() {
        Some(AnyValue::String(text)) => text.as_str(),
        other => panic!("{other:?}"),
    }
}

fn records(exporter: &InMemoryLogExporter) -> Vec<LogDataWithResource> {
    exporter.get_emitted_logs().expect("records")
}

/// Whether the record with this text is of this span.
fn is_of(records: &[LogDataWithResource], text: &str, span: &SpanData) -> bool {
    let record = records.iter().find(|record| body(record) == text).expect(text);
    let context = record.record.trace_context().expect("ids");
    assert!(context.trace_flags.is_some_and(|flags| flags.is_sampled()));
    (context.trace_id, context.span_id)
        == (span.span_context.trace_id(), span.span_context.span_id())
}

#[tracing::instrument]
fn instrumented() {
    info!("instrumented");
    function();
}

#[traced]
fn function() {
    info!("function");
    let named = info_span!("named");
    info!(parent: &named, "of another");
    error!(parent: None, "of nobody");
    provider().tracer("other").in_span("manual", |_| info!("by hand"));
}

#[test]
fn those_of_the_innermost_span_or_of_the_span_that_it_names() {
    let exporter = InMemoryLogExporter::default();
    let (_logs, layers) = records_and_spans(&exporter);
    let spans = capture(layers, instrumented);

    let records = records(&exporter);
    for (text, span) in [
        ("instrumented", "instrumented"),
        ("function", "function"),
        ("of another", "named"),
        ("by hand", "manual"),
    ] {
        assert!(is_of(&records, text, spans.one(span)), "{text}");
    }
    let nobody = records.iter().find(|record| body(record) == "of nobody").expect("a record");
    assert!(nobody.record.trace_context().is_none());
}

#[test]
fn what_may_be_about_an_export_is_no_record() {
    let exporter = InMemoryLogExporter::default();
    let (_logs, layers) = records_and_spans(&exporter);
    tracing::subscriber::with_default(layers, || {
        debug!(target: "hyper_util::client::legacy::pool", "reuse");
        debug!(target: "h2::codec", "frame");
        debug!(target: "opentelemetry-otlp", "exported");
        let record = log::Record::builder()
            .target("rustls::client")
            .level(log::Level::Info)
            .args(format_args!("hello"))
            .build();
        tracing_log::format_trace(&record).expect("it is formatted");
        {
            let _suppressed = opentelemetry::Context::enter_telemetry_suppressed_scope();
            info!("by an exporter");
        }
        info!(target: "shop::hyper", "ours");
        let record = log::Record::builder()
            .target("shop")
            .level(log::Level::Info)
            .args(format_args!("by log"))
            .build();
        tracing_log::format_trace(&record).expect("it is formatted");
    });

    let records = records(&exporter);
    assert_eq!(records.iter().map(body).collect::<Vec<_>>(), ["ours", "by log"]);
}

#[test]
fn a_secret_in_a_message_a_field_or_an_error_is_in_no_record() {
    let exporter = InMemoryLogExporter::default();
    let (_logs, layers) = records_and_spans(&exporter);
    tracing::subscriber::with_default(layers, || {
        let why = std::io::Error::other("login with password=Tr0ub4dor-c4nary");
        let why = &why as &dyn std::error::Error;
        error!(error = why, card = 4_539_578_763_621_486_i64, "paid by card 4539578763621486");
        info!(
            note = "token: c4nary-c4nary-c4nary",
            db.password = "c4nary",
            "SELECT 1 WHERE a = 'c4nary'"
        );
        info!(tenant = "blue", "nothing to hide");
    });

    let records = records(&exporter);
    let [failed, told, clean] = &records[..] else { panic!("three: {records:?}") };
    assert_eq!(body(failed), "paid by card [financial]");
    assert_eq!(body(told), "SELECT ? WHERE a = ?");
    let shown = format!("{failed:?}{told:?}");
    for planted in ["Tr0ub4dor", "4539578763621486", "c4nary"] {
        assert!(!shown.contains(planted), "{shown}");
    }
    assert_eq!(body(clean), "nothing to hide");
    assert!(format!("{clean:?}").contains("blue"));
}
