//! How do finished spans get from the SDK into the pipeline?

use std::fmt;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanContext, TraceContextExt};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use super::handle::{PipelineHandle, Started};
use crate::process::refused;
use crate::record::{Finished, Limits};

/// How long a flush may take: the specification's own default.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

/// Takes in the spans that the SDK makes: those of other libraries.
pub(crate) struct Processor {
    /// All threads share one buffer of it: beside what a span of the SDK costs, its lock does not
    /// matter.
    pipeline: PipelineHandle,
    limits: Limits,
}

impl Processor {
    pub(crate) fn new(pipeline: PipelineHandle, limits: Limits) -> Self {
        Processor { pipeline, limits }
    }

    /// A span that is recorded and not sampled is for other processors, and is not exported, unless the tail
    /// keeps it.
    fn takes(&self, span: &SpanContext) -> bool {
        span.is_sampled() || self.pipeline.takes_recorded()
    }
}

impl SpanProcessor for Processor {
    fn on_start(&self, span: &mut Span, parent: &Context) {
        let parent = parent.span();
        let (span, parent) = (span.span_context(), parent.span_context());
        if self.pipeline.hears_of_starts() && self.takes(span) {
            let started = Started {
                trace: span.trace_id(),
                parent: parent.span_id(),
                parent_is_remote: parent.is_remote(),
            };
            self.pipeline.started(&started, None);
        }
    }

    fn on_end(&self, span: SpanData) {
        if !self.takes(&span.span_context) || self.pipeline.is_of_parent(span.start_time) {
            return;
        }
        let Some(buffer) = self.pipeline.shared_buffer() else { return refused::refuse() };
        let (finished, fields) = Finished::from_sdk(span, &self.limits);
        buffer.ended(&finished, finished.end, &fields);
    }

    fn force_flush(&self) -> OTelSdkResult {
        match self.pipeline.flush(FLUSH_TIMEOUT, false) {
            Ok(_) => Ok(()),
            Err(error) => Err(OTelSdkError::InternalFailure(error.to_string())),
        }
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        match self.pipeline.end(timeout) {
            Ok(_) => Ok(()),
            Err(error) => Err(OTelSdkError::InternalFailure(error.to_string())),
        }
    }
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor").field("stats", &self.pipeline.stats()).finish_non_exhaustive()
    }
}
