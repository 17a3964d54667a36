//! Who decides about a span that has a parent?

use opentelemetry::trace::{Link, SpanContext, SpanKind, SpanRef, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingResult, ShouldSample};

use super::composite::{Candidate, as_its_parent, decide};
use super::head::{About, HeadSampler};
use super::reads::AttributesRead;
use super::sampler::Sampler;

/// One sampler for traces that begin here, and one for each kind of parent, which by default is: what the
/// parent decided. The result is that of the sampler that is asked, with its attributes and its trace state.
///
/// A span that follows its parent has the parent's `th`, unless the parent's sampled flag contradicts it.
///
/// ```
/// use otel_runtime::Sampler;
/// use otel_runtime::sampling::{ParentBased, ProbabilitySampler};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// // One trace in ten of those that begin here; of what others have dropped, one in a hundred.
/// let sampler = ParentBased::new(ProbabilitySampler::new(0.1)?)
///     .remote_parent_not_sampled(ProbabilitySampler::new(0.01)?);
/// # Ok(())
/// # }
/// ```
///
/// The SDK's `Sampler::ParentBased` keeps the decision only, and drops the root's trace state and
/// attributes.
///
/// Specification: [ParentBased](https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased).
#[derive(Clone, Debug)]
pub struct ParentBased {
    root: HeadSampler,
    remote_parent_sampled: Branch,
    remote_parent_not_sampled: Branch,
    local_parent_sampled: Branch,
    local_parent_not_sampled: Branch,
}

/// Who decides under one kind of parent.
#[derive(Clone, Debug)]
enum Branch {
    /// The parent did.
    Parent,
    Sampler(HeadSampler),
}

impl ParentBased {
    /// Asks `root` where a trace begins. With a parent, what the parent decided.
    pub fn new(root: impl Into<HeadSampler>) -> Self {
        ParentBased {
            root: root.into(),
            remote_parent_sampled: Branch::Parent,
            remote_parent_not_sampled: Branch::Parent,
            local_parent_sampled: Branch::Parent,
            local_parent_not_sampled: Branch::Parent,
        }
    }

    /// Asks this one under a parent of another process that is sampled.
    #[must_use]
    pub fn remote_parent_sampled(mut self, sampler: impl Into<HeadSampler>) -> Self {
        self.remote_parent_sampled = Branch::of(sampler.into(), Sampler::AlwaysOn);
        self
    }

    /// Asks this one under a parent of another process that is not sampled.
    #[must_use]
    pub fn remote_parent_not_sampled(mut self, sampler: impl Into<HeadSampler>) -> Self {
        self.remote_parent_not_sampled = Branch::of(sampler.into(), Sampler::AlwaysOff);
        self
    }

    /// Asks this one under a parent of this process that is sampled.
    #[must_use]
    pub fn local_parent_sampled(mut self, sampler: impl Into<HeadSampler>) -> Self {
        self.local_parent_sampled = Branch::of(sampler.into(), Sampler::AlwaysOn);
        self
    }

    /// Asks this one under a parent of this process that is not sampled.
    #[must_use]
    pub fn local_parent_not_sampled(mut self, sampler: impl Into<HeadSampler>) -> Self {
        self.local_parent_not_sampled = Branch::of(sampler.into(), Sampler::AlwaysOff);
        self
    }

    pub(super) fn follows_local_parent(&self) -> bool {
        self.local_parent_sampled.is_parent() && self.local_parent_not_sampled.is_parent()
    }

    pub(super) fn attributes_read(&self) -> AttributesRead {
        self.branches()
            .into_iter()
            .filter_map(|(_, branch)| branch.sampler())
            .fold(self.root.attributes_read().clone(), |read, sampler| {
                read.and(sampler.attributes_read().clone())
            })
    }

    pub(super) fn description(&self) -> String {
        let root = Some(("root", &self.root));
        let branches = self.branches().into_iter();
        let branches = branches.filter_map(|(name, branch)| Some((name, branch.sampler()?)));
        let samplers = root.into_iter().chain(branches);
        let samplers = samplers.map(|(name, it)| format!("{name}: {}", it.description()));
        format!("ParentBased{{{}}}", samplers.collect::<Vec<_>>().join(", "))
    }

    fn branches(&self) -> [(&'static str, &Branch); 4] {
        [
            ("remoteParentSampled", &self.remote_parent_sampled),
            ("remoteParentNotSampled", &self.remote_parent_not_sampled),
            ("localParentSampled", &self.local_parent_sampled),
            ("localParentNotSampled", &self.local_parent_not_sampled),
        ]
    }

    fn branch(&self, parent: &SpanContext) -> &Branch {
        match (parent.is_remote(), parent.is_sampled()) {
            (true, true) => &self.remote_parent_sampled,
            (true, false) => &self.remote_parent_not_sampled,
            (false, true) => &self.local_parent_sampled,
            (false, false) => &self.local_parent_not_sampled,
        }
    }
}

impl Branch {
    /// `same`: the sampler that decides as the parent did.
    fn of(sampler: HeadSampler, same: Sampler) -> Self {
        if sampler.standard() == Some(same) { Branch::Parent } else { Branch::Sampler(sampler) }
    }

    fn is_parent(&self) -> bool {
        matches!(self, Branch::Parent)
    }

    fn sampler(&self) -> Option<&HeadSampler> {
        match self {
            Branch::Parent => None,
            Branch::Sampler(sampler) => Some(sampler),
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
        let above = span.as_ref().map(SpanRef::span_context).filter(|above| above.is_valid());
        let asked = match above {
            None => &self.root,
            Some(above) => match self.branch(above) {
                Branch::Sampler(sampler) => sampler,
                Branch::Parent => {
                    return Candidate::with(
                        parent,
                        trace_id,
                        name,
                        kind,
                        attributes,
                        links,
                        |it| decide(it, as_its_parent(it, above)),
                    );
                }
            },
        };
        asked.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl From<ParentBased> for HeadSampler {
    fn from(sampler: ParentBased) -> Self {
        HeadSampler::new(
            About {
                follows_local_parent: sampler.follows_local_parent(),
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
    use opentelemetry::trace::{SpanId, TraceFlags, TraceState};
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
        let named = |name| HeadSampler::custom(Named(name));
        let sampler = ParentBased::new(named("root"))
            .remote_parent_sampled(named("remote_sampled"))
            .remote_parent_not_sampled(named("remote_not_sampled"))
            .local_parent_sampled(named("local_sampled"))
            .local_parent_not_sampled(named("local_not_sampled"));
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
