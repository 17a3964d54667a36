//! What time is it, and how much of it has passed?
//!
//! Two clocks answer. The system's says when a span began; it may be set at any moment, and may say
//! anything. The monotonic one says how long the span took; it is never set. An end is therefore the
//! start and what has passed since:
//!
//! ```text
//! start = system clock,             read once
//! end   = start + (monotonic clock at the end - monotonic clock at the start)
//! ```
//!
//! Where the processor's time-stamp counter is invariant, it stands in for both, in less than half the
//! time that the system takes, and is compared with the system's clocks every 10 ms.

use std::sync::LazyLock;
use std::time::{self, Duration, SystemTime, UNIX_EPOCH};

use fastant::Anchor;

use crate::process::unwind::caught;
use crate::record::fields::nanoseconds;

/// How long the counter is trusted, in nanoseconds.
const TRUST: u64 = 10_000_000;

/// How long reading all clocks may take, in nanoseconds: a longer reading was interrupted.
const AT_ONCE: u64 = 2_000;

/// How often all clocks are read at most until one reading was not interrupted.
const TRIES: usize = 4;

/// A moment, in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    /// Since the Unix epoch, as the system's clock has it; zero before.
    pub(super) system: u64,
    /// Of the monotonic clock, which all threads share.
    monotonic: u64,
}

/// The clock of one thread.
pub(super) struct Clock<S = System> {
    source: S,
    /// The value of the counter when the clocks were compared.
    compared: u64,
    /// What to add to the counter to get the monotonic clock.
    offset: i64,
    /// By how much the system's clock is ahead of the monotonic one.
    ahead: i64,
    /// The last time of the monotonic clock that was returned, so that a small correction does not go
    /// back in time.
    last: u64,
}

impl Clock {
    pub(super) fn new() -> Self {
        Clock::of(System { anchor: anchor() })
    }
}

impl<S: Source> Clock<S> {
    fn of(source: S) -> Self {
        let mut clock = Clock { source, compared: 0, offset: 0, ahead: 0, last: 0 };
        clock.compare();
        clock
    }

    #[inline]
    pub(super) fn now(&mut self) -> Moment {
        let monotonic = self.monotonic();
        Moment { system: monotonic.saturating_add_signed(self.ahead), monotonic }
    }

    #[inline]
    fn monotonic(&mut self) -> u64 {
        let counter = self.source.counter();
        // Also if the counter went back, as that of a machine that slept may.
        if counter.wrapping_sub(self.compared) > TRUST {
            self.compare();
        }
        self.last = self.last.max(counter.wrapping_add_signed(self.offset));
        self.last
    }

    #[cold]
    #[inline(never)]
    fn compare(&mut self) {
        let mut best = u64::MAX;
        let (mut offset, mut ahead) = (self.offset, self.ahead);
        for _ in 0..TRIES {
            let before = self.source.counter();
            let monotonic = self.source.monotonic();
            let system = self.source.system();
            let after = self.source.counter();
            let between = after.wrapping_sub(before);
            if between < best {
                best = between;
                self.compared = after;
                offset = difference(monotonic, before.wrapping_add(between / 2));
                ahead = difference(system, monotonic);
            }
            if best < AT_ONCE {
                break;
            }
        }
        // A difference smaller than the reading took is no better than the value known before.
        for (known, found) in [(&mut self.offset, offset), (&mut self.ahead, ahead)] {
            if known.abs_diff(found) > best {
                *known = found;
            }
        }
    }
}

impl Moment {
    /// The end of something that ends now and began at this moment.
    #[inline]
    pub(super) fn end<S: Source>(&self, clock: &mut Clock<S>) -> u64 {
        // The other thread's reading of the clock may be later by a little.
        let elapsed = clock.monotonic().saturating_sub(self.monotonic);
        self.system.saturating_add(elapsed)
    }

    /// The time to use in place of `time`, which somebody gave for something after this moment. It is
    /// taken as it is, unless it was just read and the system's clock has been set since the start:
    /// OpenTelemetry reads that clock for everybody who gives no time.
    pub(super) fn given<S: Source>(&self, clock: &mut Clock<S>, time: u64) -> u64 {
        let now = self.end(clock);
        if time.abs_diff(now) > TRUST && time.abs_diff(clock.source.system()) <= TRUST {
            now
        } else {
            time
        }
    }
}

/// `a - b`, which fits for any two times of a machine.
fn difference(a: u64, b: u64) -> i64 {
    a.wrapping_sub(b).cast_signed()
}

/// What there is to read, each in nanoseconds.
pub(super) trait Source {
    /// Quick to read, and runs nearly at the speed of the monotonic clock.
    fn counter(&self) -> u64;
    /// Nanoseconds since a moment that is the same for all threads. This clock is never set.
    fn monotonic(&self) -> u64;
    /// Since the Unix epoch; zero before.
    fn system(&self) -> u64;
}

/// The clocks of this machine.
pub(super) struct System {
    /// Converts the counter to nanoseconds; `None` where the counter cannot be relied on.
    anchor: Option<Anchor>,
}

/// Without an invariant counter, `fastant` reads the system's clock, which may be set. And an `Anchor`
/// panics if that clock is before 1970, or near the end of what it can hold.
fn anchor() -> Option<Anchor> {
    let year = Duration::from_secs(365 * 24 * 60 * 60);
    let likely = UNIX_EPOCH + year..UNIX_EPOCH + 200 * year;
    if !fastant::is_tsc_available() || !likely.contains(&SystemTime::now()) {
        return None;
    }
    // It reads the clock again, which may have been set meanwhile.
    caught(Anchor::new).ok()
}

/// The zero of the monotonic clock: a moment before the process's first reading, so that a reading is
/// never zero.
static ORIGIN: LazyLock<time::Instant> = LazyLock::new(time::Instant::now);

impl Source for System {
    #[inline]
    fn counter(&self) -> u64 {
        match &self.anchor {
            Some(anchor) => fastant::Instant::now().as_unix_nanos(anchor),
            None => self.monotonic(),
        }
    }

    fn monotonic(&self) -> u64 {
        whole(ORIGIN.elapsed())
    }

    fn system(&self) -> u64 {
        #[cfg(test)]
        let set = tests::SET.get();
        #[cfg(not(test))]
        let set = 0;
        nanoseconds(SystemTime::now()).saturating_add_signed(set)
    }
}

/// All of its nanoseconds; a `u64` of them holds five centuries.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "no process runs for five centuries")]
fn whole(time: Duration) -> u64 {
    time.as_nanos() as u64
}

#[cfg(test)]
pub(super) mod tests;
