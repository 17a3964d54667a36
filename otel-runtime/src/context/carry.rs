//! How does work that runs elsewhere keep the context it was started in?

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use super::current::{attach, current};
use super::handed_on::hand_on;

/// Takes the current context along to wherever `f` runs.
///
/// The context is captured here, at the call of `carry`, not when `f` runs. It is current while `f` runs;
/// afterwards, also after a panic, the context that the thread had before is current again.
///
/// For threads, rayon, `spawn_blocking`, thread pools and callbacks. For a future use
/// [`carry_future`]: a context that is attached around the *making* of a future is gone again when
/// the future is polled.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{Context, carry};
///
/// #[derive(Debug, PartialEq)]
/// struct Tenant(u32);
/// let tenant = || Context::map_current(|context| context.get::<Tenant>().map(|tenant| tenant.0));
///
/// let _guard = Context::current_with_value(Tenant(7)).attach();
///
/// let plain = std::thread::spawn(tenant);
/// let carried = std::thread::spawn(carry(tenant));
///
/// assert_eq!(plain.join().unwrap(), None);
/// assert_eq!(carried.join().unwrap(), Some(7));
/// ```
pub fn carry<F, R>(f: F) -> impl FnOnce() -> R
where
    F: FnOnce() -> R,
{
    carry_in(current(), f)
}

/// Runs `f` in `context`, wherever that is: [`carry`] with a context of your own.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use otel_runtime::context::{carry_in, extract};
///
/// # fn handle(_: &str) -> usize { 3 }
/// let message = (HashMap::from([("traceparent".to_owned(), "00-...".to_owned())]), "three");
///
/// // A worker continues the trace of whoever sent the message.
/// let (headers, body) = message;
/// let work = carry_in(extract(&headers), move || handle(body));
/// assert_eq!(std::thread::spawn(work).join().unwrap(), 3);
/// ```
pub fn carry_in<F, R>(context: Context, f: F) -> impl FnOnce() -> R
where
    F: FnOnce() -> R,
{
    hand_on(&context);
    move || {
        let _guard = attach(context);
        f()
    }
}

/// Takes the current context along to wherever `f` is called, any number of times.
///
/// For what is called with one item after the other, on any thread: the `map` or `for_each` of a parallel
/// iterator, a callback that stays. The context is captured here, at the call of `carry_each`.
///
/// On a thread of the pool, rayon runs other jobs too while it waits for an iterator; see
/// [`detached`](super::detached).
///
/// # Examples
///
/// With rayon's `ids.into_par_iter()` in place of `ids.into_iter()`, on all threads of its pool:
///
/// ```
/// use otel_runtime::context::{carry_each, detached};
/// # fn load(id: u32) -> u32 { id }
/// # let ids = [1, 2, 3];
///
/// let load = carry_each(|id| load(id));
/// let sum: u32 = detached(|| ids.into_iter().map(load).sum());
/// # assert_eq!(sum, 6);
/// ```
pub fn carry_each<F, A, R>(f: F) -> impl Fn(A) -> R
where
    F: Fn(A) -> R,
{
    let context = current();
    hand_on(&context);
    move |item| {
        let _guard = attach(context.clone());
        f(item)
    }
}

/// Takes the current context along to wherever `future` is polled.
///
/// The context is captured here, at the call of `carry_future`, not at the first poll. It is
/// current during every poll, and also while the future is dropped, finished or not: what its
/// destructors do belongs to the trace too.
///
/// For what is handed to another task: `spawn`, `JoinSet::spawn`, `FuturesUnordered`. A future
/// that is awaited in place needs nothing.
///
/// The future keeps the context, and with it the context's span, until it is dropped itself. A span that
/// was started by hand and ends when it is dropped stays open until then.
///
/// # Examples
///
/// ```
/// use std::future::Future;
/// use std::pin::pin;
/// use std::task::{Poll, Waker};
///
/// use otel_runtime::context::{Context, carry_future};
///
/// struct Tenant(u32);
///
/// let guard = Context::current_with_value(Tenant(7)).attach();
/// let task = carry_future(async {
///     Context::map_current(|context| context.get::<Tenant>().map(|tenant| tenant.0))
/// });
/// drop(guard);
///
/// // An executor would do this, on any thread, at any time.
/// let task = pin!(task);
/// let polled = task.poll(&mut std::task::Context::from_waker(Waker::noop()));
/// assert_eq!(polled, Poll::Ready(Some(7)));
/// ```
pub fn carry_future<F: Future>(future: F) -> CarryFuture<F> {
    carry_future_in(current(), future)
}

/// Polls `future` in `context`: [`carry_future`] with a context of your own.
pub fn carry_future_in<F: Future>(context: Context, future: F) -> CarryFuture<F> {
    hand_on(&context);
    CarryFuture::new(Some(context), future)
}

pin_project! {
    /// A future that runs in the context it was made in. Made by [`carry_future`].
    #[must_use = "futures do nothing unless polled"]
    pub struct CarryFuture<F> {
        // `None` only during drop, which has to drop the future before the guard.
        #[pin]
        future: Option<F>,
        context: Option<Context>,
    }

    impl<F> PinnedDrop for CarryFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _guard = this.context.take().and_then(attach);
            this.future.set(None);
        }
    }
}

impl<F: Future> CarryFuture<F> {
    /// Without a context, the future is polled in the context of whoever polls it.
    pub(super) fn new(context: Option<Context>, future: F) -> CarryFuture<F> {
        CarryFuture { future: Some(future), context }
    }
}

impl<F: Future> Future for CarryFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _guard = this.context.clone().and_then(attach);
        this.future.as_pin_mut().expect("only drop takes the future out").poll(task)
    }
}

impl<F> fmt::Debug for CarryFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarryFuture").field("context", &self.context).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::sync::{Arc, Mutex};
    use std::task::Waker;
    use std::thread;

    use super::*;

    struct Tenant(u32);

    fn tenant() -> Option<u32> {
        Context::map_current(|context| context.get::<Tenant>().map(|tenant| tenant.0))
    }

    fn of_tenant(id: u32) -> Context {
        Context::new().with_value(Tenant(id))
    }

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Task::from_waker(Waker::noop()))
    }

    /// Is pending once.
    async fn yield_now() {
        let mut yielded = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// When dropped, notes the tenant of the current context.
    struct Witness(Arc<Mutex<Vec<Option<u32>>>>);

    impl Drop for Witness {
        fn drop(&mut self) {
            self.0.lock().expect("no test panics in here").push(tenant());
        }
    }

    #[test]
    fn a_closure_runs_in_the_context_of_its_making() {
        let guard = of_tenant(1).attach();
        let carried = carry(tenant);
        drop(guard);

        let _other = of_tenant(2).attach();

        assert_eq!(thread::spawn(carried).join().expect("no panic"), Some(1));
        assert_eq!(tenant(), Some(2));
    }

    #[test]
    fn each_call_of_a_closure_runs_in_the_context_of_its_making() {
        let guard = of_tenant(1).attach();
        let carried = carry_each(|id: u32| (tenant(), id));
        drop(guard);

        let all = thread::scope(|scope| {
            [2, 3].map(|id| {
                scope
                    .spawn({
                        let carried = &carried;
                        move || carried(id)
                    })
                    .join()
                    .expect("no panic")
            })
        });

        assert_eq!(all, [(Some(1), 2), (Some(1), 3)]);
        assert_eq!(tenant(), None);
    }

    #[test]
    fn an_explicit_context_need_not_be_current() {
        assert_eq!(carry_in(of_tenant(3), tenant)(), Some(3));
        assert_eq!(
            poll(pin!(carry_future_in(of_tenant(4), async { tenant() }))),
            Poll::Ready(Some(4))
        );
        assert_eq!(tenant(), None);
    }

    #[test]
    fn a_panic_leaves_the_thread_as_it_was() {
        let carried = carry_in(of_tenant(1), || panic!("expected by this test"));

        assert!(catch_unwind(AssertUnwindSafe(carried)).is_err());
        assert_eq!(tenant(), None);
    }

    #[test]
    fn every_poll_runs_in_the_context() {
        let mut future = pin!(carry_future_in(of_tenant(1), async {
            let before = tenant();
            yield_now().await;
            (before, tenant())
        }));

        assert_eq!(poll(future.as_mut()), Poll::Pending);
        assert_eq!(tenant(), None);
        assert_eq!(poll(future.as_mut()), Poll::Ready((Some(1), Some(1))));
        assert_eq!(tenant(), None);
    }

    #[test]
    fn the_future_is_dropped_in_the_context() {
        let dropped_for = Arc::new(Mutex::new(Vec::new()));
        let future = || {
            let witness = Witness(Arc::clone(&dropped_for));
            carry_future_in(of_tenant(1), async move {
                yield_now().await;
                drop(witness);
            })
        };

        drop(future()); // never polled
        {
            let mut cancelled = Box::pin(future());
            assert_eq!(poll(cancelled.as_mut()), Poll::Pending);
        }

        assert_eq!(*dropped_for.lock().expect("no panic"), [Some(1), Some(1)]);
        assert_eq!(tenant(), None);
    }

    #[test]
    fn the_future_is_as_sendable_as_its_content() {
        fn assert_send<T: Send>(value: T) -> T {
            value
        }
        drop(assert_send(carry_future(async {})));
        drop(assert_send(carry(|| ())));
    }
}
