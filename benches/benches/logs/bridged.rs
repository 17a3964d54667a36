//! What does a span of `#[instrument]` cost, which `tracing-opentelemetry` makes one of OpenTelemetry's?

use std::hint::black_box;

use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider,
};
use otel_benches::clock;
use otel_runtime::{Telemetry, traced};
use tracing::dispatcher::{Dispatch, with_default};
use tracing::instrument;
use tracing_subscriber::layer::SubscriberExt;

use crate::Nowhere;
use crate::turns::{self, Row};

const TREES: u32 = 200;
const CHILDREN: u32 = 10;

pub(crate) fn print(rounds: usize, telemetry: &Telemetry) {
    let sdk = sdk();
    let tracer = sdk.tracer("otel-benches");
    let spans = || tracing_opentelemetry::layer();
    let onto_ours = Dispatch::new(
        tracing_subscriber::registry().with(spans().with_tracer(global::tracer("tracing"))),
    );
    let onto_sdk =
        Dispatch::new(tracing_subscriber::registry().with(spans().with_tracer(tracer.clone())));
    // What `#[traced]` and the code by hand record: the place, and the attribute.
    let lean = Dispatch::new(
        tracing_subscriber::registry().with(
            spans()
                .with_tracer(global::tracer("tracing"))
                .with_threads(false)
                .with_target(false)
                .with_tracked_inactivity(false),
        ),
    );
    let flush = || telemetry.flush().map(drop).expect("nothing can fail");
    let flush_sdk = || sdk.force_flush().expect("nothing can fail");

    let rows: [Row<'_>; 5] = [
        ("#[traced]", Box::new(|| time(annotated, flush))),
        ("by hand, SDK alone", Box::new(|| time(|| by_hand(&tracer), flush_sdk))),
        (
            "#[instrument], SDK alone",
            Box::new(|| with_default(&onto_sdk, || time(instrumented, flush_sdk))),
        ),
        (
            "#[instrument], bridged",
            Box::new(|| with_default(&onto_ours, || time(instrumented, flush))),
        ),
        (
            "#[instrument], bridged, without extras",
            Box::new(|| with_default(&lean, || time(instrumented, flush))),
        ),
    ];
    turns::print("a span, of a root with ten children", rounds, &rows);
}

fn sdk() -> SdkTracerProvider {
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(200_000)
        .with_max_export_batch_size(512)
        .build();
    let processor = BatchSpanProcessor::builder(Nowhere).with_batch_config(batches).build();
    SdkTracerProvider::builder().with_span_processor(processor).build()
}

/// Nanoseconds a span.
fn time(tree: impl Fn(), flush: impl Fn()) -> f64 {
    let began = clock::of_thread();
    for _ in 0..TREES {
        tree();
    }
    let time = clock::of_thread().saturating_sub(began);
    flush();
    time.as_secs_f64() * 1e9 / f64::from(TREES * (1 + CHILDREN))
}

#[traced]
fn annotated() {
    (0..CHILDREN).for_each(annotated_child);
}

#[traced(attrs(item))]
fn annotated_child(item: u32) {
    black_box(item);
}

#[instrument]
fn instrumented() {
    (0..CHILDREN).for_each(instrumented_child);
}

#[instrument]
fn instrumented_child(item: u32) {
    black_box(item);
}

fn by_hand(tracer: &SdkTracer) {
    let place = || {
        vec![
            KeyValue::new("code.function.name", concat!(module_path!(), "::by_hand")),
            KeyValue::new("code.file.path", file!()),
            KeyValue::new("code.line.number", i64::from(line!())),
        ]
    };
    let start = |name, attributes| {
        let span = tracer.span_builder(name).with_attributes(attributes).start(tracer);
        Context::current_with_span(span)
    };
    let root = start("by_hand", place());
    let attached = root.clone().attach();
    for item in 0..CHILDREN {
        let mut attributes = place();
        attributes.push(KeyValue::new("item", i64::from(item)));
        let child = start("child", attributes);
        let attached = child.clone().attach();
        black_box(item);
        child.span().end();
        drop(attached);
    }
    root.span().end();
    drop(attached);
}
