//! What did the panic say that is unwinding this thread?
//!
//! The panic hook is the only one to see the message, and only when the panic begins. The thread keeps
//! the message as long as that panic may be the one that is unwinding: every span that begins or ends
//! while the thread is not unwinding deletes it. If the hook has seen another panic in between, inside a
//! destructor or after a `catch_unwind`, we do not know which of them is unwinding, and record no text
//! rather than that of the wrong one. The hook does not see `resume_unwind`: if a function catches one
//! panic and resumes another, with no span in between, the text of the first is recorded.
//!
//! ```text
//! panic! ─→ hook: seen ─→ unwinding: every span it passes tells ─→ caught ─→ next span: forgotten
//!                                    a span with `skip_pii`: forgotten
//! ```

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;
use std::sync::Once;
#[cfg(feature = "sdk")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// A panic, as the hook saw it.
#[derive(Clone)]
pub(crate) struct Panic {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// What the hook saw on a thread, until a span finds that the panic is over.
enum Seen {
    Nothing,
    One(Panic),
    /// More than one, and any of them may be unwinding; or one whose text must not be recorded.
    Untold,
}

thread_local! {
    static SEEN: RefCell<Seen> = const { RefCell::new(Seen::Nothing) };
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether our hook has seen any panic in this process; in most processes there is none.
static ANY: AtomicBool = AtomicBool::new(false);

/// Who else is told of panics: once the hook that was there before has told of it.
#[cfg(feature = "sdk")]
static LISTENER: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// Calls `listener` at each panic from now on, on the thread that panics. The first one stays.
#[cfg(feature = "sdk")]
pub(crate) fn set_listener(listener: Box<dyn Fn() + Send + Sync>) {
    let _ = LISTENER.set(listener);
}

/// Installs a hook that remembers the panic and then calls the hook that was there before.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    // A thread that unwinds cannot change the hook; panics are then recorded by type only.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if IS_QUIET.try_with(Cell::get).unwrap_or(false) {
                return;
            }
            remember(info);
            previous(info);
            #[cfg(feature = "sdk")]
            if let Some(listener) = LISTENER.get() {
                listener();
            }
        }));
    });
}

/// Does `work`, of whose panics the hook tells nobody: a message of code that looks at values may be one of them.
/// Whoever calls this catches them.
#[cfg(feature = "sdk")]
pub(crate) fn quietly<R>(work: impl FnOnce() -> R) -> R {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            let _ = IS_QUIET.try_with(|is_quiet| is_quiet.set(self.0));
        }
    }
    let _before = Before(IS_QUIET.try_with(|is_quiet| is_quiet.replace(true)).unwrap_or(true));
    work()
}

/// The panic that is unwinding this thread, if it is certain which one that is.
pub(crate) fn unwinding() -> Option<Panic> {
    let seen = |seen: &mut Seen| match seen {
        Seen::One(panic) => Some(panic.clone()),
        Seen::Nothing | Seen::Untold => None,
    };
    with_seen(seen).flatten()
}

/// A span begins or ends. If this thread is not unwinding, the panic that the hook saw is over.
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

/// The panic that unwinds this thread passes a function with `skip_pii`: spans above do not record its
/// text.
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

/// `None` on a thread whose thread-locals are gone, and if code of ours panicked while it held them: a
/// hook must not panic.
fn with_seen<R>(f: impl FnOnce(&mut Seen) -> R) -> Option<R> {
    SEEN.try_with(|seen| seen.try_borrow_mut().ok().map(|mut seen| f(&mut seen))).ok()?
}
