//! How many spans ended in a forked child that does not export any?

use std::process;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::process::{fork, stderr};

/// How many spans were refused, and in which process: a child starts with a copy of its parent's count.
static REFUSED: AtomicU64 = AtomicU64::new(0);
static REFUSED_IN: AtomicU32 = AtomicU32::new(0);

/// A sampled span has ended in a forked child, which does not export it.
#[cold]
#[inline(never)]
pub(crate) fn refuse() {
    let this = process::id();
    if REFUSED_IN.swap(this, Ordering::AcqRel) != this {
        REFUSED.store(0, Ordering::Release);
        stderr::warn(&format!("spans are dropped: {}", fork::REMEDY));
    }
    REFUSED.fetch_add(1, Ordering::AcqRel);
}

/// How many spans this process has refused.
pub(crate) fn count() -> u64 {
    if REFUSED_IN.load(Ordering::Acquire) == process::id() {
        REFUSED.load(Ordering::Acquire)
    } else {
        0
    }
}
