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
    pub(super) attributes: Attributes<'a>,
    pub(super) trace_state: Option<TraceStateProvider<'a>>,
}

/// Makes a span's trace state of that of its parent and the decision.
pub(super) struct TraceStateProvider<'a>(Box<Provide<'a>>);

type Provide<'a> = dyn FnOnce(&TraceState, &SamplingDecision) -> TraceState + 'a;

impl<'a> SamplingIntent<'a> {
    /// The span is not sampled.
    #[must_use]
    pub fn drop() -> Self {
        SamplingIntent {
            threshold: None,
            adjusted_count_reliable: false,
            records: false,
            attributes: Attributes::None,
            trace_state: None,
        }
    }

    /// The span is sampled with the probability of this threshold, which everybody who counts spans may
    /// rely on: what is kept has it as `th` in its trace state.
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
        let before = std::mem::replace(&mut self.attributes, Attributes::None);
        self.attributes = Attributes::Provided(Box::new(move || {
            let mut attributes = before.provide();
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
        self.trace_state = Some(match self.trace_state.take() {
            None => TraceStateProvider(Box::new(provider)),
            Some(inner) => TraceStateProvider(Box::new(move |parent, decision| {
                provider(&inner.provide(parent, decision), decision)
            })),
        });
        self
    }
}

impl TraceStateProvider<'_> {
    pub(super) fn provide(self, parent: &TraceState, decision: &SamplingDecision) -> TraceState {
        (self.0)(parent, decision)
    }
}

/// Attributes for a span that is recorded.
pub(super) enum Attributes<'a> {
    None,
    Fixed(&'a [KeyValue]),
    Provided(Box<dyn FnOnce() -> Vec<KeyValue> + 'a>),
}

impl Attributes<'_> {
    pub(super) fn provide(self) -> Vec<KeyValue> {
        match self {
            Attributes::None => Vec::new(),
            Attributes::Fixed(attributes) => attributes.to_vec(),
            Attributes::Provided(provider) => provider(),
        }
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attributes::None => f.write_str("none"),
            Attributes::Fixed(attributes) => attributes.fmt(f),
            Attributes::Provided(_) => f.write_str("provided"),
        }
    }
}

impl fmt::Debug for TraceStateProvider<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("provided")
    }
}
