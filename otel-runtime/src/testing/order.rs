//! In which order did spans begin?
//!
//! Clocks do not tell: that of the native recorder and that of the SDK differ by some microseconds, and
//! each is corrected now and then. But every span that begins asks the sampler, which gives it a number.

use std::sync::atomic::{AtomicI64, Ordering};

use opentelemetry::trace::{Link, SpanKind, TraceContextExt};
use opentelemetry::{Context, Key, KeyValue, TraceId, Value};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample, SpanData};

/// The attribute that holds the number, which nobody gets to see.
const NUMBER: Key = Key::from_static_str("otel_runtime.testing.number");

/// Samples every span, and numbers them.
#[derive(Clone, Debug)]
pub(super) struct Numbering;

impl ShouldSample for Numbering {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        static NEXT: AtomicI64 = AtomicI64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let trace_state = parent.map(|parent| parent.span().span_context().trace_state().clone());
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: vec![KeyValue::new(NUMBER, number)],
            trace_state: trace_state.unwrap_or_default(),
        }
    }
}

/// Takes its number from a span. One that had no room for it comes last.
pub(super) fn take_number(span: &mut SpanData) -> i64 {
    let number = span.attributes.iter().position(|attribute| attribute.key == NUMBER);
    match number.map(|at| span.attributes.remove(at).value) {
        Some(Value::I64(number)) => number,
        _ => i64::MAX,
    }
}
