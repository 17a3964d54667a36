//! Does this thread still have a current context?
//!
//! While a thread dies its thread-locals are destroyed one by one, and `Context` panics once its
//! own is gone. Work that is started or dropped there runs without a context instead.

use opentelemetry::{Context, ContextGuard};

/// Destroyed before the thread-local of [`Context`], because initialised after it.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {}
}

thread_local! {
    static SENTINEL: Sentinel = {
        Context::map_current(|_| ());
        Sentinel
    };
}

/// The current context, unless this thread is dying.
pub(crate) fn get() -> Option<Context> {
    SENTINEL.try_with(|_| Context::current()).ok()
}

/// The current context, or an empty one on a dying thread.
pub(crate) fn current() -> Context {
    get().unwrap_or_default()
}

/// Makes `context` the current one until the guard is dropped; does nothing on a dying thread.
pub(crate) fn attach(context: Context) -> Option<ContextGuard> {
    SENTINEL.try_with(|_| context.attach()).ok()
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
