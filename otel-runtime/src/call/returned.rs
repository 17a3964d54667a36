//! How is a future or a stream traced that a function creates and returns?
//!
//! The attributes of the span are evaluated at the call, where the arguments still are, and only if a
//! recorder wants them. The span starts when the future or stream is first polled.

use std::future::Future;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use futures_core::future::FusedFuture;
use futures_core::stream::FusedStream;
use pin_project_lite::pin_project;

use crate::call::open::{Current, Open};
use crate::call::outcome::Failure;
use crate::call::stack::Guard;
use crate::call::start::Start;
use crate::span::callsite::Callsite;

pin_project! {
    /// A future or a stream that a function has created, and its span.
    pub struct Made<T, R, I> {
        #[pin]
        inner: T,
        held: Held,
        inspect: I,
        // The type that `inspect` looks at: the output of a future. It is not named here but left to the
        // caller to infer, so that the compiler reports a mistake in it once.
        result: PhantomData<fn() -> R>,
        // Dropped after the future or stream, whose locals are destroyed inside its span.
        cancelled: Guard,
    }

    impl<T, R, I> PinnedDrop for Made<T, R, I> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Held::Open(_) = this.held {
                *this.cancelled = this.held.cancel();
            }
        }
    }
}

/// A span between polls.
enum Held {
    /// It starts with the first poll.
    Waiting(Box<Start>),
    Open(Open),
    /// There is no span, or it has ended.
    Nothing,
}

/// Calls an annotated function that creates a future or a stream. The function is given the span that is
/// about to start, if there is one, to set its attributes.
#[inline]
pub fn make<T>(
    callsite: &'static Callsite,
    body: impl FnOnce(Option<&mut Start>) -> T,
) -> (T, Option<Box<Start>>) {
    let mut start = if callsite.is_off() {
        None
    } else {
        Start::new(callsite).map(|start| Box::new(start.later()))
    };
    let made = body(start.as_deref_mut().filter(|start| !start.is_dropped()));
    (made, start)
}

/// Traces a future that a function has created, and inspects its output for a failure.
#[inline]
pub fn made_future<T, R, I>(inner: T, start: Option<Box<Start>>, inspect: I) -> Made<T, R, I>
where
    I: for<'a> Fn(&'a R) -> Option<Failure<'a>>,
{
    Made::new(inner, start, inspect)
}

/// Traces a stream that a function has created.
#[inline]
pub fn made_stream<T>(inner: T, start: Option<Box<Start>>) -> Made<T, (), ()> {
    Made::new(inner, start, ())
}

/// `Box::pin`, whatever the name `Box` means at the call.
#[inline]
pub fn boxed<T>(made: T) -> Pin<Box<T>> {
    Box::pin(made)
}

impl<T, R, I> Made<T, R, I> {
    #[inline]
    fn new(inner: T, start: Option<Box<Start>>, inspect: I) -> Self {
        let held = start.map_or(Held::Nothing, Held::Waiting);
        Made { inner, held, inspect, result: PhantomData, cancelled: Guard::OFF }
    }
}

impl<F, R, I> Future for Made<F, R, I>
where
    F: Future<Output = R>,
    I: for<'a> Fn(&'a R) -> Option<Failure<'a>>,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<R> {
        let this = self.project();
        let Some(polling) = this.held.polling() else { return this.inner.poll(task) };
        let poll = this.inner.poll(task);
        match &poll {
            Poll::Ready(output) => {
                let failure = if polling.has_outcome() { (this.inspect)(output) } else { None };
                polling.over(failure);
            }
            Poll::Pending => *this.held = polling.pending(),
        }
        poll
    }
}

impl<S: Stream> Stream for Made<S, (), ()> {
    type Item = S::Item;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let Some(polling) = this.held.polling() else { return this.inner.poll_next(task) };
        let poll = this.inner.poll_next(task);
        match poll {
            Poll::Ready(None) => polling.over(None),
            Poll::Ready(Some(_)) | Poll::Pending => *this.held = polling.pending(),
        }
        poll
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.size_hint()
    }
}

impl<F, R, I> FusedFuture for Made<F, R, I>
where
    F: FusedFuture<Output = R>,
    I: for<'a> Fn(&'a R) -> Option<Failure<'a>>,
{
    fn is_terminated(&self) -> bool {
        self.inner.is_terminated()
    }
}

impl<S: FusedStream> FusedStream for Made<S, (), ()> {
    fn is_terminated(&self) -> bool {
        self.inner.is_terminated()
    }
}

// The state beside the future or stream is consistent also after a poll has unwound.
impl<T: UnwindSafe, R, I> UnwindSafe for Made<T, R, I> {}
impl<T: RefUnwindSafe, R, I> RefUnwindSafe for Made<T, R, I> {}

impl Held {
    /// Makes the span current, if there is one.
    #[inline]
    fn polling(&mut self) -> Option<Polling> {
        if let Held::Nothing = self { None } else { self.attach() }
    }

    #[inline(never)]
    fn attach(&mut self) -> Option<Polling> {
        let open = match std::mem::replace(self, Held::Nothing) {
            Held::Waiting(mut start) => start.open(),
            Held::Open(open) => open,
            Held::Nothing => return None,
        };
        Some(Polling(Some(Current::new(open))))
    }

    /// Makes the span current once more, until the guard is dropped.
    #[cold]
    #[inline(never)]
    fn cancel(&mut self) -> Guard {
        match std::mem::replace(self, Held::Nothing) {
            Held::Open(open) => Guard::new(Current::new(open.cancelled())),
            Held::Waiting(_) | Held::Nothing => Guard::OFF,
        }
    }
}

/// One poll, inside its span. If it is dropped, the poll is unwinding.
struct Polling(Option<Current>);

impl Polling {
    fn has_outcome(&self) -> bool {
        self.0.as_ref().is_some_and(|current| current.open.has_outcome())
    }

    #[inline(never)]
    fn over(mut self, failure: Option<Failure<'_>>) {
        if let Some(current) = self.0.take() {
            current.finish(failure);
        }
    }

    #[inline(never)]
    fn pending(mut self) -> Held {
        self.0.take().map_or(Held::Nothing, |Current { open, .. }| Held::Open(open))
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        if let Some(Current { open, attached, .. }) = self.0.take() {
            open.panicked(attached);
        }
    }
}
