//! Which spans are not left out, however short they are?
//!
//! Those that somebody else may know: what hangs under them would hang under nothing. A span with a
//! `min_duration` puts a mark into its context, where all who take it for a parent can find it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt};

/// The mark of a span; contexts below it inherit it.
#[derive(Debug)]
pub(super) struct Mark {
    span_id: SpanId,
    known: AtomicBool,
}

impl Mark {
    pub(super) fn new(span_id: SpanId) -> Arc<Mark> {
        Arc::new(Mark { span_id, known: AtomicBool::new(false) })
    }

    pub(super) fn is_known(&self) -> bool {
        self.known.load(Ordering::Acquire)
    }
}

/// Somebody may come to know the span of `context`: a child, another process, work that is started
/// elsewhere.
#[inline]
pub(crate) fn keep(context: &Context) {
    keep_span(context, context.span().span_context());
}

/// The same, of a span that may be that of `context`.
#[inline]
pub(super) fn keep_span(context: &Context, span: &SpanContext) {
    if let Some(mark) = context.get::<Arc<Mark>>()
        && mark.span_id == span.span_id()
    {
        mark.known.store(true, Ordering::Release);
    }
}
