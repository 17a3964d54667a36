//! In which order did spans begin, and inside which other span?
//!
//! Times do not tell: the clocks of the native recorder and of the SDK differ by some microseconds, and
//! each is corrected now and then. But every span that begins asks the sampler. The sampler gives it a
//! number, and notes which span is current. For a `root`, and for a handler that continues a trace from
//! elsewhere, that is not the parent, but the span in which it was called.

use std::sync::atomic::{AtomicI64, Ordering};

use opentelemetry::trace::{Link, SpanKind, TraceContextExt};
use opentelemetry::{Array, Context, Key, KeyValue, SpanId, TraceId, Value};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample, SpanData};

use crate::context::current;

/// The attribute that holds both; it is taken out before anybody sees the span.
const BEGINNING: Key = Key::from_static_str("otel_runtime.testing.beginning");

/// How a span began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Spans are numbered in the order in which they begin.
    pub(super) number: i64,
    /// The span that was current, which need not be its parent.
    pub(super) inside: SpanId,
}

/// Samples every span, and notes its beginning.
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
        let inside = current::map(|context| context.span().span_context().span_id());
        let inside = i64::from_be_bytes(inside.unwrap_or(SpanId::INVALID).to_bytes());
        let trace_state = parent.map(|parent| parent.span().span_context().trace_state().clone());
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: vec![KeyValue::new(BEGINNING, Value::Array(vec![number, inside].into()))],
            trace_state: trace_state.unwrap_or_default(),
        }
    }
}

/// Takes the beginning out of a span's attributes. A span that had no room for it is put last.
pub(super) fn take_beginning(span: &mut SpanData) -> Beginning {
    let at = span.attributes.iter().position(|attribute| attribute.key == BEGINNING);
    match at.map(|at| span.attributes.remove(at).value) {
        Some(Value::Array(Array::I64(values))) if values.len() == 2 => {
            Beginning { number: values[0], inside: SpanId::from_bytes(values[1].to_be_bytes()) }
        }
        _ => Beginning { number: i64::MAX, inside: SpanId::INVALID },
    }
}
