//! Which traces are recorded where a sampler panics?

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::trace::{Link, SpanContext, SpanKind, SpanRef, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use crate::process::stderr;
use crate::process::unwind::caught;

/// How often a sampler has panicked in this process.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// How often the program's sampler has panicked.
pub(crate) fn panics() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

/// A sampler of the program. If it panics about a span, the span is recorded if its parent is, and not
/// recorded if it has no parent: otherwise more would be recorded than was asked for.
#[derive(Clone, Debug)]
pub(super) struct Guarded(pub(super) Box<dyn ShouldSample>);

impl Guarded {
    /// As its `Debug` has it, which is the program's too.
    pub(super) fn description(&self) -> String {
        caught(|| format!("{:?}", self.0)).unwrap_or_else(|_| "custom".to_owned())
    }
}

impl ShouldSample for Guarded {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        guarded(parent, || self.0.should_sample(parent, trace_id, name, kind, attributes, links))
    }
}

/// Decides by code of the program's.
#[inline]
pub(super) fn guarded(
    parent: Option<&Context>,
    decide: impl FnOnce() -> SamplingResult,
) -> SamplingResult {
    caught(decide).unwrap_or_else(|why| {
        tell(&why);
        as_its_parent(parent)
    })
}

fn tell(why: &str) {
    static TOLD: Once = Once::new();
    PANICS.fetch_add(1, Ordering::Relaxed);
    TOLD.call_once(|| {
        stderr::warn(&format!(
            "the sampler {why}; where it does, a span is recorded if its parent is, and new traces are not",
        ));
    });
}

fn as_its_parent(parent: Option<&Context>) -> SamplingResult {
    let span = parent.map(TraceContextExt::span);
    let parent = span.as_ref().map(SpanRef::span_context).filter(|parent| parent.is_valid());
    let is_sampled = parent.is_some_and(SpanContext::is_sampled);
    SamplingResult {
        decision: if is_sampled {
            SamplingDecision::RecordAndSample
        } else {
            SamplingDecision::Drop
        },
        attributes: Vec::new(),
        trace_state: parent.map(|parent| parent.trace_state().clone()).unwrap_or_default(),
    }
}
