//! How does a thread count durations, so that another one can read them at any time?
//!
//! One thread writes, so a load and a store add one, and nothing is locked. A reader may miss the call
//! that is being counted while it reads; the next reading has it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::buckets::{Buckets, LOWEST, PER_OCTAVE, index, place};

/// Buckets that are allocated together: those of four powers of two.
const CHUNK: usize = 4 * PER_OCTAVE as usize;

/// 1 ns is in the lowest bucket of the first chunk; the last chunk holds what `u64` nanoseconds can be.
const CHUNKS: usize = 17;

/// The durations of the calls of one function, on one thread.
pub(super) struct Histogram {
    /// Memory is taken only for durations that occur: typically for two of these.
    chunks: [OnceLock<Box<[AtomicU64; CHUNK]>>; CHUNKS],
    /// Calls that took less than a nanosecond, by the clock.
    zero: AtomicU64,
    sum: AtomicU64,
    min: AtomicU64,
    max: AtomicU64,
}

impl Histogram {
    pub(super) const fn new() -> Histogram {
        Histogram {
            chunks: [const { OnceLock::new() }; CHUNKS],
            zero: AtomicU64::new(0),
            sum: AtomicU64::new(0),
            min: AtomicU64::new(u64::MAX),
            max: AtomicU64::new(0),
        }
    }

    /// Counts a call. Only the thread that the histogram belongs to may call this.
    #[inline]
    pub(super) fn count(&self, nanoseconds: u64) {
        add(&self.sum, nanoseconds);
        if nanoseconds > self.max.load(Ordering::Relaxed) {
            self.max.store(nanoseconds, Ordering::Relaxed);
        }
        if nanoseconds < self.min.load(Ordering::Relaxed) {
            self.min.store(nanoseconds, Ordering::Relaxed);
        }
        let Some(index) = index(nanoseconds) else { return add(&self.zero, 1) };
        let place = place(index, LOWEST);
        if let Some(chunk) = self.chunks.get(place / CHUNK) {
            let chunk = chunk.get_or_init(|| Box::new([const { AtomicU64::new(0) }; CHUNK]));
            add(&chunk[place % CHUNK], 1);
        }
    }

    /// Adds what was counted so far to `total`.
    pub(super) fn add_to(&self, total: &mut Buckets) {
        let chunks = self.chunks.iter().zip((LOWEST..).step_by(CHUNK));
        for (chunk, first) in chunks.filter_map(|(chunk, first)| Some((chunk.get()?, first))) {
            for (count, index) in chunk.iter().zip(first..) {
                total.add(index, count.load(Ordering::Relaxed));
            }
        }
        let load = |value: &AtomicU64| value.load(Ordering::Relaxed);
        total.add_zeros(load(&self.zero));
        total.add_values(load(&self.sum), load(&self.min), load(&self.max));
    }
}

/// Adds to a number that only this thread writes.
#[inline]
fn add(number: &AtomicU64, more: u64) {
    number.store(number.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}
