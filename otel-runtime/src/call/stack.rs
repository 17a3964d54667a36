//! Where is a span that is not kept in the stack frame of a call?
//!
//! In a future's first poll, and while a future is dropped, the span is on a stack of spans that each
//! thread has beside its call stack. Whoever is to end the span holds its position there: one number, a
//! [`Guard`].

use std::cell::RefCell;

use opentelemetry::Context;

use crate::call::open::Current;

thread_local! {
    /// The spans of the scopes that this thread is in, the innermost last; `None` for one that ended
    /// before a call inside it, as happens where several stacks of calls share a thread.
    static CALLS: RefCell<Vec<Option<Current>>> = const { RefCell::new(Vec::new()) };
}

/// The span of a scope; it ends when the guard is dropped.
pub(crate) struct Guard {
    /// The span's position on the stack of calls, counted from one; zero without a span.
    depth: usize,
}

impl Guard {
    /// No span.
    pub(crate) const OFF: Guard = Guard { depth: 0 };

    pub(crate) fn new(current: Current) -> Guard {
        let mut current = Some(current);
        let depth = CALLS.try_with(|calls| {
            let mut calls = calls.borrow_mut();
            calls.push(current.take());
            calls.len()
        });
        // A thread that is about to end no longer has a stack of calls.
        if let Some(current) = current {
            current.left();
        }
        Guard { depth: depth.unwrap_or(0) }
    }

    /// The guard of the span at this position of the stack.
    pub(crate) fn at(depth: usize) -> Guard {
        Guard { depth }
    }

    /// The context of the span at this position of the stack.
    pub(crate) fn context_at(depth: usize) -> Option<Context> {
        let index = depth.checked_sub(1)?;
        CALLS
            .try_with(|calls| calls.borrow().get(index)?.as_ref().map(Current::context).cloned())
            .ok()?
    }

    /// Leaves the span to a guard that is made later.
    pub(crate) fn into_depth(mut self) -> usize {
        std::mem::take(&mut self.depth)
    }

    /// Takes the span out of the guard, if there is one, so that it does not end with the guard.
    pub(crate) fn take(&mut self) -> Option<Current> {
        let depth = std::mem::take(&mut self.depth);
        let index = depth.checked_sub(1)?;
        CALLS
            .try_with(|calls| {
                let mut calls = calls.borrow_mut();
                let current = calls.get_mut(index)?.take();
                while let Some(None) = calls.last() {
                    calls.pop();
                }
                current
            })
            .ok()?
    }

    #[cold]
    #[inline(never)]
    fn leave(&mut self) {
        if let Some(current) = self.take() {
            current.left();
        }
    }
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        if self.depth != 0 {
            self.leave();
        }
    }
}
