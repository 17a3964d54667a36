//! How is no more kept than so many a second?

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::clock::Clock;
use super::composite::{Candidate, ComposableSampler, SamplingIntent};
use super::error::SamplerError;
use super::reads::AttributesRead;
use super::threshold::Threshold;

/// A 16th of a nanosecond: 36 years of them fit, and a limit of a million a second is kept to a part in
/// 16,000.
const TICKS_PER_NANOSECOND: u64 = 16;
const SECOND: u64 = 1_000_000_000 * TICKS_PER_NANOSECOND;

const MAX_LIMIT: f64 = 1e6;
/// Some two a year.
const MIN_LIMIT: f64 = 5e-8;

/// No more than so many a second, by a token bucket: it holds as many tokens as one second brings, but at
/// least one, and is full at the start. So after a quiet second, 100 calls at one instant are all kept at a
/// limit of 100.
///
/// It counts what it is asked about, and does not look at the parent: stand it below
/// [`ParentThreshold`](super::ParentThreshold), where it is asked about traces that begin here. For how many
/// spans one that is kept stands is not known, so it has no `th`;
/// [`TargetThroughput`](super::TargetThroughput) keeps about as many, and counts.
///
/// A clone shares the bucket. Samplers that are made one by one, also with the same limit, have one each.
///
/// ```
/// use otel_runtime::sampling::{ParentThreshold, RateLimiting};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = ParentThreshold::new(RateLimiting::new(0.1)?); // one in ten seconds
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimiting {
    bucket: Arc<Bucket>,
    clock: Clock,
}

/// The bucket as the moment at which it will be full again, in ticks since it was made: to take a token puts
/// that moment off by the time which brings one. So one number is all that changes.
///
/// ```text
///            │←──── capacity ────→│
/// ───────────┼──────────────┼─────┼──────→ time
///           now        full again   later than this it may not be: no token is left
/// ```
#[derive(Debug)]
struct Bucket {
    /// The clock when the bucket was made.
    origin: u64,
    full_at: AtomicU64,
    /// The time that brings a token. Rounded down, so that a whole number of them fits into a second.
    per_token: AtomicU64,
}

impl RateLimiting {
    /// Keeps up to `per_second` spans a second, from 0.00000005 to 1,000,000.
    ///
    /// # Errors
    ///
    /// `per_second` is out of range, or not a number. For none there is [`AlwaysOff`](super::AlwaysOff).
    pub fn new(per_second: f64) -> Result<Self, SamplerError> {
        let clock = Clock::system();
        let per_token = AtomicU64::new(per_token(per_second)?);
        let bucket = Bucket { origin: clock.now(), full_at: AtomicU64::new(0), per_token };
        Ok(RateLimiting { bucket: Arc::new(bucket), clock })
    }

    /// With this clock, and a full bucket of its own.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        let per_token = AtomicU64::new(self.bucket.per_token.load(Ordering::Relaxed));
        let bucket = Bucket { origin: clock.now(), full_at: AtomicU64::new(0), per_token };
        RateLimiting { bucket: Arc::new(bucket), clock }
    }

    /// Changes the limit, for the clones too. The tokens that were taken stay taken: where the limit is the
    /// same, nothing changes.
    ///
    /// # Errors
    ///
    /// As [`new`](RateLimiting::new); then the limit stays.
    pub fn set_limit(&self, per_second: f64) -> Result<(), SamplerError> {
        let per_token = per_token(per_second)?;
        let before = self.bucket.per_token.swap(per_token, Ordering::Relaxed);
        if before != per_token {
            self.bucket.change(self.now(), before, per_token);
        }
        Ok(())
    }

    #[inline]
    fn now(&self) -> u64 {
        let passed = self.clock.now().saturating_sub(self.bucket.origin);
        passed.saturating_mul(TICKS_PER_NANOSECOND)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "16,000 to 2⁶⁰")]
fn per_token(per_second: f64) -> Result<u64, SamplerError> {
    if !(MIN_LIMIT..=MAX_LIMIT).contains(&per_second) {
        let remedy = "write a number of traces a second that is more than 0, up to 1000000";
        return Err(SamplerError::new("per_second", per_second, remedy));
    }
    Ok((1e9 * 16.0 / per_second) as u64)
}

impl Bucket {
    /// Takes a token, if there is one.
    #[inline]
    fn take(&self, now: u64) -> bool {
        let per_token = self.per_token.load(Ordering::Relaxed);
        let latest = now.saturating_add(capacity(per_token));
        self.full_at
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
                Some(full_at.max(now).saturating_add(per_token)).filter(|next| *next <= latest)
            })
            .is_ok()
    }

    /// As many tokens are missing after the change as before.
    fn change(&self, now: u64, before: u64, per_token: u64) {
        let changed = |full_at: u64| {
            let missing = u128::from(full_at.saturating_sub(now)) * u128::from(per_token);
            let missing = u64::try_from(missing / u128::from(before)).unwrap_or(u64::MAX);
            now.saturating_add(missing.min(capacity(per_token)))
        };
        let mut known = self.full_at.load(Ordering::Relaxed);
        while let Err(other) = self.full_at.compare_exchange_weak(
            known,
            changed(known),
            Ordering::Relaxed,
            Ordering::Relaxed,
        ) {
            known = other;
        }
    }
}

/// The time that fills an empty bucket.
#[inline]
fn capacity(per_token: u64) -> u64 {
    per_token.max(SECOND)
}

impl ComposableSampler for RateLimiting {
    #[inline]
    fn sampling_intent<'a>(&'a self, _: &Candidate<'_>) -> SamplingIntent<'a> {
        if self.bucket.take(self.now()) {
            SamplingIntent::sample_uncounted(Threshold::ALWAYS)
        } else {
            SamplingIntent::drop()
        }
    }

    fn attributes_read(&self) -> AttributesRead {
        AttributesRead::None
    }

    fn description(&self) -> String {
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let per_second = SECOND as f64 / self.bucket.per_token.load(Ordering::Relaxed) as f64;
        // What was rounded down is not told.
        format!("RateLimiting{{{}}}", (per_second * 1e6).round() / 1e6)
    }
}

#[cfg(test)]
mod tests;
