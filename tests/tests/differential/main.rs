//! Does a backend get the same of our spans as of those that are made by hand and sent by
//! `opentelemetry-otlp`?
//!
//! What differs by design is made alike or left out: ids, times of start and end, and where a function
//! is, which only an annotated one says.

mod random;

use std::time::Duration;

use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, TraceContextExt, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope as Scope, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter as _};
use otel_runtime::{Protocol, builder, traced};
use otel_tests::exporters::Kept;
use otel_tests::receiver::{Received, Receiver};
use random::{Random, Sample};

const CASES: u64 = 500;

/// An annotated function for each kind; what else it says of its span is random.
macro_rules! annotated {
    ($($function:ident: $kind:ident = $variant:ident,)*) => {
        $(
            #[traced(name = sample.name.clone(), kind = $kind, links(&sample.links), parent = parent)]
            fn $function(sample: &Sample, parent: SpanContext) {
                let context = Context::current();
                let span = context.span();
                sample.actions.iter().for_each(|action| action.of_ref(&span));
            }
        )*

        fn annotated(sample: &Sample, parent: SpanContext) {
            match &sample.kind {
                $(SpanKind::$variant => $function(sample, parent),)*
            }
        }
    };
}

annotated! {
    serve: server = Server,
    ask: client = Client,
    produce: producer = Producer,
    consume: consumer = Consumer,
    work: internal = Internal,
}

/// What is not to be the same, made the same.
fn alike(received: Received) -> (Scope, Span) {
    let Received { mut span, scope, .. } = received;
    assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
    assert_eq!((span.trace_id.len(), span.span_id.len()), (16, 8));
    (span.start_time_unix_nano, span.end_time_unix_nano) = (0, 0);
    span.span_id.clear();
    let is_of_place = |attribute: &KeyValue| attribute.key.starts_with("code.");
    span.attributes.retain(|attribute| !is_of_place(attribute));
    (scope, span)
}

#[test]
fn a_backend_gets_the_same_of_a_span() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (ours, theirs) = (Receiver::grpc(), Receiver::grpc());
    let telemetry = builder()
        .environment::<&str, &str>([])
        .endpoint(ours.endpoint())
        .protocol(Protocol::Grpc)
        // The place is three of ours.
        .attribute_count_limit(random::ATTRIBUTES + 3)
        .event_count_limit(random::EVENTS)
        .link_count_limit(random::LINKS)
        .event_attribute_count_limit(random::INNER)
        .link_attribute_count_limit(random::INNER)
        .init()
        .expect("nobody has come before");
    let (exporter, ended) = Kept::new();
    let by_hand = SdkTracerProvider::builder()
        .with_simple_exporter(exporter)
        .with_max_attributes_per_span(random::ATTRIBUTES)
        .with_max_events_per_span(random::EVENTS)
        .with_max_links_per_span(random::LINKS)
        .with_max_attributes_per_event(random::INNER)
        .with_max_attributes_per_link(random::INNER)
        .build();
    let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
        .with_version(env!("CARGO_PKG_VERSION"));
    let tracer = by_hand.tracer_with_scope(scope.build());
    let otlp = runtime.block_on(async {
        let otlp = SpanExporter::builder().with_tonic().with_endpoint(theirs.endpoint());
        otlp.with_timeout(Duration::from_secs(10)).build().expect("an exporter")
    });

    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (sample, parent) = (random.sample(), random.parent());

        annotated(&sample, parent.clone());
        telemetry.flush().expect("no span is lost");

        let above = Context::new().with_remote_span_context(parent);
        let mut span = tracer
            .span_builder(sample.name.clone())
            .with_kind(sample.kind.clone())
            .with_links(sample.links().collect())
            .start_with_context(&tracer, &above);
        sample.actions.iter().for_each(|action| action.of_span(&mut span));
        span.end();
        let batch = ended.recv().expect("it has ended");
        runtime.block_on(otlp.export(batch)).expect("they are sent");

        let [ours, theirs] = [&ours, &theirs].map(|backend| alike(backend.spans(1).remove(0)));
        assert_eq!(ours, theirs, "seed {seed}");
    }
}
