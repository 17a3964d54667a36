//! Does this thread still have a current context?
//!
//! While a thread dies its thread-locals are destroyed one by one, and `Context` panics once its
//! own is gone. Work that is started or dropped there runs without a context instead.

use std::panic::catch_unwind;

use opentelemetry::{Context, ContextGuard};

/// Destroyed before the thread-local of [`Context`], because initialised after it.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {}
}

thread_local! {
    /// `None` where this is first used after the thread-local of [`Context`] has been destroyed, as in
    /// the destructor of another thread-local: only a panic of [`Context`] tells.
    static SENTINEL: Option<Sentinel> = {
        catch_unwind(|| Context::map_current(|_| ())).ok().map(|()| Sentinel)
    };
}

/// Whether there is a current context: not while this thread is dying.
#[inline]
fn is_alive() -> bool {
    SENTINEL.try_with(Option::is_some).unwrap_or(false)
}

/// The current context, unless this thread is dying.
pub(crate) fn get() -> Option<Context> {
    is_alive().then(Context::current)
}

/// The result of `f` for the current context, unless this thread is dying. `f` must not run code of the
/// user, which could not attach another context meanwhile.
#[inline]
pub(crate) fn map<R>(f: impl FnOnce(&Context) -> R) -> Option<R> {
    if is_alive() { Some(Context::map_current(f)) } else { None }
}

/// The current context, or an empty one on a dying thread.
pub(crate) fn current() -> Context {
    get().unwrap_or_default()
}

/// Makes `context` the current one until the guard is dropped; does nothing on a dying thread.
#[inline]
pub(crate) fn attach(context: Context) -> Option<ContextGuard> {
    if is_alive() { Some(context.attach()) } else { None }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::mpsc;

    use super::*;
    use crate::context::{carry, carry_future};

    struct AtThreadEnd(mpsc::Sender<bool>);

    impl Drop for AtThreadEnd {
        fn drop(&mut self) {
            let dying = SENTINEL.try_with(|_| ()).is_err();
            drop(carry_future(async {}));
            let ran = carry(|| true)();
            let _ = self.0.send(dying && ran);
        }
    }

    thread_local! {
        static LAST: RefCell<Option<AtThreadEnd>> = const { RefCell::new(None) };
    }

    struct TracesTooLate(mpsc::Sender<bool>);

    impl Drop for TracesTooLate {
        fn drop(&mut self) {
            let _ = self.0.send(get().is_none());
        }
    }

    thread_local! {
        static TOO_LATE: RefCell<Option<TracesTooLate>> = const { RefCell::new(None) };
    }

    #[test]
    fn a_thread_that_is_traced_only_while_it_dies_has_no_context() {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            TOO_LATE.set(Some(TracesTooLate(sender)));
            // A thread-local of OpenTelemetry, destroyed before anything of this crate runs here.
            drop(Context::new().attach());
        });

        thread.join().expect("a panic in a thread-local destructor aborts the process");

        assert_eq!(receiver.recv(), Ok(true));
    }

    #[test]
    fn a_dying_thread_runs_without_a_context() {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            LAST.set(Some(AtThreadEnd(sender)));
            let _ = current();
        });

        thread.join().expect("a panic in a thread-local destructor aborts the process");

        assert_eq!(receiver.recv(), Ok(true));
    }
}
