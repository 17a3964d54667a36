//! Who decides about a span that has a parent?

use opentelemetry::trace::{Link, SpanKind, SpanRef, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};

/// One sampler for traces that begin here, and one for each kind of parent. The result is that of the
/// sampler that is asked, unchanged.
///
/// The SDK's `Sampler::ParentBased` keeps the decision only, and drops the root's trace state and
/// attributes. Its `ParentBasedSampler` keeps all, but came with 0.33.1, and there are programs that
/// other libraries hold at 0.33.0.
///
/// Specification: [ParentBased](https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased).
#[derive(Clone, Debug)]
pub(crate) struct ParentBased {
    pub(crate) root: Box<dyn ShouldSample>,
    pub(crate) remote_parent_sampled: Box<dyn ShouldSample>,
    pub(crate) remote_parent_not_sampled: Box<dyn ShouldSample>,
    pub(crate) local_parent_sampled: Box<dyn ShouldSample>,
    pub(crate) local_parent_not_sampled: Box<dyn ShouldSample>,
}

impl ParentBased {
    /// With a parent, what the parent decided.
    pub(crate) fn new(root: impl ShouldSample + 'static) -> Self {
        ParentBased {
            root: Box::new(root),
            remote_parent_sampled: Box::new(Sampler::AlwaysOn),
            remote_parent_not_sampled: Box::new(Sampler::AlwaysOff),
            local_parent_sampled: Box::new(Sampler::AlwaysOn),
            local_parent_not_sampled: Box::new(Sampler::AlwaysOff),
        }
    }
}

impl ShouldSample for ParentBased {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let span = parent.map(TraceContextExt::span);
        let asked = match span.as_ref().map(SpanRef::span_context) {
            Some(parent) if parent.is_valid() => match (parent.is_remote(), parent.is_sampled()) {
                (true, true) => &self.remote_parent_sampled,
                (true, false) => &self.remote_parent_not_sampled,
                (false, true) => &self.local_parent_sampled,
                (false, false) => &self.local_parent_not_sampled,
            },
            _ => &self.root,
        };
        asked.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceState};
    use opentelemetry_sdk::trace::SamplingDecision;

    use super::*;

    /// Leaves an attribute and an entry in the trace state as signs that it was asked.
    #[derive(Clone, Debug)]
    struct Named(&'static str);

    impl ShouldSample for Named {
        fn should_sample(
            &self,
            _: Option<&Context>,
            _: TraceId,
            _: &str,
            _: &SpanKind,
            _: &[KeyValue],
            _: &[Link],
        ) -> SamplingResult {
            SamplingResult {
                decision: SamplingDecision::RecordAndSample,
                attributes: vec![KeyValue::new("asked", self.0)],
                trace_state: TraceState::from_key_value([("asked", self.0)]).unwrap_or_default(),
            }
        }
    }

    #[test]
    fn each_kind_of_parent_has_its_sampler_whose_attributes_and_trace_state_are_kept() {
        let sampler = ParentBased {
            root: Box::new(Named("root")),
            remote_parent_sampled: Box::new(Named("remote_sampled")),
            remote_parent_not_sampled: Box::new(Named("remote_not_sampled")),
            local_parent_sampled: Box::new(Named("local_sampled")),
            local_parent_not_sampled: Box::new(Named("local_not_sampled")),
        };
        let parent = |is_sampled, is_remote| {
            let flags = TraceFlags::default().with_sampled(is_sampled);
            let (trace, span) = (TraceId::from(1), SpanId::from(2));
            let parent = SpanContext::new(trace, span, flags, is_remote, TraceState::NONE);
            Some(Context::new().with_remote_span_context(parent))
        };
        for (parent, asked) in [
            (None, "root"),
            (Some(Context::new()), "root"),
            (parent(true, true), "remote_sampled"),
            (parent(false, true), "remote_not_sampled"),
            (parent(true, false), "local_sampled"),
            (parent(false, false), "local_not_sampled"),
        ] {
            let told = sampler.should_sample(
                parent.as_ref(),
                TraceId::from(1),
                "load",
                &SpanKind::Internal,
                &[],
                &[],
            );
            assert_eq!(told.attributes, [KeyValue::new("asked", asked)]);
            assert_eq!(told.trace_state.get("asked"), Some(asked));
        }
    }
}
