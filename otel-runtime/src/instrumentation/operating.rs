//! How does a future run in an operation?

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use crate::instrumentation::operation::Operation;

/// What becomes of an operation once its future is done.
pub(crate) trait Ending<T> {
    /// What the caller gets.
    type Output;

    /// The future has returned `output`. Ends the operation, or keeps it, as for the body of a response: an
    /// operation that is dropped before it has ended is cancelled.
    fn end(&mut self, operation: Operation, output: T) -> Self::Output;
}

pin_project! {
    /// A future whose operation is current while the future is polled and dropped. If it is dropped before it is
    /// done, the operation is cancelled.
    pub(crate) struct Operating<F, E> {
        #[pin]
        future: F,
        ending: E,
        // Dropped after the future, whose locals are destroyed inside its span.
        operation: Operation,
    }

    impl<F, E> PinnedDrop for Operating<F, E> {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            let operation = this.project().operation;
            if operation.is_open() {
                operation.cancel();
                operation.leave();
            }
        }
    }
}

impl<F, E> Operating<F, E> {
    pub(crate) fn new(future: F, operation: Operation, ending: E) -> Self {
        Operating { future, ending, operation }
    }
}

impl<F, E> Future for Operating<F, E>
where
    F: Future,
    E: Ending<F::Output>,
{
    type Output = E::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<E::Output> {
        let this = self.project();
        this.operation
            .run(|| this.future.poll(task))
            .map(|output| this.ending.end(mem::take(this.operation), output))
    }
}
