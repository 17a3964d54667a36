//! What becomes of traces that meet a condition?

use super::trace_condition::{TraceCondition, TraceTest};

/// A condition, and how many of the traces that meet it are kept: all, a share, or so many a second.
///
/// What a share or a rate leaves is handed to the next rule.
#[derive(Clone, Debug, PartialEq)]
pub struct TailRule {
    pub(crate) name: Option<String>,
    pub(crate) condition: TraceTest,
    pub(crate) limit: Limit,
}

/// How many of those that meet the condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Limit {
    All,
    Ratio(f64),
    Spans(RateLimit),
    Bytes(RateLimit),
}

/// The rules, as they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Written {
    pub(crate) drop: Vec<TailRule>,
    pub(crate) keep: Vec<TailRule>,
}

impl TailRule {
    /// Traces that meet this, all of them unless more is said.
    pub fn of(condition: impl Into<TraceCondition>) -> Self {
        TailRule { name: None, condition: condition.into().0, limit: Limit::All }
    }

    /// All traces that no rule before this one has kept.
    #[must_use]
    pub fn rest() -> Self {
        TailRule { name: None, condition: TraceTest::Always, limit: Limit::All }
    }

    /// By which name the counters know it: 1 to 40 letters, digits, `_`, `-` and `.`. Without one it is called
    /// by what it looks at, such as `error` or `ratio`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Of them this share, from 0 to 1, by the trace's random bits: every service keeps the same traces, and what
    /// is kept at 0.01 is kept at 0.1 too.
    #[must_use]
    pub fn ratio(mut self, ratio: f64) -> Self {
        self.limit = Limit::Ratio(ratio);
        self
    }

    /// Of them so many that they have this number of spans a second.
    #[must_use]
    pub fn spans_per_second(mut self, limit: impl Into<RateLimit>) -> Self {
        self.limit = Limit::Spans(limit.into());
        self
    }

    /// Of them so many that they take this number of bytes a second, as they are sent.
    #[must_use]
    pub fn bytes_per_second(mut self, limit: impl Into<RateLimit>) -> Self {
        self.limit = Limit::Bytes(limit.into());
        self
    }
}

/// So many spans or bytes a second, by a token bucket that is full at the start.
///
/// A trace is kept if the bucket has as many tokens as it has spans, or bytes. One that is larger than the bucket
/// would never be kept: unless [`refuse_larger`](RateLimit::refuse_larger) says so, it is kept when the bucket is
/// full, at a debt that is paid off before the next one. So in the long run the rate holds either way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    pub(crate) per_second: f64,
    pub(crate) burst: Option<f64>,
    pub(crate) larger: Larger,
}

/// What becomes of a trace that is larger than the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Larger {
    Debt,
    Refused,
}

impl RateLimit {
    /// So many a second, more than 0, up to 1,000,000,000.
    #[must_use]
    pub fn per_second(per_second: f64) -> Self {
        RateLimit { per_second, burst: None, larger: Larger::Debt }
    }

    /// So many tokens the bucket holds, at least one. By default as many as come in two seconds.
    #[must_use]
    pub fn burst(mut self, burst: f64) -> Self {
        self.burst = Some(burst);
        self
    }

    /// A trace that is larger than the bucket is never kept, as in the Collector, and counted as `larger_than_burst`.
    #[must_use]
    pub fn refuse_larger(mut self) -> Self {
        self.larger = Larger::Refused;
        self
    }

    pub(crate) fn tokens(&self) -> f64 {
        self.burst.unwrap_or(2.0 * self.per_second).max(1.0)
    }
}

impl From<f64> for RateLimit {
    fn from(per_second: f64) -> Self {
        RateLimit::per_second(per_second)
    }
}
