//! Does a function begin a trace of its own whose spans had a parent before?
//!
//! That is what happens at a spawn that does not take the context along. Only debug builds look for it,
//! since it takes a check for every span.

use std::sync::atomic::{AtomicU8, Ordering};

use opentelemetry::trace::TraceContextExt;

use super::current;

/// No span of the function has had a parent in this process; perhaps none has begun.
const NOTHING: u8 = 0;
/// One had a parent in this process.
const HAD_PARENT: u8 = 1;
/// After that, a span had no parent, and that was reported.
const TOLD: u8 = 2;

/// Which parents the spans of a function have had.
#[derive(Debug)]
pub(crate) struct Parents(AtomicU8);

/// The parent that a span which is about to begin finds in its context.
#[derive(Clone, Copy, Debug)]
enum Above {
    /// A span of this process.
    Local,
    /// A span of another process, or one that the program has put into the context by hand.
    Remote,
    Nothing,
}

impl Parents {
    pub(crate) const fn new() -> Parents {
        Parents(AtomicU8::new(NOTHING))
    }

    /// Called when a span begins in the current context: whether to report that it has no parent, which
    /// happens once.
    pub(crate) fn is_orphan(&self) -> bool {
        let Some(context) = current::get() else { return false };
        let span = context.span();
        let above = span.span_context();
        self.note(match (above.is_valid(), above.is_remote()) {
            (false, _) => Above::Nothing,
            (true, false) => Above::Local,
            (true, true) => Above::Remote,
        })
    }

    fn note(&self, above: Above) -> bool {
        let change = |from, to| {
            self.0.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        };
        match above {
            Above::Local => {
                change(NOTHING, HAD_PARENT);
                false
            }
            Above::Remote => false,
            Above::Nothing => change(HAD_PARENT, TOLD),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_has_lost_its_parent_is_an_orphan_once() {
        let parents = Parents::new();
        let expected = [
            (Above::Nothing, false),
            (Above::Remote, false),
            (Above::Local, false),
            (Above::Remote, false),
            (Above::Nothing, true),
            (Above::Nothing, false),
            (Above::Local, false),
            (Above::Nothing, false),
        ];

        for (step, (above, orphan)) in expected.into_iter().enumerate() {
            assert_eq!(parents.note(above), orphan, "step {step}");
        }
    }
}
