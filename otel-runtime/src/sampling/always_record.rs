//! How is recorded what is not sampled?

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::head::{About, HeadSampler};
use super::reads::AttributesRead;

/// Records what another sampler drops, without the sampled flag: processors of the program's see every
/// span, exporters none more.
///
/// Specification: [AlwaysRecord](https://opentelemetry.io/docs/specs/otel/trace/sdk/#alwaysrecord).
#[derive(Clone, Debug)]
pub struct AlwaysRecord(HeadSampler);

impl AlwaysRecord {
    /// Records what `root` drops.
    pub fn new(root: impl Into<HeadSampler>) -> Self {
        AlwaysRecord(root.into())
    }

    pub(super) fn attributes_read(&self) -> AttributesRead {
        self.0.attributes_read().clone()
    }

    pub(super) fn description(&self) -> String {
        format!("AlwaysRecord{{root: {}}}", self.0.description())
    }
}

impl ShouldSample for AlwaysRecord {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let told = self.0.should_sample(parent, trace_id, name, kind, attributes, links);
        match told.decision {
            SamplingDecision::Drop => {
                SamplingResult { decision: SamplingDecision::RecordOnly, ..told }
            }
            SamplingDecision::RecordOnly | SamplingDecision::RecordAndSample => told,
        }
    }
}

impl From<AlwaysRecord> for HeadSampler {
    fn from(sampler: AlwaysRecord) -> Self {
        HeadSampler::new(
            About {
                // What is dropped is recorded, which only an answer can say.
                follows_local_parent: false,
                reads: sampler.attributes_read(),
                description: sampler.description(),
                standard: None,
            },
            sampler,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::sampler::Sampler;
    use super::*;

    #[test]
    fn what_is_dropped_is_recorded_and_what_is_sampled_stays_so() {
        let ask = |sampler: Sampler| {
            AlwaysRecord::new(sampler)
                .should_sample(None, TraceId::from(1), "load", &SpanKind::Internal, &[], &[])
                .decision
        };
        assert_eq!(ask(Sampler::AlwaysOff), SamplingDecision::RecordOnly);
        assert_eq!(ask(Sampler::AlwaysOn), SamplingDecision::RecordAndSample);
    }
}
