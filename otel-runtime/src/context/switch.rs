//! Does this process trace?
//!
//! ```text
//! no ──┬─ init, adopt ───────────────→ functions have spans
//!      └─ init, tracing disabled ────→ functions pass their caller's trace on
//! ```
//!
//! Once a process traces, it does so until its end: a future that has a span relies on that.

use std::sync::atomic::{AtomicU8, Ordering};

static SWITCH: AtomicU8 = AtomicU8::new(0);
/// Functions have no spans, but run in the context that their `parent` gives them.
#[cfg(feature = "sdk")]
const CONTEXTS: u8 = 1;
const SPANS: u8 = 2;

/// Whether any call may have a span, or a context of its own.
#[inline]
pub(crate) fn is_on() -> bool {
    SWITCH.load(Ordering::Relaxed) != 0
}

/// Whether any call may have a span.
pub(crate) fn makes_spans() -> bool {
    SWITCH.load(Ordering::Relaxed) == SPANS
}

/// A recorder has been installed: from now on calls may have spans.
pub(crate) fn make_spans() {
    SWITCH.store(SPANS, Ordering::Release);
}

/// From now on calls may have a context of their own.
#[cfg(feature = "sdk")]
pub(crate) fn make_contexts() {
    SWITCH.fetch_max(CONTEXTS, Ordering::Release);
}
