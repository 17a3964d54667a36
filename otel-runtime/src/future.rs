//! How is an async function traced from its first poll to its end?

use std::cell::Cell;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use crate::call::Guard;
use crate::callsite::Callsite;
use crate::outcome::Failure;
use crate::recorder::is_installed;
use crate::span::{Current, Open, Start};

pin_project! {
    /// The future of an annotated function. Its span starts inside the wrapped future, by
    /// [`begin_future`], so that no argument has to be stored a second time.
    pub struct Traced<F, I> {
        #[pin]
        future: F,
        state: State,
        inspect: I,
        // Dropped after the future, whose locals are destroyed inside its span.
        cancelled: Guard,
    }

    impl<F, I> PinnedDrop for Traced<F, I> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let State::Open(_) = this.state {
                *this.cancelled = this.state.cancel();
            }
        }
    }
}

enum State {
    /// Not polled yet, or only while tracing was off.
    Initial,
    /// Waiting, with a span. Whoever drops the state has taken it out before: to look for it would
    /// cost every call.
    Open(ManuallyDrop<Open>),
    /// It has no span, or no longer.
    Untraced,
}

impl State {
    fn open(open: Open) -> State {
        State::Open(ManuallyDrop::new(open))
    }

    /// Makes the span current once more, for as long as the guard is there.
    #[cold]
    #[inline(never)]
    fn cancel(&mut self) -> Guard {
        match std::mem::replace(self, State::Untraced) {
            State::Open(open) => Guard::new(ManuallyDrop::into_inner(open).cancelled().attach()),
            State::Initial | State::Untraced => Guard::OFF,
        }
    }
}

/// Traces a future whose output says nothing about failure.
#[inline]
pub fn traced_future<F: Future>(future: F) -> impl Future<Output = F::Output> {
    traced_result(future, |_| None)
}

/// Traces a future whose output is inspected for a failure.
#[inline]
pub fn traced_result<F, I>(future: F, inspect: I) -> Traced<F, I>
where
    F: Future,
    I: for<'a> Fn(&'a F::Output) -> Option<Failure<'a>>,
{
    Traced { future, state: State::Initial, inspect, cancelled: Guard::OFF }
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
        // Tracing that is on stays on: while it is off, no future has a span.
        let polling = if is_installed() { Polling::new(this.state) } else { None };
        let poll = this.future.poll(task);
        if let Some(polling) = polling {
            match &poll {
                Poll::Ready(output) => {
                    let failure = if polling.has_span() { (this.inspect)(output) } else { None };
                    polling.ready(failure);
                }
                Poll::Pending => *this.state = polling.pending(),
            }
        }
        poll
    }
}

thread_local! {
    /// What the future that is being polled for the first time has to say to its wrapper:
    /// [`NOBODY`], [`AWAITED`], or how deep in the stack of calls the span is that it has begun.
    static FIRST_POLL: Cell<usize> = const { Cell::new(NOBODY) };
}

/// No wrapper is listening.
const NOBODY: usize = 0;
/// A wrapper polls its future for the first time, and that has not said anything yet.
const AWAITED: usize = usize::MAX;

/// The first statement of an annotated async function: begins its span, if it is to have one.
#[inline]
#[must_use]
pub fn begin_future(callsite: &'static Callsite) -> Option<Start> {
    if callsite.is_off() { None } else { begin_awaited(callsite) }
}

#[cold]
#[inline(never)]
fn begin_awaited(callsite: &'static Callsite) -> Option<Start> {
    // Asked first, since a callsite is off only once it has been asked.
    let start = Start::new(callsite)?;
    (FIRST_POLL.get() == AWAITED).then_some(start)
}

impl Start {
    /// Starts the span of an async function, and makes it current for the rest of this poll.
    #[inline(never)]
    pub fn begin(&mut self) {
        FIRST_POLL.set(self.enter().into_depth());
    }
}

/// One poll. Dropped, it means that the poll unwinds.
struct Polling(Phase);

enum Phase {
    /// Inside a first poll that had said this.
    First {
        outer: usize,
    },
    Later(Current),
    Over,
}

impl Polling {
    /// `None` where the future has no span and gets none.
    #[inline(never)]
    fn new(state: &mut State) -> Option<Polling> {
        let phase = match std::mem::replace(state, State::Untraced) {
            State::Untraced => return None,
            State::Open(open) => Phase::Later(ManuallyDrop::into_inner(open).attach()),
            State::Initial => Phase::First { outer: FIRST_POLL.replace(AWAITED) },
        };
        Some(Polling(phase))
    }

    fn has_span(&self) -> bool {
        match self.0 {
            Phase::First { .. } => !matches!(FIRST_POLL.get(), NOBODY | AWAITED),
            Phase::Later(_) => true,
            Phase::Over => false,
        }
    }

    #[inline(never)]
    fn ready(mut self, failure: Option<Failure<'_>>) {
        if let Some(current) = self.end() {
            current.finish(failure);
        }
    }

    #[inline(never)]
    fn pending(mut self) -> State {
        self.end().map_or(State::Untraced, |current| State::open(current.detach()))
    }

    /// The span of this poll, if it has one, still current.
    fn end(&mut self) -> Option<Current> {
        match std::mem::replace(&mut self.0, Phase::Over) {
            Phase::Later(current) => Some(current),
            Phase::First { outer } => match FIRST_POLL.replace(outer) {
                NOBODY | AWAITED => None,
                depth => Guard::at(depth).take(),
            },
            Phase::Over => None,
        }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        if let Some(current) = self.end() {
            current.panicked();
        }
    }
}
