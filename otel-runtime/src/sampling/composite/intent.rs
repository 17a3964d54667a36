//! What would a sampler like to become of a span?

use std::fmt;

use opentelemetry::KeyValue;
use opentelemetry::trace::TraceState;
use opentelemetry_sdk::trace::SamplingDecision;

use super::super::threshold::Threshold;

/// What a [`ComposableSampler`](super::ComposableSampler) would like.
///
/// Specification:
/// [GetSamplingIntent](https://opentelemetry.io/docs/specs/otel/trace/sdk/#getsamplingintent).
#[derive(Debug)]
pub struct SamplingIntent<'a> {
    pub(super) threshold: Option<Threshold>,
    pub(super) adjusted_count_reliable: bool,
    /// Whether it is recorded where it is not sampled.
    pub(super) records: bool,
    /// The first of the attributes.
    pub(super) attributes: &'a [KeyValue],
    /// What only few intents have, behind one pointer: an intent is made for every span.
    pub(super) more: Option<Box<More<'a>>>,
}

/// What is computed for a span that is recorded.
#[derive(Default)]
pub(super) struct More<'a> {
    attributes: Option<Box<dyn FnOnce() -> Vec<KeyValue> + 'a>>,
    trace_state: Option<Box<Provide<'a>>>,
}

/// Makes a span's trace state of that of its parent and the decision.
type Provide<'a> = dyn FnOnce(&TraceState, &SamplingDecision) -> TraceState + 'a;

impl<'a> SamplingIntent<'a> {
    /// The span is not sampled.
    #[inline]
    #[must_use]
    pub fn drop() -> Self {
        SamplingIntent {
            threshold: None,
            adjusted_count_reliable: false,
            records: false,
            attributes: &[],
            more: None,
        }
    }

    /// The span is sampled with the probability of this threshold, which everybody who counts spans may
    /// rely on: what is kept has it as `th` in its trace state.
    #[inline]
    #[must_use]
    pub fn sample(threshold: Threshold) -> Self {
        SamplingIntent {
            threshold: Some(threshold),
            adjusted_count_reliable: true,
            ..SamplingIntent::drop()
        }
    }

    /// The span is sampled by this threshold and a random number, but for how many spans it stands nobody can
    /// know: what is kept has no `th`.
    #[inline]
    #[must_use]
    pub fn sample_uncounted(threshold: Threshold) -> Self {
        SamplingIntent { threshold: Some(threshold), ..SamplingIntent::drop() }
    }

    /// The threshold; `None` if the span is not to be sampled.
    #[must_use]
    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold
    }

    /// Whether the threshold says how many spans one that is kept stands for.
    #[must_use]
    pub fn is_adjusted_count_reliable(&self) -> bool {
        self.adjusted_count_reliable
    }

    /// Adds attributes to the span if it is recorded: `provider` is called then only.
    #[must_use]
    pub fn with_attributes(mut self, provider: impl FnOnce() -> Vec<KeyValue> + 'a) -> Self {
        let more = self.more.get_or_insert_default();
        let before = more.attributes.take();
        more.attributes = Some(Box::new(move || {
            let mut attributes = before.map(|before| before()).unwrap_or_default();
            attributes.extend(provider());
            attributes
        }));
        self
    }

    /// Gives the span the trace state that `provider` makes of the parent's and the decision. The `ot` member
    /// is not its own: its `th` is set afterwards.
    #[must_use]
    pub fn with_trace_state(
        mut self,
        provider: impl FnOnce(&TraceState, &SamplingDecision) -> TraceState + 'a,
    ) -> Self {
        let more = self.more.get_or_insert_default();
        more.trace_state = Some(match more.trace_state.take() {
            None => Box::new(provider),
            Some(inner) => Box::new(move |parent: &TraceState, decision: &SamplingDecision| {
                provider(&inner(parent, decision), decision)
            }),
        });
        self
    }
}

impl More<'_> {
    /// The trace state, if it is not to be the parent's.
    pub(super) fn trace_state(
        &mut self,
        parent: &TraceState,
        decision: &SamplingDecision,
    ) -> Option<TraceState> {
        self.trace_state.take().map(|provide| provide(parent, decision))
    }

    pub(super) fn attributes(&mut self) -> Vec<KeyValue> {
        self.attributes.take().map(|provide| provide()).unwrap_or_default()
    }
}

impl fmt::Debug for More<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let More { attributes, trace_state } = self;
        f.debug_struct("More")
            .field("attributes", &attributes.is_some())
            .field("trace_state", &trace_state.is_some())
            .finish()
    }
}
