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

/// How long it may take to read both clocks: what takes longer was interrupted between the two.
const AT_ONCE: u64 = 2_000;

/// How often both clocks are read at most, to find them at the same moment.
const TRIES: usize = 4;

/// The clock of one thread.
pub(super) struct Clock {
    anchor: Anchor,
    /// What the counter said when it was compared, and what it has to be corrected by since.
    compared: u64,
    offset: i64,
    /// What was read last: a small correction does not take time back.
    last: u64,
}

impl Clock {
    pub(super) fn new() -> Self {
        // Compared when it is read first.
        Clock { anchor: Anchor::new(), compared: 0, offset: 0, last: 0 }
    }

    /// Nanoseconds since the Unix epoch.
    #[inline]
    pub(super) fn now(&mut self) -> u64 {
        let counter = self.counter();
        // Also where it went back.
        if counter.wrapping_sub(self.compared) > TRUST {
            self.compare();
        }
        self.not_before(counter.saturating_add_signed(self.offset))
    }

    /// `now`, or what was read last where that is a little later. A clock that was set back by more is
    /// followed.
    #[inline]
    fn not_before(&mut self, now: u64) -> u64 {
        if self.last.wrapping_sub(now) >= TRUST {
            self.last = now;
        }
        self.last
    }

    #[inline]
    fn counter(&self) -> u64 {
        Instant::now().as_unix_nanos(&self.anchor)
    }

    #[cold]
    #[inline(never)]
    fn compare(&mut self) {
        let mut best = u64::MAX;
        for _ in 0..TRIES {
            let before = self.counter();
            let system = nanoseconds(SystemTime::now());
            let after = self.counter();
            let between = after.wrapping_sub(before);
            if between < best {
                best = between;
                self.compared = after;
                self.offset = system.wrapping_sub(before + between / 2).cast_signed();
            }
            if best < AT_ONCE {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_correction_does_not_take_time_back_and_a_large_one_is_followed() {
        let mut clock = Clock::new();
        let at = |seconds: u64| seconds * 1_000_000_000;

        assert_eq!(clock.not_before(at(60)), at(60));
        assert_eq!(clock.not_before(at(60) - 1_000_000), at(60));
        assert_eq!(clock.not_before(at(60) + 1), at(60) + 1);
        assert_eq!(clock.not_before(at(30)), at(30));
    }

    #[test]
    fn it_is_the_time_of_the_system() {
        let mut clock = Clock::new();
        for _ in 0..1000 {
            let before = nanoseconds(SystemTime::now());
            let now = clock.now();
            let after = nanoseconds(SystemTime::now());

            // As far as it may be off when it was interrupted all the time.
            let slack = TRUST;
            assert!((before - slack..=after + slack).contains(&now), "{before} {now} {after}");
        }
    }
}
