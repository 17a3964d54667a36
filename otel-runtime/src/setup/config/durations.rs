//! How long may something take?

use std::time::Duration;

use super::problems::Problems;
use super::source::Given;

/// For more than an hour, the number was probably meant in another unit.
const MAX: Duration = Duration::from_secs(3600);

/// Stands for a timeout of zero, "no limit". Finite, so that it can be added to an `Instant`.
pub(super) const NO_LIMIT: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How long something may take at most. "A value of 0 indicates no limit."
pub(super) fn timeout(
    given: Option<Given<Duration>>,
    default: Duration,
    problems: &mut Problems,
) -> Duration {
    let remedy = "write milliseconds from 1 to 3600000, or 0 for no limit";
    match duration(given, default, remedy, problems) {
        Duration::ZERO => NO_LIMIT,
        timeout => timeout.max(Duration::from_millis(1)),
    }
}

/// `given` if it is in range, else `default`.
pub(super) fn duration(
    given: Option<Given<Duration>>,
    default: Duration,
    remedy: &'static str,
    problems: &mut Problems,
) -> Duration {
    let Some(given) = given else { return default };
    if given.value <= MAX {
        return given.value;
    }
    // In milliseconds, as the variable is.
    let milliseconds = given.value.as_millis().to_string();
    problems.add(given.from, Some(milliseconds), remedy);
    default
}
