//! Which settings hold, and can they?

use std::time::Duration;

use super::describe::{Description, Origins};
use super::problems::Problems;
use super::processors::{self, Common};
use super::settings::{self, BatchSettings, Exporter, Settings};
use super::source::Given;
use super::{Config, Tracing, limits};
use crate::context::propagation::Propagator;
use crate::export::settings::Batching;
use crate::process::stderr::LogLevel;
use crate::sampling::{Head, Sampler};
use crate::setup::error::InitError;

/// Less would not hold a span with long attributes.
const MIN_BYTES: usize = 64 * 1024;
const DEFAULT_BYTES: usize = 16 * 1024 * 1024;

/// Beyond a million spans, or an hour, a setting is a mistake of units.
const MAX_SPANS: usize = 1_000_000;
const MAX_DURATION: Duration = Duration::from_secs(3600);

/// What is in place of a time-out that is zero: "no limit". Finite, so that it can be added to an instant.
pub(super) const NO_LIMIT: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How long the end of a program waits for its spans.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Checks what code and the environment said together.
///
/// # Errors
///
/// All `problems`: those found while the settings were read, and those found here.
pub(crate) fn resolve(settings: Settings, mut problems: Problems) -> Result<Config, InitError> {
    let mut origins = Origins::of(&settings);
    let Settings {
        disabled,
        no_color,
        system_roots,
        proxies,
        log_level,
        shutdown_timeout,
        service_name,
        resource,
        schema_url,
        propagators,
        sampler,
        filter,
        processors,
        otlp,
        batch,
        limits,
    } = settings;
    let problems = &mut problems;

    let propagators = propagators.map_or_else(|| Propagator::DEFAULT.to_vec(), |given| given.value);
    let is_off =
        |processor: &settings::Processor| matches!(processor.exporter.value, Exporter::Off);
    let tracing = if disabled.is_some_and(|given| given.value) || processors.iter().any(is_off) {
        None
    } else {
        let common = Common { otlp, batch, color_allowed: !no_color, system_roots, proxies };
        let service_name = self::service_name(service_name, problems);
        let sampler = self::sampler(sampler, problems);
        Some(Tracing {
            service_name,
            resource: resource.into_iter().map(|given| given.value).collect(),
            schema_url: schema_url.map(|given| given.value),
            sampler,
            filter: filter.map(|given| given.value),
            limits: limits::resolve(limits),
            processors: processors::resolve(processors, common, &mut origins, problems),
        })
    };

    let warnings = std::mem::take(problems).finish()?;
    let log_level = log_level.map_or_else(LogLevel::default, |given| given.value);
    let shutdown_timeout = shutdown_timeout.map_or(SHUTDOWN_TIMEOUT, |given| given.value);
    let description = Description::default();
    let mut config = Config { description, log_level, shutdown_timeout, propagators, tracing };
    config.description = origins.describe(&config, warnings);
    Ok(config)
}

fn service_name(given: Option<Given<String>>, problems: &mut Problems) -> Option<String> {
    let given = given?;
    if given.value.trim().is_empty() {
        problems.add(given.from, Some(given.value), "give the service a name, such as checkout");
        return None;
    }
    Some(given.value)
}

fn sampler(given: Option<Given<Head>>, problems: &mut Problems) -> Head {
    let Some(given) = given else { return Head::Standard(Sampler::default()) };
    if let Head::Standard(sampler) = given.value
        && let Some(ratio) = sampler.ratio()
        && !(0.0..=1.0).contains(&ratio)
    {
        let remedy = "write a number from 0 to 1, such as 0.25";
        problems.add(given.from, Some(ratio.to_string()), remedy);
    }
    given.value
}

pub(super) fn batch(given: BatchSettings, problems: &mut Problems) -> Batching {
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

/// Zero is as short as can be; a timer knows no less than a millisecond.
fn schedule_delay(given: Option<Given<Duration>>, problems: &mut Problems) -> Duration {
    let remedy = "write milliseconds from 0 to 3600000";
    let delay = duration(given, Duration::from_secs(5), remedy, problems);
    delay.max(Duration::from_millis(1))
}

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
fn duration(
    given: Option<Given<Duration>>,
    default: Duration,
    remedy: &'static str,
    problems: &mut Problems,
) -> Duration {
    let Some(given) = given else { return default };
    if given.value <= MAX_DURATION {
        return given.value;
    }
    // In the unit that the variable has.
    let milliseconds = given.value.as_millis().to_string();
    problems.add(given.from, Some(milliseconds), remedy);
    default
}
