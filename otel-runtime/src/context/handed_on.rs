//! Which spans does somebody else know of?
//!
//! A span with a `min_duration` is left out where it was short, unless it was handed on: to a child, to
//! another process, or to work that runs elsewhere. Left out, it would leave them a parent that is nowhere. So
//! such a span puts a mark into its context, where all who make it a parent find the mark and set it.

#[cfg(feature = "sdk")]
pub(crate) use mark::{Mark, hand_on_span};

use opentelemetry::Context;
#[cfg(feature = "sdk")]
use opentelemetry::trace::TraceContextExt;

/// The span of `context` is handed on.
#[cfg(feature = "sdk")]
#[inline]
pub(crate) fn hand_on(context: &Context) {
    hand_on_span(context, context.span().span_context());
}

/// Without a recorder of ours nobody leaves a span out.
#[cfg(not(feature = "sdk"))]
pub(crate) fn hand_on(_: &Context) {}

#[cfg(feature = "sdk")]
mod mark {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use opentelemetry::Context;
    use opentelemetry::trace::{SpanContext, SpanId};

    /// The mark of a span; contexts below it inherit it.
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

    /// `span` is handed on, if it is the one that `context` has a mark of.
    #[inline]
    pub(crate) fn hand_on_span(context: &Context, span: &SpanContext) {
        if let Some(mark) = context.get::<Arc<Mark>>()
            && mark.span_id == span.span_id()
        {
            mark.handed_on.store(true, Ordering::Release);
        }
    }
}
