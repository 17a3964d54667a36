//! How long has a processor worked? Pauses do not count.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// For this thread, since it began.
#[must_use]
pub fn of_thread() -> Duration {
    duration(clock_gettime(ClockId::ThreadCPUTime))
}

/// For all threads of this process, since it began.
#[must_use]
pub fn of_process() -> Duration {
    duration(clock_gettime(ClockId::ProcessCPUTime))
}

fn duration(time: Timespec) -> Duration {
    Duration::try_from(time).expect("these clocks begin at zero")
}
