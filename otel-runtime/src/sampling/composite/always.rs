//! Which samplers need not look at a span?

use super::super::reads::AttributesRead;
use super::super::threshold::Threshold;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// Every span, each standing for itself.
///
/// Specification:
/// [ComposableAlwaysOn](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composablealwayson).
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysOn;

/// No span.
///
/// Specification:
/// [ComposableAlwaysOff](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composablealwaysoff).
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysOff;

impl ComposableSampler for AlwaysOn {
    fn sampling_intent<'a>(&'a self, _: &Candidate<'_>) -> SamplingIntent<'a> {
        SamplingIntent::sample(Threshold::ALWAYS)
    }

    fn attributes_read(&self) -> AttributesRead {
        AttributesRead::None
    }
}

impl ComposableSampler for AlwaysOff {
    fn sampling_intent<'a>(&'a self, _: &Candidate<'_>) -> SamplingIntent<'a> {
        SamplingIntent::drop()
    }

    fn attributes_read(&self) -> AttributesRead {
        AttributesRead::None
    }
}
