//! How does a span stay with the call that it is of?
//!
//! In the frame of the call, where that knows when it ends: a [`Span`]. Where only a scope does, as in
//! a function that tracks its caller, in a future's first poll or while one is dropped, in a stack
//! beside the thread's own, and what is held is one number: a [`Guard`].

use std::cell::RefCell;

use opentelemetry::Context;

use crate::callsite::Callsite;
use crate::outcome::Failure;
use crate::span::{Current, Start};

thread_local! {
    /// The spans of the scopes that this thread is in, the innermost last; `None` for one that ended
    /// before a call inside it, as happens where several stacks of calls share a thread.
    static CALLS: RefCell<Vec<Option<Current>>> = const { RefCell::new(Vec::new()) };
}

/// The span of a scope: it ends with that.
pub struct Guard {
    /// How deep in the stack of calls the span is, counted from one; zero without a span.
    depth: usize,
}

impl Guard {
    /// No span.
    pub const OFF: Guard = Guard { depth: 0 };

    pub(crate) fn new(current: Current) -> Guard {
        let mut current = Some(current);
        let depth = CALLS.try_with(|calls| {
            let mut calls = calls.borrow_mut();
            calls.push(current.take());
            calls.len()
        });
        // A thread that is about to end has no stack of calls any more.
        if let Some(current) = current {
            current.left();
        }
        Guard { depth: depth.unwrap_or(0) }
    }

    /// The guard of the span this deep in the stack.
    pub(crate) fn at(depth: usize) -> Guard {
        Guard { depth }
    }

    /// The context of the span this deep in the stack.
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

    /// The span, if there is one, which then no longer ends with the guard.
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

/// Begins the span of a call that only its scope ends. `settings` is what the attribute says of it. Not
/// generic, so that a function that is traced compiles only what is its own.
#[cold]
#[inline(never)]
#[must_use]
pub fn enter(callsite: &'static Callsite, settings: &mut dyn FnMut(&mut Start)) -> Guard {
    match &mut Start::new(callsite) {
        None => Guard::OFF,
        Some(start) => {
            settings(start);
            start.enter()
        }
    }
}

impl Start {
    /// Starts the span of a call, and makes it current.
    #[must_use]
    #[inline(never)]
    pub fn enter(&mut self) -> Guard {
        Guard::new(Current::new(self.open()))
    }
}

/// The span of a call that knows when it ends: kept in the call's own frame.
pub struct Span(Option<Current>);

impl Span {
    #[cold]
    #[inline(never)]
    fn finish(&mut self, failure: Option<Failure<'_>>) {
        if let Some(current) = self.0.take() {
            current.finish(failure);
        }
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if let Some(current) = self.0.take() {
            current.left();
        }
    }
}

/// Begins the span of a call, in its frame.
#[cold]
#[inline(never)]
pub fn begin_call(
    callsite: &'static Callsite,
    span: &mut Span,
    settings: &mut dyn FnMut(&mut Start),
) {
    if let Some(start) = &mut Start::new(callsite) {
        settings(start);
        span.0 = Some(Current::new(start.open()));
    }
}

/// Makes the call of an annotated function. The body begins its span itself, where it is given a place
/// to put it in. The bound lets it return what it borrows from the arguments, which a closure that is
/// called on the spot does not.
#[inline]
pub fn traced_call<R>(callsite: &'static Callsite, body: impl FnOnce(Option<&mut Span>) -> R) -> R {
    // In two places: a span that might not be there is more than a call may cost while tracing is off.
    if callsite.is_off() { body(None) } else { spanned(body) }
}

#[inline(never)]
fn spanned<R>(body: impl FnOnce(Option<&mut Span>) -> R) -> R {
    let mut span = Span(None);
    body(Some(&mut span))
}

/// The same, with a look at the result.
#[inline]
pub fn inspected_call<R>(
    callsite: &'static Callsite,
    body: impl FnOnce(Option<&mut Span>) -> R,
    inspect: impl for<'a> FnOnce(&'a R) -> Option<Failure<'a>>,
) -> R {
    if callsite.is_off() { body(None) } else { spanned_and_inspected(body, inspect) }
}

#[inline(never)]
fn spanned_and_inspected<R>(
    body: impl FnOnce(Option<&mut Span>) -> R,
    inspect: impl for<'a> FnOnce(&'a R) -> Option<Failure<'a>>,
) -> R {
    let mut span = Span(None);
    let result = body(Some(&mut span));
    if let Some(current) = &span.0 {
        let failure = if current.open.is_span() { inspect(&result) } else { None };
        span.finish(failure);
    }
    result
}
