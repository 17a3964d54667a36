//! How many values of spans are missing, because the program's code for them panicked?

use std::sync::atomic::{AtomicU64, Ordering};

static LOST: AtomicU64 = AtomicU64::new(0);

/// Counts one more; returns whether it is the first.
pub(crate) fn lose() -> bool {
    LOST.fetch_add(1, Ordering::Relaxed) == 0
}

/// How many are missing so far.
#[cfg(feature = "sdk")]
pub(crate) fn lost() -> u64 {
    LOST.load(Ordering::Relaxed)
}
