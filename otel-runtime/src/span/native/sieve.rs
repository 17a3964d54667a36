//! Which spans are not sent as spans of their own, because they say little?

use super::function::Sieve;
use super::open::OpenSpan;
use crate::export::open_traces::is_local_root;
use crate::export::pipeline::{Sibling, ThreadBuffer};

impl Sieve {
    /// A span of the function has ended.
    #[cold]
    #[inline(never)]
    pub(super) fn end(&self, span: &mut OpenSpan, buffer: &ThreadBuffer, end: u64) {
        let says_much = span.says_much();
        if !says_much && self.min_duration > end - span.finished.start {
            return buffer.leave_out(&span.finished);
        }
        span.complete();
        let OpenSpan { finished, fields, .. } = &*span;
        match self.fold {
            // Only where the parent is in this process do its children come together.
            Some(fold)
                if !is_local_root(finished.parent_span_id, finished.parent_span_is_remote) =>
            {
                buffer.fold(&Sibling {
                    finished,
                    end,
                    fields,
                    name: span.name.as_deref(),
                    first: fold.get(),
                    stays: says_much || span.links.has_any(),
                });
            }
            _ => buffer.ended(finished, end, fields),
        }
    }
}
