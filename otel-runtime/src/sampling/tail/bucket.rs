//! Are there enough tokens for a trace?

use std::sync::Mutex;
use std::time::Duration;

use super::rule::{Larger, RateLimit};
use crate::process::lock::lock;

/// A token bucket whose tokens may be owed.
#[derive(Debug)]
pub(super) struct Bucket {
    per_second: f64,
    capacity: f64,
    larger: Larger,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// Less than 0 while a trace is paid for that was larger than the bucket.
    tokens: f64,
    /// The time of the last trace; none before the first.
    at: Option<Duration>,
}

/// What a bucket says to a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Taken,
    TooFew,
    /// There will never be enough.
    LargerThanBurst,
}

impl Bucket {
    pub(super) fn new(limit: &RateLimit) -> Bucket {
        let RateLimit { per_second, burst: _, larger } = *limit;
        let capacity = limit.tokens();
        let state = Mutex::new(State { tokens: capacity, at: None });
        Bucket { per_second, capacity, larger, state }
    }

    /// Takes what a trace costs. `now` is the time since any moment; if it goes back, no time has passed.
    #[expect(clippy::cast_precision_loss, reason = "what is lost of 2⁵³ tokens is none")]
    pub(super) fn take(&self, cost: u64, now: Duration) -> Answer {
        let cost = cost as f64;
        if cost > self.capacity && self.larger == Larger::Refused {
            return Answer::LargerThanBurst;
        }
        // Traces are decided by one thread, so nobody waits here.
        let Some(mut state) = lock(&self.state) else { return Answer::TooFew };
        let passed = state.at.map_or(Duration::ZERO, |before| now.saturating_sub(before));
        state.tokens = (state.tokens + passed.as_secs_f64() * self.per_second).min(self.capacity);
        state.at = state.at.max(Some(now));
        if state.tokens < cost.min(self.capacity) {
            return Answer::TooFew;
        }
        state.tokens -= cost;
        Answer::Taken
    }
}
