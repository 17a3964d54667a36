//! What did the panic say that is unwinding this thread?
//!
//! Only the panic hook is told, and only at the beginning. What it saw stays with its thread for as long
//! as it may be the panic that goes on: every span that begins or ends where nothing unwinds says that it
//! is over. If the hook saw another panic since then, inside a destructor or after a `catch_unwind`, it cannot
//! be told which one goes on, and no text is better than that of another. What the hook does not see is
//! `resume_unwind`: a function that catches one panic and resumes another, with no span in between, is told
//! the text of the first.
//!
//! ```text
//! panic! ─→ hook: seen ─→ unwinding: every span it passes tells ─→ caught ─→ next span: forgotten
//!                                    a span with `skip_pii`: forgotten
//! ```

use std::any::Any;
use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// A panic, as the hook saw it.
#[derive(Clone)]
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// What the hook saw on a thread and nobody has found to be over.
enum Seen {
    Nothing,
    One(Panic),
    /// More than one, of which any may go on; or one that is not to be told.
    Untold,
}

thread_local! {
    static SEEN: RefCell<Seen> = const { RefCell::new(Seen::Nothing) };
}

/// Whether a hook of ours has seen any panic in this process: most never see one.
static ANY: AtomicBool = AtomicBool::new(false);

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

/// The panic that unwinds this thread, if it is certain which one that is.
pub(crate) fn unwinding() -> Option<Panic> {
    let seen = |seen: &mut Seen| match seen {
        Seen::One(panic) => Some(panic.clone()),
        Seen::Nothing | Seen::Untold => None,
    };
    with_seen(seen).flatten()
}

/// A span begins or ends. Unless this thread unwinds, what the hook saw is over.
#[inline]
pub(crate) fn forget_what_is_over() {
    if ANY.load(Ordering::Relaxed) {
        forget();
    }
}

#[cold]
#[inline(never)]
fn forget() {
    if !std::thread::panicking() {
        replace(Seen::Nothing);
    }
}

/// The panic that unwinds this thread passes a function with `skip_pii`: nobody above tells it.
#[cold]
pub(crate) fn keep_private() {
    replace(Seen::Untold);
}

fn remember(info: &PanicHookInfo<'_>) {
    ANY.store(true, Ordering::Relaxed);
    if let Some(Seen::One(_) | Seen::Untold) = replace(Seen::Untold) {
        return;
    }
    let message = text(info.payload()).unwrap_or("not a string").to_owned();
    let (file, line) =
        info.location().map_or_else(Default::default, |at| (at.file().to_owned(), at.line()));
    replace(Seen::One(Panic { message, file, line }));
}

/// What a panic said. `None` if it panicked with something other than a string.
pub(crate) fn text(payload: &(dyn Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

fn replace(seen: Seen) -> Option<Seen> {
    with_seen(|last| std::mem::replace(last, seen))
}

/// `None` on a thread that is past its thread-locals, and where a panic of ours holds them: a hook must
/// not panic.
fn with_seen<R>(f: impl FnOnce(&mut Seen) -> R) -> Option<R> {
    SEEN.try_with(|seen| seen.try_borrow_mut().ok().map(|mut seen| f(&mut seen))).ok()?
}
