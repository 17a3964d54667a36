//! Where do finished spans go?

use std::sync::Arc;

use opentelemetry::trace::{SpanId, TraceId};

use super::Pipeline;
use super::buffer::Buffer;
#[cfg(feature = "console")]
use crate::export::console::{OpenRoots, is_local_root};
use crate::record::Finished;

/// The way into a pipeline, for whoever makes spans.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) pipeline: Arc<Pipeline>,
    /// Where traces are drawn, as soon as they are whole.
    #[cfg(feature = "console")]
    pub(crate) roots: Option<OpenRoots>,
}

/// The buffer of a thread, or of all that have none.
pub(crate) struct Tray {
    sink: Sink,
    buffer: Arc<Buffer>,
}

impl Sink {
    pub(crate) fn tray(&self) -> Tray {
        Tray { sink: self.clone(), buffer: self.pipeline.queue.buffer() }
    }

    /// A span that is sampled has started.
    #[cfg_attr(not(feature = "console"), expect(clippy::unused_self, reason = "nobody is told"))]
    #[inline]
    pub(crate) fn started(&self, trace: TraceId, parent: SpanId, parent_is_remote: bool) {
        #[cfg(feature = "console")]
        if let Some(roots) = &self.roots
            && is_local_root(parent, parent_is_remote)
        {
            roots.started(trace);
        }
        #[cfg(not(feature = "console"))]
        let _ = (trace, parent, parent_is_remote);
    }
}

impl Tray {
    /// Takes in a sampled span that ended then.
    #[inline]
    pub(crate) fn ended(&self, finished: &Finished, end: u64, fields: &[u8]) {
        let held = self.buffer.push(&self.sink.pipeline.queue.intake, finished, end, fields);
        #[cfg(feature = "console")]
        if let Some(roots) = &self.sink.roots
            && is_local_root(finished.parent_span_id, finished.parent_span_is_remote)
        {
            if held {
                self.sink.pipeline.queue.hurry();
            } else {
                roots.lost(finished.trace_id);
            }
        }
        #[cfg(not(feature = "console"))]
        let _ = held;
    }

    /// Counts a span that is left out, and would have been taken in.
    pub(crate) fn leave_out(&self, finished: &Finished) {
        self.buffer.leave_out();
        #[cfg(feature = "console")]
        if let Some(roots) = &self.sink.roots
            && is_local_root(finished.parent_span_id, finished.parent_span_is_remote)
        {
            roots.lost(finished.trace_id);
        }
        #[cfg(not(feature = "console"))]
        let _ = finished;
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        self.buffer.abandon(&self.sink.pipeline.queue.intake);
    }
}
