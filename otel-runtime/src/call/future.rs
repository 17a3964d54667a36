//! How is an async function traced from its first poll to its end?

use std::cell::Cell;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::{Context, ContextGuard};
use pin_project_lite::pin_project;

use crate::call::open::{Current, Open};
use crate::call::outcome::Failure;
use crate::call::stack::Guard;
use crate::call::start::Start;
use crate::context::switch;

pin_project! {
    /// The future of an annotated function. Its span starts inside the wrapped future, by
    /// [`Span::poll`](crate::call::frame::Span::poll), so that no argument has to be stored a second time.
    pub struct Traced<F, I> {
        #[pin]
        future: F,
        // Dropped after the future, whose locals are destroyed inside its span.
        state: Ending,
        inspect: I,
    }

    impl<F, I> PinnedDrop for Traced<F, I> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            let state = &mut this.project().state.0;
            if let State::Open(_) = state {
                state.cancel();
            }
        }
    }
}

enum State {
    /// Not polled yet, or only while tracing was off.
    Initial,
    /// Waiting, with a span. Whoever drops the state has taken the span out of it before, since a look
    /// for it in `drop` would cost every call.
    Open(ManuallyDrop<Open>),
    /// There is no span, or it has ended.
    Untraced,
    /// The future is being dropped; its span is at this depth in the stack of calls.
    Cancelled(usize),
}

/// A state that is dropped after its future.
struct Ending(State);

impl Drop for Ending {
    #[inline]
    fn drop(&mut self) {
        if let State::Cancelled(depth) = self.0 {
            leave(depth);
        }
    }
}

#[cold]
#[inline(never)]
fn leave(depth: usize) {
    drop(Guard::at(depth));
}

impl State {
    fn take(&mut self) -> Option<Open> {
        match std::mem::replace(self, State::Untraced) {
            State::Open(open) => Some(ManuallyDrop::into_inner(open)),
            State::Initial | State::Untraced | State::Cancelled(_) => None,
        }
    }

    /// Makes the span current once more, until the state is dropped.
    #[cold]
    #[inline(never)]
    fn cancel(&mut self) {
        if let Some(open) = self.take() {
            let guard = Guard::new(Current::new(open.cancelled()));
            *self = State::Cancelled(guard.into_depth());
        }
    }
}

/// Traces a future whose output says nothing about failure.
#[inline]
pub fn traced_future<F: Future>(future: F) -> impl Future<Output = F::Output> {
    traced_result(future, nothing)
}

/// Inspects nothing. Not a closure: the name of a closure contains that of the future, which every symbol
/// would then have twice.
fn nothing<T>(_: &T) -> Option<Failure<'_>> {
    None
}

/// Traces a future whose output is inspected for a failure.
#[inline]
pub fn traced_result<F, I>(future: F, inspect: I) -> Traced<F, I>
where
    F: Future,
    I: for<'a> Fn(&'a F::Output) -> Option<Failure<'a>>,
{
    Traced { future, state: Ending(State::Initial), inspect }
}

impl<F, I> Future for Traced<F, I>
where
    F: Future,
    I: for<'a> Fn(&'a F::Output) -> Option<Failure<'a>>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Tracing is never switched off again, so while it is off no future has a span.
        let polling = if switch::is_on() { Polling::new(&mut this.state.0) } else { None };
        let poll = this.future.poll(task);
        if let Some(polling) = polling {
            match &poll {
                Poll::Ready(output) => {
                    let failure = if polling.has_outcome() { (this.inspect)(output) } else { None };
                    polling.ready(failure);
                }
                Poll::Pending => polling.pending(),
            }
        }
        poll
    }
}

// The state beside the future is consistent also after a poll has unwound, so the whole is as unwind-safe
// as the future.
impl<F: UnwindSafe, I> UnwindSafe for Traced<F, I> {}
impl<F: RefUnwindSafe, I> RefUnwindSafe for Traced<F, I> {}

thread_local! {
    /// What a future tells its wrapper during its first poll: [`NOBODY`], [`AWAITED`], or the depth in
    /// the stack of calls of the span that it has begun; [`CONTEXT_ONLY`] is set in that number if there
    /// is a context and no span.
    static FIRST_POLL: Cell<usize> = const { Cell::new(NOBODY) };
}

/// No wrapper is listening.
const NOBODY: usize = 0;
/// A wrapper polls its future for the first time, and the future has not begun a span yet.
const AWAITED: usize = usize::MAX;
/// Set in the number of a future that has a context of its own and no span.
const CONTEXT_ONLY: usize = 1 << (usize::BITS - 1);

/// Whether a wrapper polls its future for the first time, and the future has not begun a span yet.
pub(crate) fn is_awaited() -> bool {
    FIRST_POLL.get() == AWAITED
}

/// Begins the span of the future that is polled for the first time, and makes it current for the rest
/// of this poll.
pub(crate) fn begin(start: &mut Start) {
    if is_awaited() {
        let context_only = if start.has_outcome() { 0 } else { CONTEXT_ONLY };
        let guard = Guard::new(Current::new(start.open()));
        FIRST_POLL.set(guard.into_depth() | context_only);
    }
}

/// The context of the span that the future has begun, inside its first poll.
pub(crate) fn begun() -> Option<Context> {
    match FIRST_POLL.get() {
        NOBODY | CONTEXT_ONLY.. => None,
        depth => Guard::context_at(depth),
    }
}

/// One poll. If it is dropped, the poll is unwinding.
struct Polling<'a> {
    state: &'a mut State,
    phase: Phase,
}

enum Phase {
    /// A first poll, with the value of [`FIRST_POLL`] to put back afterwards: that of a poll around this
    /// one.
    First {
        outer: usize,
    },
    Later(Option<ContextGuard>),
    Over,
}

impl<'a> Polling<'a> {
    /// `None` where the future has no span and gets none.
    #[inline(never)]
    fn new(state: &'a mut State) -> Option<Self> {
        let phase = match state {
            State::Untraced | State::Cancelled(_) => return None,
            State::Open(open) => Phase::Later(open.attach()),
            State::Initial => Phase::First { outer: FIRST_POLL.replace(AWAITED) },
        };
        Some(Polling { state, phase })
    }

    fn has_outcome(&self) -> bool {
        match self.phase {
            Phase::First { .. } => !matches!(FIRST_POLL.get(), NOBODY | CONTEXT_ONLY..),
            Phase::Later(_) => matches!(&*self.state, State::Open(open) if open.has_outcome()),
            Phase::Over => false,
        }
    }

    #[inline(never)]
    fn ready(mut self, failure: Option<Failure<'_>>) {
        let attached = self.end();
        if let Some(open) = self.state.take() {
            open.finish(failure, attached);
        }
    }

    #[inline(never)]
    fn pending(mut self) {
        drop(self.end());
    }

    /// Ends the poll: puts the state after a poll in place, and returns the guard, so that the span is
    /// still current.
    #[inline]
    fn end(&mut self) -> Option<ContextGuard> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::First { outer } => self.end_first(outer),
            Phase::Later(attached) => attached,
            Phase::Over => None,
        }
    }

    fn end_first(&mut self, outer: usize) -> Option<ContextGuard> {
        let begun = match FIRST_POLL.replace(outer) {
            NOBODY | AWAITED => None,
            depth => Guard::at(depth & !CONTEXT_ONLY).take(),
        };
        let Some(Current { open, attached, .. }) = begun else {
            *self.state = State::Untraced;
            return None;
        };
        *self.state = State::Open(ManuallyDrop::new(open));
        attached
    }

    #[cold]
    #[inline(never)]
    fn unwound(&mut self) {
        let attached = self.end();
        if let Some(open) = self.state.take() {
            open.panicked(attached);
        }
    }
}

impl Drop for Polling<'_> {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.phase, Phase::Over) {
            self.unwound();
        }
    }
}
