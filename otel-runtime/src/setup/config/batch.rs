//! How many spans wait, and how long, before they are sent?

use std::time::Duration;

use super::durations::{duration, timeout};
use super::problems::Problems;
use super::settings::BatchSettings;
use super::source::Given;
use crate::export::settings::Batching;

/// Fewer bytes would not hold one span with long attributes.
const MIN_BYTES: usize = 64 * 1024;
const DEFAULT_BYTES: usize = 16 * 1024 * 1024;

/// For more than a million spans, the number was probably meant in another unit.
const MAX_SPANS: usize = 1_000_000;

pub(super) fn resolve(given: BatchSettings, problems: &mut Problems) -> Batching {
    let BatchSettings {
        max_queue_size,
        max_queue_bytes,
        max_export_batch_size,
        schedule_delay,
        export_timeout,
    } = given;
    let max_queue_size = spans(max_queue_size, problems).unwrap_or(2048);
    let max_export_batch_size = match spans_from(max_export_batch_size, problems) {
        Some(given) if given.value > max_queue_size => {
            let remedy = format!(
                "a batch cannot be larger than the queue: write a number from 1 to {max_queue_size}, \
                 or make the queue larger",
            );
            problems.add(given.from, Some(given.value.to_string()), remedy);
            max_queue_size
        }
        Some(given) => given.value,
        None => max_queue_size.min(512),
    };
    Batching {
        max_queue_size,
        max_queue_bytes: bytes(max_queue_bytes, problems),
        max_export_batch_size,
        schedule_delay: self::schedule_delay(schedule_delay, problems),
        export_timeout: timeout(export_timeout, Duration::from_secs(30), problems),
    }
}

fn spans(given: Option<Given<usize>>, problems: &mut Problems) -> Option<usize> {
    spans_from(given, problems).map(|given| given.value)
}

fn spans_from(given: Option<Given<usize>>, problems: &mut Problems) -> Option<Given<usize>> {
    let given = given?;
    if (1..=MAX_SPANS).contains(&given.value) {
        return Some(given);
    }
    let remedy = format!("write a number of spans from 1 to {MAX_SPANS}");
    problems.add(given.from, Some(given.value.to_string()), remedy);
    None
}

fn bytes(given: Option<Given<usize>>, problems: &mut Problems) -> usize {
    let Some(given) = given else { return DEFAULT_BYTES };
    if given.value < MIN_BYTES {
        let remedy = format!("write a number of bytes that is at least {MIN_BYTES}");
        problems.add(given.from, Some(given.value.to_string()), remedy);
    }
    given.value
}

/// Zero means as soon as possible, which for a timer is a millisecond.
fn schedule_delay(given: Option<Given<Duration>>, problems: &mut Problems) -> Duration {
    let remedy = "write milliseconds from 0 to 3600000";
    let delay = duration(given, Duration::from_secs(5), remedy, problems);
    delay.max(Duration::from_millis(1))
}
