//! How does what a tokio runtime is given keep the context it was given in?

use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;

use super::{carry, carry_future, detached};

/// Methods of tokio's [`Runtime`] and [`Handle`], for work that runs in the context in which it is handed
/// over.
///
/// `#[traced]` cannot know a handle by its name, so in an annotated body too `handle.spawn(..)` starts a
/// trace of its own, and `handle.spawn_carried(..)` does not. Each method is tokio's with the same name,
/// and panics where that does; [`carry`] and [`carry_future`] tell what is current when.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{Context, RuntimeExt};
///
/// struct Tenant(u32);
/// async fn tenant() -> Option<u32> {
///     Context::map_current(|context| context.get::<Tenant>().map(|tenant| tenant.0))
/// }
///
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let _guard = Context::current_with_value(Tenant(7)).attach();
///
/// let carried = runtime.handle().spawn_carried(tenant());
/// let plain = runtime.spawn(tenant());
///
/// assert_eq!(runtime.block_on_carried(tenant()), Some(7));
/// assert_eq!(runtime.block_on_carried(plain)?, None);
/// assert_eq!(runtime.block_on_carried(carried)?, Some(7));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RuntimeExt: sealed::Sealed {
    /// [`Runtime::spawn`] in the current context.
    fn spawn_carried<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;

    /// [`Runtime::spawn_blocking`] in the current context.
    fn spawn_blocking_carried<F, R>(&self, f: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static;

    /// [`Runtime::block_on`] of a future in the current context, which other tasks do not get: with
    /// `block_on`, those of a current-thread runtime would begin in the trace of the caller. See
    /// [`detached`].
    fn block_on_carried<F: Future>(&self, future: F) -> F::Output;
}

macro_rules! runtime_ext {
    ($($runtime:ty)*) => {$(
        impl sealed::Sealed for $runtime {}

        impl RuntimeExt for $runtime {
            #[track_caller]
            fn spawn_carried<F>(&self, task: F) -> JoinHandle<F::Output>
            where
                F: Future + Send + 'static,
                F::Output: Send + 'static,
            {
                self.spawn(carry_future(task))
            }

            #[track_caller]
            fn spawn_blocking_carried<F, R>(&self, f: F) -> JoinHandle<R>
            where
                F: FnOnce() -> R + Send + 'static,
                R: Send + 'static,
            {
                self.spawn_blocking(carry(f))
            }

            #[track_caller]
            fn block_on_carried<F: Future>(&self, future: F) -> F::Output {
                let future = carry_future(future);
                detached(|| self.block_on(future))
            }
        }
    )*};
}

runtime_ext! { Handle Runtime }

mod sealed {
    pub trait Sealed {}
}
