//! How do samplers know how much time has passed?

use std::fmt;
use std::sync::Arc;
use std::time::{self, Duration};

/// The clock of a sampler: by default one that is never set and quick to read. A test or a simulation gives
/// its own.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
/// use otel_runtime::sampling::{Clock, RateLimiting};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let seconds = Arc::new(AtomicU64::new(0));
/// let clock = {
///     let seconds = seconds.clone();
///     Clock::of(move || Duration::from_secs(seconds.load(Ordering::Relaxed)))
/// };
/// let sampler = RateLimiting::new(5.0)?.with_clock(clock);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    /// The processor's counter, where it can be relied on: a third of the time that the system takes.
    Counter(fastant::Instant),
    System(time::Instant),
    Given(Arc<dyn Fn() -> Duration + Send + Sync>),
}

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Clock(if fastant::is_tsc_available() {
            Source::Counter(fastant::Instant::now())
        } else {
            Source::System(time::Instant::now())
        })
    }

    /// One that says how much time has passed since any moment, always the same. If it goes back, no time
    /// has passed.
    pub fn of(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Clock(Source::Given(Arc::new(now)))
    }

    /// In nanoseconds, of which a number holds five centuries.
    #[inline]
    pub(super) fn now(&self) -> u64 {
        let now = match &self.0 {
            Source::Counter(origin) => origin.elapsed(),
            Source::System(origin) => origin.elapsed(),
            Source::Given(now) => now(),
        };
        now.as_secs().saturating_mul(1_000_000_000).saturating_add(now.subsec_nanos().into())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Counter(_) | Source::System(_) => "Clock::system",
            Source::Given(_) => "Clock::of",
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A time that goes on when a test says so.
    #[derive(Clone, Debug, Default)]
    pub(in crate::sampling) struct Simulated(Arc<AtomicU64>);

    impl Simulated {
        pub(in crate::sampling) fn clock(&self) -> Clock {
            let now = self.0.clone();
            Clock::of(move || Duration::from_nanos(now.load(Ordering::Relaxed)))
        }

        pub(in crate::sampling) fn set(&self, now: Duration) {
            let now = u64::try_from(now.as_nanos()).expect("of a simulation");
            self.0.store(now, Ordering::Relaxed);
        }

        pub(in crate::sampling) fn pass(&self, time: Duration) {
            let time = u64::try_from(time.as_nanos()).expect("of a simulation");
            self.0.fetch_add(time, Ordering::Relaxed);
        }
    }
}
