//! Which spans are recorded and not sampled, since the local trace that they belong to is, or since the flight recorder
//! keeps what is not sampled?
//!
//! Where whole traces are decided about, that decision is left to the end of the trace: a span that is recorded
//! only tells other services that it is not sampled, and may be kept all the same.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::trace::SamplingDecision;

use crate::context::values::Values;
use crate::export::pipeline::PipelineHandle;
use crate::sampling::tail::Recording;

/// Who takes spans that are recorded and not sampled?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RecordedOnly {
    /// Nobody: they are for processors of the program's.
    #[default]
    Ignored,
    /// The pipeline.
    Taken,
    /// The flight recorder, which keeps the latest: what the sampler drops is recorded, and all else is as it would be.
    TakenOfDropped,
    /// The pipeline, and a trace that begins here is recorded only where the sampler samples it.
    TakenOfAllTraces,
}

impl RecordedOnly {
    pub(crate) fn of(pipeline: Option<&PipelineHandle>) -> Self {
        match pipeline.and_then(PipelineHandle::recording) {
            None if pipeline.is_some_and(PipelineHandle::has_flight) => {
                RecordedOnly::TakenOfDropped
            }
            None => RecordedOnly::Ignored,
            Some(Recording::RecordAndSample) => RecordedOnly::Taken,
            Some(Recording::RecordOnly) => RecordedOnly::TakenOfAllTraces,
        }
    }

    #[inline]
    pub(crate) fn is_taken(self) -> bool {
        self != RecordedOnly::Ignored
    }

    /// Whether a trace that begins here is recorded only, where the sampler samples it.
    pub(crate) fn is_of_all_traces(self) -> bool {
        self == RecordedOnly::TakenOfAllTraces
    }

    /// What becomes of the sampler's decision about a span that begins in `context`.
    pub(super) fn instead(
        self,
        of: SamplingDecision,
        context: Option<&Context>,
    ) -> SamplingDecision {
        match (self, of) {
            (RecordedOnly::TakenOfDropped, SamplingDecision::Drop) => SamplingDecision::RecordOnly,
            (RecordedOnly::Ignored | RecordedOnly::TakenOfDropped, of) => of,
            _ if context.is_some_and(is_recorded_below) => SamplingDecision::RecordOnly,
            (RecordedOnly::TakenOfAllTraces, SamplingDecision::RecordAndSample)
                if begins(context) =>
            {
                SamplingDecision::RecordOnly
            }
            (_, of) => of,
        }
    }

    /// Whether spans that begin in `context` are recorded only.
    #[inline]
    pub(super) fn is_below(self, context: &Context) -> bool {
        match self {
            RecordedOnly::Ignored => false,
            RecordedOnly::TakenOfDropped => is_unsampled_here(context),
            RecordedOnly::Taken | RecordedOnly::TakenOfAllTraces => is_recorded_below(context),
        }
    }
}

/// Whether a span begins a trace, as far as a sampler is told.
pub(super) fn begins(about: Option<&Context>) -> bool {
    about.is_none_or(|about| !about.span().span_context().is_valid())
}

/// Whether spans that begin in `context` are recorded only. A parent that is open says so itself; of one that has
/// ended, or of another library, the context does.
fn is_recorded_below(context: &Context) -> bool {
    if !is_unsampled_here(context) {
        return false;
    }
    let above = context.span();
    let known = Values::of(context).and_then(|values| values.recorded_only);
    known == Some(above.span_context().trace_id()) || above.is_recording()
}

/// Whether the span of `context` is one of this process that is not sampled.
fn is_unsampled_here(context: &Context) -> bool {
    let above = context.span();
    let of = above.span_context();
    !of.is_sampled() && !of.is_remote() && of.is_valid()
}
