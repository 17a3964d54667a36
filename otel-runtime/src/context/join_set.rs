//! How do the tasks of a tokio `JoinSet` keep the context they were spawned in?

use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinSet, LocalSet};

use super::{carry, carry_future};

/// `JoinSet`'s methods, for tasks that run in the context in which they are spawned.
///
/// `#[traced]` cannot know a set by its name, so in an annotated body too `set.spawn(..)` starts a
/// trace of its own, and `set.spawn_carried(..)` does not. Each method is the one of [`JoinSet`] with
/// the same name, and panics where that does; [`carry`] and [`carry_future`] tell what is current when.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::JoinSetExt;
/// use otel_runtime::context::Context;
/// use tokio::task::JoinSet;
///
/// struct Tenant(u32);
/// async fn tenant() -> Option<u32> {
///     Context::map_current(|context| context.get::<Tenant>().map(|tenant| tenant.0))
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// let mut tasks = JoinSet::new();
/// {
///     let _guard = Context::current_with_value(Tenant(7)).attach();
///     tasks.spawn_carried(tenant());
/// }
/// assert_eq!(tasks.join_all().await, [Some(7)]);
/// # });
/// ```
pub trait JoinSetExt<T>: sealed::Sealed {
    /// [`JoinSet::spawn`] in the current context.
    fn spawn_carried<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send;

    /// [`JoinSet::spawn_on`] in the current context.
    fn spawn_on_carried<F>(&mut self, task: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send;

    /// [`JoinSet::spawn_local`] in the current context.
    fn spawn_local_carried<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static;

    /// [`JoinSet::spawn_local_on`] in the current context.
    fn spawn_local_on_carried<F>(&mut self, task: F, local_set: &LocalSet) -> AbortHandle
    where
        F: Future<Output = T> + 'static;

    /// [`JoinSet::spawn_blocking`] in the current context.
    fn spawn_blocking_carried<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send;

    /// [`JoinSet::spawn_blocking_on`] in the current context.
    fn spawn_blocking_on_carried<F>(&mut self, f: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send;
}

impl<T: 'static> JoinSetExt<T> for JoinSet<T> {
    #[track_caller]
    fn spawn_carried<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.spawn(carry_future(task))
    }

    #[track_caller]
    fn spawn_on_carried<F>(&mut self, task: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.spawn_on(carry_future(task), handle)
    }

    #[track_caller]
    fn spawn_local_carried<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.spawn_local(carry_future(task))
    }

    #[track_caller]
    fn spawn_local_on_carried<F>(&mut self, task: F, local_set: &LocalSet) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.spawn_local_on(carry_future(task), local_set)
    }

    #[track_caller]
    fn spawn_blocking_carried<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.spawn_blocking(carry(f))
    }

    #[track_caller]
    fn spawn_blocking_on_carried<F>(&mut self, f: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.spawn_blocking_on(carry(f), handle)
    }
}

mod sealed {
    pub trait Sealed {}

    impl<T> Sealed for tokio::task::JoinSet<T> {}
}
