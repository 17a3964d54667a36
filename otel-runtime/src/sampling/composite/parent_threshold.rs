//! How does a span follow its parent, and the count with it?

use opentelemetry::trace::SpanContext;

use super::super::reads::AttributesRead;
use super::super::threshold::Threshold;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// Asks `root` where a trace begins; a span with a parent, local or remote, is sampled if its parent was, with
/// the parent's threshold.
///
/// Where the parent was sampled and has no threshold, or one that its own random bits contradict, for how
/// many spans the child stands is not known.
///
/// Specification:
/// [ComposableParentThreshold](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composableparentthreshold).
#[derive(Clone, Debug)]
pub struct ParentThreshold<S> {
    root: S,
}

impl<S: ComposableSampler> ParentThreshold<S> {
    /// Asks `root` where a trace begins.
    pub fn new(root: S) -> Self {
        ParentThreshold { root }
    }
}

impl<S: ComposableSampler> ComposableSampler for ParentThreshold<S> {
    #[inline]
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        match span.parent() {
            None => self.root.sampling_intent(span),
            Some(parent) => as_its_parent(span, parent),
        }
    }

    fn attributes_read(&self) -> AttributesRead {
        self.root.attributes_read()
    }

    fn follows_local_parent(&self) -> bool {
        true
    }

    fn description(&self) -> String {
        format!("ParentThreshold{{root: {}}}", self.root.description())
    }
}

/// What became of the parent.
#[inline]
pub(in crate::sampling) fn as_its_parent<'a>(
    span: &Candidate<'_>,
    parent: &SpanContext,
) -> SamplingIntent<'a> {
    match span.parent_threshold() {
        Some(threshold) => SamplingIntent::sample(threshold),
        None if parent.is_sampled() => SamplingIntent::sample_uncounted(Threshold::ALWAYS),
        None => SamplingIntent::drop(),
    }
}
