//! How do finished spans get from the SDK into the pipeline?

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
#[cfg(feature = "console")]
use opentelemetry::trace::{Span as _, TraceContextExt};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use super::Pipeline;
#[cfg(feature = "console")]
use crate::export::console::{OpenRoots, is_local_root};

/// As long as the specification's own default for a flush.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) struct Processor {
    pub(crate) pipeline: Arc<Pipeline>,
    /// Where traces are drawn, as soon as they are whole.
    #[cfg(feature = "console")]
    pub(crate) roots: Option<OpenRoots>,
}

impl SpanProcessor for Processor {
    #[cfg(feature = "console")]
    fn on_start(&self, span: &mut Span, parent: &Context) {
        let Some(roots) = &self.roots else { return };
        let parent = parent.span();
        let parent = parent.span_context();
        let span = span.span_context();
        if span.is_sampled() && is_local_root(parent.span_id(), parent.is_remote()) {
            roots.started(span.trace_id());
        }
    }

    #[cfg(not(feature = "console"))]
    fn on_start(&self, _span: &mut Span, _parent: &Context) {}

    fn on_end(&self, span: SpanData) {
        // A span that is only recorded is for processors of another kind: it is not to leave.
        if !span.span_context.is_sampled() {
            return;
        }
        #[cfg(feature = "console")]
        if let Some(roots) = &self.roots
            && is_local_root(span.parent_span_id, span.parent_span_is_remote)
        {
            let trace = span.span_context.trace_id();
            if !self.pipeline.push(span, true) {
                roots.lost(trace);
            }
            return;
        }
        self.pipeline.push(span, false);
    }

    fn force_flush(&self) -> OTelSdkResult {
        match self.pipeline.flush(FLUSH_TIMEOUT) {
            Ok(_) => Ok(()),
            Err(error) => Err(OTelSdkError::InternalFailure(error.to_string())),
        }
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        match self.pipeline.shutdown(timeout) {
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
