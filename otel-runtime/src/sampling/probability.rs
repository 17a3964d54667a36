//! How is a share of all traces kept by the specification's rule, at the least cost?

use opentelemetry::trace::{Link, SpanKind, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::composite::{Candidate, ComposableSampler, Probability, decide};
use super::error::SamplerError;
use super::head::{About, HeadSampler};
use super::ot;
use super::reads::AttributesRead;

/// A share of all traces, chosen by their random bits; what is kept says in its trace state for how many it
/// stands, as in `ot=th:e666` for one in ten.
///
/// The random bits are the `rv` of the trace state, or the low 56 of the trace id. What is kept at 1 % is kept
/// at 10 % too, by every service that follows the specification. The parent's decision does not count: as
/// the root of a [`ParentBased`](super::ParentBased) it decides only about traces that begin here.
///
/// ```
/// use otel_runtime::sampling::{ParentBased, ProbabilitySampler};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = ParentBased::new(ProbabilitySampler::new(0.1)?);
/// # Ok(())
/// # }
/// ```
///
/// Specification:
/// [ProbabilitySampler](https://opentelemetry.io/docs/specs/otel/trace/sdk/#probabilitysampler).
#[derive(Clone, Debug)]
pub struct ProbabilitySampler {
    probability: Probability,
    /// That of a trace which begins without any: copied, which is quicker than to write it each time.
    trace_state: TraceState,
}

impl ProbabilitySampler {
    /// Keeps `ratio` of all traces.
    ///
    /// # Errors
    ///
    /// `ratio` is less than 2⁻⁵⁶, more than 1, or not a number. For none there is
    /// [`Sampler::AlwaysOff`](crate::Sampler::AlwaysOff).
    pub fn new(ratio: f64) -> Result<Self, SamplerError> {
        let probability = Probability::new(ratio)?;
        let trace_state = ot::with_threshold(&TraceState::NONE, Some(probability.threshold()));
        Ok(ProbabilitySampler { probability, trace_state })
    }

    pub(super) fn description(&self) -> String {
        format!("ProbabilitySampler{{{}}}", self.probability.ratio())
    }
}

impl ShouldSample for ProbabilitySampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        Candidate::with(parent, trace_id, name, kind, attributes, links, |span| {
            let intent = self.probability.sampling_intent(span);
            if *span.trace_state() != TraceState::NONE {
                return decide(span, intent);
            }
            let (decision, trace_state) = if self.probability.threshold().keeps(span.randomness()) {
                (SamplingDecision::RecordAndSample, self.trace_state.clone())
            } else {
                (SamplingDecision::Drop, TraceState::NONE)
            };
            SamplingResult { decision, attributes: Vec::new(), trace_state }
        })
    }
}

impl From<ProbabilitySampler> for HeadSampler {
    fn from(sampler: ProbabilitySampler) -> Self {
        HeadSampler::new(
            About {
                follows_local_parent: false,
                reads: AttributesRead::None,
                description: sampler.description(),
                standard: None,
            },
            sampler,
        )
    }
}

#[cfg(test)]
mod tests;
