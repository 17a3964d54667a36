//! Is a span known outside the call that made it?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::SpanId;

/// The mark of a span that may be left out, in its context; contexts made from that one inherit it.
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

    /// Sets the mark, if it is that of `span`.
    pub(super) fn hand_on(&self, span: SpanId) {
        if self.span_id == span {
            self.handed_on.store(true, Ordering::Release);
        }
    }
}
