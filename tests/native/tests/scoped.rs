//! What does a sampler see of a scope, and what is evaluated where nothing is recorded?

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

use opentelemetry::trace::{
    Link, SpanContext, SpanKind, TraceContextExt, TraceId, TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    SamplingDecision, SamplingResult, ShouldSample, SpanData, SpanExporter,
};
use otel_runtime::{context, traced};

/// What it was asked about: the names of spans, and all their attributes but `code.*`.
static ASKED: Mutex<Vec<(String, Vec<String>)>> = Mutex::new(Vec::new());

/// Drops the spans of tenant 13.
#[derive(Clone, Debug)]
struct ByTenant;

impl ShouldSample for ByTenant {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        attributes: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let seen = attributes.iter().filter(|it| !it.key.as_str().starts_with("code."));
        let seen = seen.map(|it| format!("{}={}", it.key, it.value)).collect();
        ASKED.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), seen));
        let drops = attributes.contains(&KeyValue::new("tenant.id", 13));
        SamplingResult {
            decision: if drops {
                SamplingDecision::Drop
            } else {
                SamplingDecision::RecordAndSample
            },
            attributes: Vec::new(),
            trace_state: TraceState::default(),
        }
    }
}

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

fn asked() -> Vec<(String, Vec<String>)> {
    std::mem::take(&mut ASKED.lock().unwrap_or_else(PoisonError::into_inner))
}

thread_local! {
    static EVALUATED: Cell<u32> = const { Cell::new(0) };
}

fn tenant(id: i64) -> i64 {
    EVALUATED.set(EVALUATED.get() + 1);
    id
}

#[traced(scoped(tenant.id = tenant(id)), attrs(shard = 3))]
fn handle(id: i64) -> (SpanContext, bool) {
    let span = inner();
    global::tracer("another library").in_span("foreign", |_| ());
    span
}

#[traced]
fn inner() -> (SpanContext, bool) {
    let context = Context::current();
    (context.span().span_context().clone(), context.span().is_recording())
}

fn said(name: &str, attributes: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), attributes.iter().map(|it| (*it).to_owned()).collect())
}

#[test]
fn a_sampler_sees_the_attributes_of_the_scope() {
    let telemetry = otel_runtime::builder()
        .custom_sampler(ByTenant)
        .exporter(Nowhere)
        .init()
        .expect("nothing is installed");

    assert!(handle(7).1);
    let expected = [
        said("handle", &["shard=3", "tenant.id=7"]),
        said("inner", &["tenant.id=7"]),
        said("foreign", &["tenant.id=7"]),
    ];
    assert_eq!(asked(), expected);

    let (span, is_recording) = handle(13);
    assert!(!is_recording && !span.is_sampled(), "what is inside is dropped for its scope, too");
    assert_eq!(asked().len(), 3);
    assert_eq!(EVALUATED.take(), 2);

    let scope = context::scope([KeyValue::new("tenant.id", 13), KeyValue::new("shard", 4)]);
    assert!(handle(8).1, "the inner scope holds");
    drop(scope);
    let first = asked().remove(0);
    assert_eq!(first, said("handle", &["shard=3", "tenant.id=8"]));
    telemetry.shutdown().expect("nothing is lost");
}
