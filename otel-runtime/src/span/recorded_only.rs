//! Which spans are recorded and not sampled, since the local trace that they belong to is?
//!
//! Where whole traces are decided about, that decision is left to the end of the trace: a span that is recorded
//! only tells other services that it is not sampled, and may be kept all the same.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;

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
    /// The pipeline, and a trace that begins here is recorded only where the sampler samples it.
    TakenOfAllTraces,
}

impl RecordedOnly {
    pub(crate) fn of(pipeline: Option<&PipelineHandle>) -> Self {
        match pipeline.and_then(PipelineHandle::recording) {
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

    /// Whether spans that begin in `context` are recorded only.
    #[inline]
    pub(super) fn is_below(self, context: &Context) -> bool {
        self.is_taken() && is_recorded_below(context)
    }
}

/// Whether spans that begin in `context` are recorded only. A parent that is open says so itself; of one that has
/// ended, or of another library, the context does.
fn is_recorded_below(context: &Context) -> bool {
    let above = context.span();
    let of = above.span_context();
    if of.is_sampled() || of.is_remote() || !of.is_valid() {
        return false;
    }
    let known = Values::of(context).and_then(|values| values.recorded_only);
    known == Some(of.trace_id()) || above.is_recording()
}
