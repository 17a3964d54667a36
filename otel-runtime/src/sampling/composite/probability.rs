//! Which share of traces is kept, by the specification's rule?

use super::super::error::SamplerError;
use super::super::reads::AttributesRead;
use super::super::threshold::Threshold;
use super::super::warnings;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// A share of all traces, chosen by their random bits: what is kept at 1 % is kept at 10 % too, by every
/// service that follows the specification.
///
/// It decides about every span anew, whatever became of the parent: stand it below
/// [`ParentThreshold`](super::ParentThreshold), or use
/// [`ProbabilitySampler`](super::super::ProbabilitySampler) as the root of a
/// [`ParentBased`](super::super::ParentBased).
///
/// Specification:
/// [ComposableProbability](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composableprobability).
#[derive(Clone, Copy, Debug)]
pub struct Probability {
    ratio: f64,
    threshold: Threshold,
}

impl Probability {
    /// Keeps `ratio` of all traces.
    ///
    /// # Errors
    ///
    /// `ratio` is less than 2⁻⁵⁶, more than 1, or not a number. For none there is
    /// [`AlwaysOff`](super::AlwaysOff).
    pub fn new(ratio: f64) -> Result<Self, SamplerError> {
        Threshold::from_probability(ratio).map(|threshold| Probability { ratio, threshold })
    }

    /// The threshold that it keeps traces by.
    #[must_use]
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    pub(in crate::sampling) fn ratio(&self) -> f64 {
        self.ratio
    }
}

impl ComposableSampler for Probability {
    #[inline]
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        if span.presumes_random_id() && self.threshold > Threshold::ALWAYS {
            warnings::presumed_random();
        }
        SamplingIntent::sample(self.threshold)
    }

    fn attributes_read(&self) -> AttributesRead {
        AttributesRead::None
    }

    fn description(&self) -> String {
        format!("Probability{{{}}}", self.ratio)
    }
}
