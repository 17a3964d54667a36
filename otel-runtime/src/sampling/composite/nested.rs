//! How does a sampler of the program's take part?

use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::super::guarded::Guarded;
use super::super::ot;
use super::super::threshold::Threshold;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// Any sampler, among those that can be composed: its decision, its attributes and its trace state are
/// taken as they are.
///
/// For how many spans one that it keeps stands is known only where it sets a `th` of its own, with which the
/// trace's random bits agree. A `th` that was the parent's already says nothing about this decision, and is
/// removed.
///
/// ```
/// use otel_runtime::opentelemetry_sdk::trace::Sampler;
/// use otel_runtime::sampling::{Nested, ParentThreshold};
///
/// let sampler = ParentThreshold::new(Nested::new(Sampler::TraceIdRatioBased(0.5)));
/// ```
#[derive(Clone, Debug)]
pub struct Nested(Guarded);

impl Nested {
    /// Asks this sampler. If it panics about a span, the span is sampled if its parent is.
    pub fn new(sampler: impl ShouldSample + 'static) -> Self {
        Nested(Guarded(Box::new(sampler)))
    }
}

impl ComposableSampler for Nested {
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        let SamplingResult { decision, attributes, trace_state } = self.0.should_sample(
            span.parent_context(),
            span.trace_id,
            span.name(),
            span.kind(),
            span.attributes(),
            span.links(),
        );
        let had = ot::read(span.trace_state()).threshold;
        let set = ot::read(&trace_state).threshold.filter(|set| Some(*set) != had);
        let mut intent = match (&decision, set) {
            (SamplingDecision::RecordAndSample, Some(set)) if set.keeps(span.randomness()) => {
                SamplingIntent::sample(set)
            }
            (SamplingDecision::RecordAndSample, _) => {
                SamplingIntent::sample_uncounted(Threshold::ALWAYS)
            }
            (SamplingDecision::RecordOnly | SamplingDecision::Drop, _) => SamplingIntent::drop(),
        };
        intent.records = decision == SamplingDecision::RecordOnly;
        if !attributes.is_empty() {
            intent = intent.with_attributes(|| attributes);
        }
        if trace_state != *span.trace_state() {
            intent = intent.with_trace_state(|_, _| trace_state);
        }
        intent
    }

    fn description(&self) -> String {
        self.0.description()
    }
}
