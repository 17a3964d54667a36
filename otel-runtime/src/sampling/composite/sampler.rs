//! How is decided what a composable sampler would like?

use std::sync::Arc;

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::super::guarded::guarded;
use super::super::head::{About, HeadSampler};
use super::super::ot;
use super::super::random;
use super::super::threshold::Threshold;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// A sampler for any provider, made of one that can be composed.
///
/// ```
/// use otel_runtime::sampling::{CompositeSampler, ParentThreshold, Probability};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = CompositeSampler::new(ParentThreshold::new(Probability::new(0.1)?));
/// # Ok(())
/// # }
/// ```
///
/// What is kept has a `th` in its trace state where the count is known, and none where it is not; what is
/// dropped has none.
///
/// Specification:
/// [CompositeSampler](https://opentelemetry.io/docs/specs/otel/trace/sdk/#compositesampler).
#[derive(Clone, Debug)]
pub struct CompositeSampler {
    pub(super) delegate: Arc<dyn ComposableSampler>,
}

impl CompositeSampler {
    /// Decides as `delegate` would like.
    pub fn new(delegate: impl ComposableSampler + 'static) -> Self {
        CompositeSampler { delegate: Arc::new(delegate) }
    }
}

impl ShouldSample for CompositeSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // Samplers of the program's may be among them.
        guarded(parent, || {
            Candidate::with(parent, trace_id, name, kind, attributes, links, |span| {
                decide(span, self.delegate.sampling_intent(span))
            })
        })
    }
}

/// Step by step as the specification has it. Of a random number, which stands in for the trace's own bits
/// where the count is not known, there is no need where everything is kept.
#[inline]
pub(in crate::sampling) fn decide(
    span: &Candidate<'_>,
    intent: SamplingIntent<'_>,
) -> SamplingResult {
    let SamplingIntent { threshold, adjusted_count_reliable, records, attributes, more } = intent;
    let is_sampled = threshold.is_some_and(|threshold| {
        let randomness = if adjusted_count_reliable { Some(span.randomness()) } else { None };
        threshold == Threshold::ALWAYS
            || threshold.keeps(randomness.unwrap_or_else(random::randomness))
    });
    let decision = match (is_sampled, records) {
        (true, _) => SamplingDecision::RecordAndSample,
        (false, true) => SamplingDecision::RecordOnly,
        (false, false) => SamplingDecision::Drop,
    };
    let told = threshold.filter(|_| is_sampled && adjusted_count_reliable);
    let Some(mut more) = more else {
        let trace_state = ot::with_threshold(span.trace_state(), told);
        let attributes = if decision == SamplingDecision::Drop { &[] } else { attributes };
        return SamplingResult { decision, attributes: attributes.to_vec(), trace_state };
    };
    let provided = more.trace_state(span.trace_state(), &decision);
    let trace_state = ot::with_threshold(provided.as_ref().unwrap_or(span.trace_state()), told);
    let mut all = Vec::new();
    if decision != SamplingDecision::Drop {
        all.extend_from_slice(attributes);
        all.extend(more.attributes());
    }
    SamplingResult { decision, attributes: all, trace_state }
}

impl From<CompositeSampler> for HeadSampler {
    fn from(sampler: CompositeSampler) -> Self {
        HeadSampler::new(
            About {
                follows_local_parent: sampler.delegate.follows_local_parent(),
                reads: sampler.delegate.attributes_read(),
                description: sampler.delegate.description(),
                standard: None,
            },
            sampler,
        )
    }
}

impl<S: ComposableSampler + 'static> From<S> for HeadSampler {
    fn from(sampler: S) -> Self {
        CompositeSampler::new(sampler).into()
    }
}
