//! Which spans are known outside the call that made them?
//!
//! A short span with a `min_duration` is left out, unless it was handed on: to a child, to another
//! process, or to work that runs elsewhere. If it were left out then, their parent would be missing from
//! the trace. So such a span puts a mark into its context, and everything that makes the span a parent
//! sets that mark.

#[cfg(feature = "sdk")]
pub(crate) use mark::{Mark, hand_on_span};

use opentelemetry::Context;
#[cfg(feature = "sdk")]
use opentelemetry::trace::TraceContextExt;

/// Marks the span of `context` as handed on.
#[cfg(feature = "sdk")]
#[inline]
pub(crate) fn hand_on(context: &Context) {
    hand_on_span(context, context.span().span_context());
}

/// Without the recorder of this crate, no span is left out.
#[cfg(not(feature = "sdk"))]
pub(crate) fn hand_on(_: &Context) {}

#[cfg(feature = "sdk")]
mod mark {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use opentelemetry::Context;
    use opentelemetry::trace::{SpanContext, SpanId};

    /// The mark of a span, in its context; contexts made from that one inherit it.
    #[derive(Debug)]
    pub(crate) struct Mark {
        span_id: SpanId,
        handed_on: AtomicBool,
    }

    impl Mark {
        pub(crate) fn new(span_id: SpanId) -> Arc<Mark> {
            Arc::new(Mark { span_id, handed_on: AtomicBool::new(false) })
        }

        pub(crate) fn is_handed_on(&self) -> bool {
            self.handed_on.load(Ordering::Acquire)
        }
    }

    /// Marks `span` as handed on, if the mark in `context` is its own.
    #[inline]
    pub(crate) fn hand_on_span(context: &Context, span: &SpanContext) {
        if let Some(mark) = context.get::<Arc<Mark>>()
            && mark.span_id == span.span_id()
        {
            mark.handed_on.store(true, Ordering::Release);
        }
    }
}
