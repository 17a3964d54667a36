//! What did the panic say that is unwinding this thread?

use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::sync::Once;

/// A panic, as the hook saw it.
#[derive(Clone)]
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

thread_local! {
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Chains a hook that remembers the panic before the one that was there, which goes on as before.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    // Hooks cannot be changed by a thread that unwinds; panics are then recorded by type only.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            remember(info);
            previous(info);
        }));
    });
}

/// The last panic of this thread, if a hook of ours saw it.
pub(crate) fn last() -> Option<Panic> {
    LAST.try_with(|last| last.borrow().clone()).ok().flatten()
}

fn remember(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = match payload.downcast_ref::<&str>() {
        Some(message) => (*message).to_owned(),
        None => payload.downcast_ref().cloned().unwrap_or_else(|| "not a string".to_owned()),
    };
    let (file, line) =
        info.location().map_or_else(Default::default, |at| (at.file().to_owned(), at.line()));
    // A hook must not panic: a thread that is past its thread-locals remembers nothing.
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = Some(Panic { message, file, line });
        }
    });
}
