//! How are spans of other libraries sampled, whose parents may be spans of ours?

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingResult, ShouldSample};

use super::asked::asked;
use crate::context::handed_on::hand_on;

/// As our own spans are. The span of ours that is the parent counts as handed on.
#[derive(Clone, Debug)]
pub(crate) struct OthersSampler(pub(crate) Box<dyn ShouldSample>);

impl ShouldSample for OthersSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        if let Some(parent) = parent {
            hand_on(parent);
        }
        let asked = parent.and_then(|parent| asked(parent, trace_id));
        self.0.should_sample(asked.as_ref().or(parent), trace_id, name, kind, attributes, links)
    }
}
