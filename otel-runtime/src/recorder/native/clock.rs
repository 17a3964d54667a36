//! What time is it?
//!
//! The processor's time-stamp counter tells, where it is invariant, in less than half the time that the
//! system takes. It is held against the system's clock so often that the two never differ by more than
//! they drift apart in a moment, and so that one that is set is followed.

use std::time::SystemTime;

use fastant::{Anchor, Instant};

use crate::record::fields::nanoseconds;

/// How long the counter is trusted, in nanoseconds.
const TRUST: u64 = 10_000_000;

/// The clock of one thread.
pub(super) struct Clock {
    anchor: Anchor,
    /// What the counter said when it was compared, and what it has to be corrected by since.
    compared: u64,
    offset: i64,
}

impl Clock {
    pub(super) fn new() -> Self {
        // Compared when it is read first.
        Clock { anchor: Anchor::new(), compared: 0, offset: 0 }
    }

    /// Nanoseconds since the Unix epoch.
    #[inline]
    pub(super) fn now(&mut self) -> u64 {
        let counter = Instant::now().as_unix_nanos(&self.anchor);
        // Also where it went back.
        if counter.wrapping_sub(self.compared) > TRUST {
            self.compare(counter);
        }
        counter.saturating_add_signed(self.offset)
    }

    #[cold]
    #[inline(never)]
    fn compare(&mut self, counter: u64) {
        self.compared = counter;
        self.offset = nanoseconds(SystemTime::now()).wrapping_sub(counter).cast_signed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_time_of_the_system() {
        let mut clock = Clock::new();
        for _ in 0..1000 {
            let before = nanoseconds(SystemTime::now());
            let now = clock.now();
            let after = nanoseconds(SystemTime::now());

            // Both may be corrected between.
            let slack = 1_000_000;
            assert!((before - slack..=after + slack).contains(&now), "{before} {now} {after}");
        }
    }
}
