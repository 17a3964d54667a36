//! Who is told that a span starts?

use super::local;
use super::open::OpenSpan;
use crate::context::mark::Mark;
use crate::export::pipeline::{PipelineHandle, Started};
use crate::record::Finished;

impl OpenSpan {
    #[inline]
    pub(super) fn start(&mut self) {
        let Finished { span_id, trace_flags, .. } = self.finished;
        if self.sieve.is_some() {
            self.mark = Some(Mark::new(span_id));
        }
        if (trace_flags.is_sampled() || self.native.recorded_only.is_taken())
            && let Some(pipeline) = &self.native.pipeline
            && pipeline.hears_of_starts()
        {
            self.tell_of_start(pipeline);
        }
    }

    /// Kept out of line, so that a program in which nobody wants to know pays only for the check.
    #[cold]
    #[inline(never)]
    fn tell_of_start(&self, pipeline: &PipelineHandle) {
        let Finished { trace_id, parent_span_id, parent_span_is_remote, .. } = self.finished;
        let started = Started {
            trace: trace_id,
            parent: parent_span_id,
            parent_is_remote: parent_span_is_remote,
        };
        local::with(|local| pipeline.started(&started, local.buffer(pipeline)));
    }
}
