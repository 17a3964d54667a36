//! How are spans of other libraries sampled, whose parents may be spans of ours, and what do they take over
//! from the context that they start in?

use std::borrow::Cow;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::asked::asked;
use super::recorded_only::RecordedOnly;
use crate::context::baggage_keys::BaggageKeys;
use crate::context::handed_on::hand_on;
use crate::context::scoped::Scoped;
use crate::context::values::Values;

/// As our own spans are. The span of ours that is the parent counts as handed on.
#[derive(Clone, Debug)]
pub(crate) struct OthersSampler {
    pub(crate) sampler: Box<dyn ShouldSample>,
    /// The entries of baggage that become attributes.
    pub(crate) baggage: Option<BaggageKeys>,
    pub(crate) recorded_only: RecordedOnly,
}

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
        let mut inherited = Vec::new();
        if let Some(parent) = parent {
            hand_on(parent);
            inherited = inherited_from(parent, self.baggage.as_ref(), attributes);
        }
        let all = if inherited.is_empty() {
            Cow::Borrowed(attributes)
        } else {
            Cow::Owned([attributes, &inherited].concat())
        };
        let asked = parent.and_then(|parent| asked(parent, trace_id));
        let parent = asked.as_ref().or(parent);
        let mut result = self.sampler.should_sample(parent, trace_id, name, kind, &all, links);
        result.decision = self.recorded_only.instead(result.decision, parent);
        // The SDK adds the attributes of the result to those of the span.
        if result.decision != SamplingDecision::Drop && !inherited.is_empty() {
            let of_sampler = std::mem::take(&mut result.attributes);
            inherited.retain(|it| of_sampler.iter().all(|other| other.key != it.key));
            result.attributes = [of_sampler, inherited].concat();
        }
        result
    }
}

/// The attributes of the scope and those from baggage that a span in `parent` has beside its `own`.
fn inherited_from(
    parent: &Context,
    baggage: Option<&BaggageKeys>,
    own: &[KeyValue],
) -> Vec<KeyValue> {
    let mut inherited: Vec<KeyValue> = Vec::new();
    for attribute in Values::scoped(parent).map(Scoped::attributes).unwrap_or_default() {
        if own.iter().all(|it| it.key != attribute.key) {
            inherited.push(attribute.clone());
        }
    }
    let entries = baggage.map(|keys| keys.chosen(parent.baggage())).unwrap_or_default();
    for (key, value) in entries {
        if own.iter().chain(&inherited).all(|it| it.key != *key) {
            inherited.push(KeyValue::new(key.clone(), Value::String(value.clone())));
        }
    }
    inherited
}
