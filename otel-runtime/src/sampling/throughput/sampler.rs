//! What may a target be, and whom does it decide about?

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use opentelemetry::Key;

use super::super::clock::Clock;
use super::super::composite::{Candidate, ComposableSampler, SamplingIntent, as_its_parent};
use super::super::error::SamplerError;
use super::super::reads::AttributesRead;
use super::key::KeyParts;
use super::state::State;
use crate::process::stderr;

const MAX_TARGET: f64 = 1e6;
const MIN_INTERVAL: Duration = Duration::from_millis(100);
const MAX_INTERVAL: Duration = Duration::from_secs(3600);
const MOST_KEYS: usize = 10_000;

/// Keeps about so many traces or spans a second, whatever the traffic; what is kept says in its `th` for how many
/// it stands.
///
/// How often each key occurs is averaged over intervals, of which the last counts most, and the target is shared
/// out: what is rare is kept rather than what is frequent. Without a key, all traces are kept with the same
/// probability. If traffic changes tenfold, then after three intervals what is kept is within a tenth of the
/// target, provided that it is some 2,000 in an interval; where a burst comes within one, shares are computed
/// anew at once. The first interval may keep a few times the target.
///
/// Traces that others began and sampled are continued whatever the target, and count against it. So it looks at
/// parents itself, and stands at the top: below [`ParentThreshold`](super::super::ParentThreshold) or in the rules
/// of one it does not see what is continued.
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::sampling::{HeadSampler, TargetThroughput};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = TargetThroughput::traces(100.0)?
///     .by_name()
///     .by_attribute("http.route")
///     .interval(Duration::from_secs(5))?;
/// # let _ = HeadSampler::from(sampler);
/// # Ok(())
/// # }
/// ```
///
/// A clone shares what was learned. Samplers that are made one by one, also with the same target, learn for
/// themselves.
#[derive(Clone, Debug)]
pub struct TargetThroughput {
    settings: Settings,
    state: Arc<State>,
    beyond: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
struct Settings {
    per_second: f64,
    unit: Unit,
    key: KeyParts,
    weight: f64,
    interval: Duration,
    most_keys: usize,
    clock: Clock,
}

/// What is to be so many a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Traces,
    Spans,
}

impl TargetThroughput {
    /// Keeps about so many traces a second, counted where they begin or enter this process.
    ///
    /// # Errors
    ///
    /// `per_second` is not more than 0, more than 1,000,000, or not a number.
    pub fn traces(per_second: f64) -> Result<Self, SamplerError> {
        TargetThroughput::new(per_second, Unit::Traces)
    }

    /// Keeps about so many spans a second, by how many a kept trace has here on average. The sampler is then
    /// asked about every span, also below a local parent.
    ///
    /// # Errors
    ///
    /// As [`traces`](TargetThroughput::traces).
    pub fn spans(per_second: f64) -> Result<Self, SamplerError> {
        TargetThroughput::new(per_second, Unit::Spans)
    }

    fn new(per_second: f64, unit: Unit) -> Result<Self, SamplerError> {
        if !(per_second > 0.0 && per_second <= MAX_TARGET) {
            let remedy = "write a number that is more than 0, up to 1000000";
            return Err(SamplerError::new("per_second", per_second, remedy));
        }
        Ok(Settings {
            per_second,
            unit,
            key: KeyParts::default(),
            weight: 0.8,
            interval: Duration::from_secs(10),
            most_keys: 500,
            clock: Clock::system(),
        }
        .sampler())
    }

    /// Tells traces apart by the name of the span that they begin with.
    #[must_use]
    pub fn by_name(mut self) -> Self {
        self.settings.key.name = true;
        self.settings.sampler()
    }

    /// Tells traces apart by this attribute of the span that they begin with, beside others.
    #[must_use]
    pub fn by_attribute(mut self, key: impl Into<Key>) -> Self {
        self.settings.key.attributes.push(key.into());
        self.settings.sampler()
    }

    /// How much the last interval counts beside all before it, more than 0 up to 1; 0.8 by default.
    ///
    /// # Errors
    ///
    /// `weight` is out of range, or not a number.
    pub fn weight(mut self, weight: f64) -> Result<Self, SamplerError> {
        if !(weight > 0.0 && weight <= 1.0) {
            let remedy = "write a number that is more than 0, up to 1, such as 0.8";
            return Err(SamplerError::new("weight", weight, remedy));
        }
        self.settings.weight = weight;
        Ok(self.settings.sampler())
    }

    /// How long is counted until the shares are computed anew, from 100 ms to an hour; 10 s by default.
    ///
    /// # Errors
    ///
    /// `interval` is out of range.
    pub fn interval(mut self, interval: Duration) -> Result<Self, SamplerError> {
        if !(MIN_INTERVAL..=MAX_INTERVAL).contains(&interval) {
            let remedy = "write a time from 100 ms to an hour, such as 10 s";
            return Err(SamplerError::new("interval", format_args!("{interval:?}"), remedy));
        }
        self.settings.interval = interval;
        Ok(self.settings.sampler())
    }

    /// How many keys have shares of their own at most, from 1 to 10,000; 500 by default. The others share one, as do
    /// those that have not yet occurred in two intervals on end. Each takes 128 to 256 bytes, from the start.
    ///
    /// # Errors
    ///
    /// `most` is out of range.
    pub fn max_keys(mut self, most: usize) -> Result<Self, SamplerError> {
        if !(1..=MOST_KEYS).contains(&most) {
            let remedy = "write a number from 1 to 10000, such as 500";
            return Err(SamplerError::new("max_keys", most, remedy));
        }
        self.settings.most_keys = most;
        Ok(self.settings.sampler())
    }

    /// With this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self.settings.sampler()
    }

    /// How many traces shared one share because there were more keys than
    /// [`max_keys`](TargetThroughput::max_keys).
    #[must_use]
    pub fn beyond_max_keys(&self) -> u64 {
        self.beyond.load(Ordering::Relaxed)
    }

    #[cold]
    fn is_beyond(&self) {
        static TOLD: Once = Once::new();
        self.beyond.fetch_add(1, Ordering::Relaxed);
        TOLD.call_once(|| {
            let Settings { key, most_keys, .. } = &self.settings;
            stderr::warn(&format!(
                "there are more than {most_keys} keys in an interval of the sampler for a target \
                 throughput{}: those beyond share one share",
                key.description()
            ));
        });
    }
}

impl Settings {
    /// A sampler that has learned nothing yet.
    fn sampler(self) -> TargetThroughput {
        let Settings { per_second, key, weight, interval, most_keys, clock, .. } = &self;
        let has_keys = key.name || !key.attributes.is_empty();
        let most_keys = if has_keys { *most_keys } else { 0 };
        let now = clock.now();
        let state = State::new(*per_second, *interval, *weight, most_keys, now);
        TargetThroughput { settings: self, state: Arc::new(state), beyond: Arc::default() }
    }
}

impl ComposableSampler for TargetThroughput {
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        let TargetThroughput { settings, state, .. } = self;
        if let Some(parent) = span.parent() {
            if parent.is_sampled() && parent.is_remote() {
                state.continued.one_more();
            } else if parent.is_sampled() && settings.unit == Unit::Spans {
                state.children.one_more();
            }
            return as_its_parent(span, parent);
        }
        let key = settings.key.number(span);
        let (threshold, has_slot) = state.threshold(key, settings.clock.now());
        if !has_slot {
            self.is_beyond();
        }
        let Some(threshold) = threshold else { return SamplingIntent::drop() };
        if settings.unit == Unit::Spans && threshold.keeps(span.randomness()) {
            state.begun.one_more();
        }
        SamplingIntent::sample(threshold)
    }

    fn attributes_read(&self) -> AttributesRead {
        self.settings.key.attributes_read()
    }

    fn follows_local_parent(&self) -> bool {
        self.settings.unit == Unit::Traces
    }

    fn description(&self) -> String {
        let Settings { per_second, unit, key, .. } = &self.settings;
        let unit = if *unit == Unit::Traces { "traces" } else { "spans" };
        format!("TargetThroughput{{{per_second} {unit}/s{}}}", key.description())
    }
}
