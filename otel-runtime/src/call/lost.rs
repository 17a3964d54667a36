//! Which values did code of the user's not come to say, because it panicked?

use std::sync::atomic::{AtomicU64, Ordering};

use crate::process::stderr;
use crate::span::callsite::Callsite;

static LOST: AtomicU64 = AtomicU64::new(0);

/// Counts a value of a span of `callsite`, and tells of the first.
#[cold]
pub(crate) fn count(callsite: &Callsite) {
    if LOST.fetch_add(1, Ordering::Relaxed) == 0 {
        stderr::warn(&format!(
            "what a span of {} was to be told panicked: the span goes without it, and the call goes \
             on",
            callsite.description.path(),
        ));
    }
}
