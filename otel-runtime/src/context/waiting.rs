//! What is current while a call waits for work, and runs other people's work meanwhile?

use opentelemetry::Context;

use super::CarryFuture;
use super::current::attach;

/// Runs `wait` with nothing current: no span, no baggage, no other value of the [`Context`].
///
/// For calls that wait and, while they do, run whatever else is due on this thread. Without `detached`,
/// that work begins in the trace of the code that waits, although it may belong to another request:
///
/// | call | what it also runs |
/// | --- | --- |
/// | tokio's `Runtime::block_on`, of a current-thread runtime | every task that was spawned on it |
/// | tokio's `LocalSet::block_on` | every task of the set |
/// | `smol::LocalExecutor::run`, `smol::Executor::run` under `smol::block_on` | every task of the executor |
/// | `futures::executor::LocalPool::run`, `run_until` | every task of the pool |
/// | rayon's `scope`, `ThreadPool::install`, `par_iter` and the like, on a thread of the pool | any job of the pool |
///
/// In annotated functions, some of these [need nothing](super#calls-that-wait). A call that only sleeps
/// until another thread is done, as `JoinHandle::join`, `Receiver::recv`, `std::thread::scope` or
/// `crossbeam::scope` do, needs nothing either.
///
/// What is waited *for* belongs to the caller, so take the context along before it is gone, by
/// [`carry`](super::carry()), [`carry_future`](super::carry_future) or [`carry_each`](super::carry_each).
/// For a future that waits, use [`detached_future`].
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{carry_future, detached};
/// # async fn load() -> u32 { 7 }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
///
/// let load = carry_future(load()); // in this trace
/// let loaded = detached(|| runtime.block_on(load)); // the runtime's other tasks are not
/// # assert_eq!(loaded, 7);
/// ```
pub fn detached<R>(wait: impl FnOnce() -> R) -> R {
    let _guard = attach(Context::new());
    wait()
}

/// Polls `future` with nothing current: no span, no baggage, no other value of the [`Context`].
///
/// The counterpart of [`detached`] for a future that runs other people's work while it is polled: tokio's
/// `LocalSet::run_until`, a `LocalSet` that is awaited itself, `run` of a `smol::LocalExecutor`, or a
/// `FuturesUnordered` with futures of other requests.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{carry_future, detached_future};
/// # async fn load() -> u32 { 7 }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// # let tasks = tokio::task::LocalSet::new();
///
/// let load = carry_future(load()); // in this trace
/// let loaded = detached_future(tasks.run_until(load)).await; // the set's other tasks are not
/// # assert_eq!(loaded, 7);
/// # });
/// ```
pub fn detached_future<F: Future>(future: F) -> CarryFuture<F> {
    CarryFuture::new(Some(Context::new()), future)
}
