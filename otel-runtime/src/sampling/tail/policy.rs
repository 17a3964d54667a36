//! How is a policy put together?

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::super::error::SamplerError;
use super::check::check;
use super::decide::{Checked, Decision};
use super::rule::{TailRule, Written};
use super::seen::{FinishedSpan, Totals};
use super::trace_condition::TraceCondition;

/// Which traces are kept, once they are over: see [the module](super).
///
/// A clone shares the buckets of rates; [`builder`](TailPolicy::builder) makes new ones. `Display` writes the text
/// that `OTEL_TRACED_TAIL` takes.
#[derive(Clone, Debug)]
pub struct TailPolicy {
    written: Arc<Written>,
    checked: Arc<Checked>,
}

impl TailPolicy {
    /// Without any rule yet.
    pub fn builder() -> TailPolicyBuilder {
        TailPolicyBuilder { written: Written::default() }
    }

    /// What becomes of a trace. `now` is the time since any moment, always the same.
    pub(crate) fn decide<S: FinishedSpan>(
        &self,
        spans: &(impl Iterator<Item = S> + Clone),
        totals: &Totals,
        now: Duration,
    ) -> Decision {
        self.checked.decide(spans, totals, now)
    }

    /// The names of all reasons for which this policy keeps or drops: a few, and without any value of a span.
    pub(crate) fn reasons(&self) -> &[String] {
        &self.checked.reasons
    }

    pub(crate) fn written(&self) -> &Written {
        &self.written
    }
}

/// Two policies are the same if they say the same, whatever is left in their buckets.
impl PartialEq for TailPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// As it is written in `OTEL_TRACED_TAIL`.
impl fmt::Display for TailPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

/// Takes the rules of a [`TailPolicy`], in their order.
#[derive(Clone, Debug)]
#[must_use = "the policy is made by `build`"]
pub struct TailPolicyBuilder {
    written: Written,
}

impl TailPolicyBuilder {
    /// Drops traces that meet this, whatever any rule would keep.
    pub fn drop_if(self, condition: impl Into<TraceCondition>) -> Self {
        self.drop_rule(TailRule::of(condition))
    }

    /// As [`drop_if`](TailPolicyBuilder::drop_if), by a name of its own. The rule has neither a share nor a rate.
    pub fn drop_rule(mut self, rule: TailRule) -> Self {
        self.written.drop.push(rule);
        self
    }

    /// Keeps traces that meet this.
    pub fn keep_if(self, condition: impl Into<TraceCondition>) -> Self {
        self.keep(TailRule::of(condition))
    }

    /// Keeps what this rule takes.
    pub fn keep(mut self, rule: TailRule) -> Self {
        self.written.keep.push(rule);
        self
    }

    /// Checks the rules.
    ///
    /// # Errors
    ///
    /// There are more than 64 rules, or none by which a trace is kept; a rule has an empty list, a bound of zero, a
    /// number out of range, conditions that contradict each other or are deeper than 16 in each other, a pattern
    /// that cannot be matched in one pass; or it stands behind one that takes all its traces. The error's field
    /// says where, as in `keep[1].slower`.
    pub fn build(self) -> Result<TailPolicy, SamplerError> {
        let TailPolicyBuilder { written } = self;
        let checked = check(&written)?;
        Ok(TailPolicy { written: Arc::new(written), checked: Arc::new(checked) })
    }
}
