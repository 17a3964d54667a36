//! How many spans, or bytes, may be held in all?
//!
//! Threads take their share in pieces, ahead of what they need, so that a span that ends writes to no
//! memory that another thread reads.

// Not the standard library's where a model checker runs this: `tests/loom`.
use super::atomic::{AtomicUsize, Ordering};

/// How many spans or bytes may be held, and how many of them are used: held, or set aside for spans to
/// come.
#[derive(Debug)]
pub(super) struct Gauge {
    used: AtomicUsize,
    pub(super) limit: usize,
}

impl Gauge {
    pub(super) fn new(limit: usize) -> Self {
        Gauge { used: AtomicUsize::new(0), limit }
    }

    /// Sets aside as much as `share` makes of what is free; returns how much, and how much was used
    /// before.
    pub(super) fn take(&self, share: impl Fn(usize) -> Option<usize>) -> Option<(usize, usize)> {
        let mut used = self.used.load(Ordering::Relaxed);
        loop {
            let free = self.limit.saturating_sub(used);
            let taken = share(free).filter(|taken| *taken <= free)?;
            match self.used.compare_exchange_weak(
                used,
                used + taken,
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Some((taken, used)),
                Err(now) => used = now,
            }
        }
    }

    /// Counts what is held already, whether there is room or not.
    pub(super) fn add(&self, held: usize) {
        if held > 0 {
            self.used.fetch_add(held, Ordering::AcqRel);
        }
    }

    /// Gives back what was set aside.
    pub(super) fn give_back(&self, taken: usize) {
        if taken > 0 {
            self.used.fetch_sub(taken, Ordering::AcqRel);
        }
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Acquire)
    }
}
