//! What became of traces at the tail, in numbers?

use crate::sampling::tail::{Reason, TailPolicy};

/// What the tail has decided since the start, and what it holds.
#[derive(Clone, Debug, Default)]
pub(in crate::export::pipeline) struct Counts {
    /// Traces, by [reason](TailPolicy::reasons).
    kept: Vec<u64>,
    dropped: Vec<u64>,
    pub(super) early: Early,
    pub(super) late: Late,
    /// Spans of dropped traces, late ones included.
    pub(super) sampled_out: u64,
    pub(super) undecided: Undecided,
}

/// What the tail has decided, by reason, and what it holds: see
/// [`Telemetry::tail`](crate::Telemetry::tail).
///
/// A trace here is what this process has of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TailStats {
    /// Traces that were kept, by the name of the rule that took them. All names are there, in the order of the
    /// policy.
    pub kept: Vec<(String, u64)>,
    /// Traces that were dropped, by the name of the rule, or because none took them (`no_rule`), the share or rate
    /// of those that did was used up (`limited`), or a rate will never take one so large (`larger_than_burst`).
    pub dropped: Vec<(String, u64)>,
    /// Traces that were decided before they were over. Each is also in `kept` or `dropped`.
    pub early: Early,
    /// Spans that ended after their trace was decided. They follow that decision.
    pub late: Late,
    /// What is not decided yet, now.
    pub undecided: Undecided,
}

/// Traces that were decided before they were over, by why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Early {
    /// They were open for too long, or it could not be told whether they were over.
    pub too_long: u64,
    /// Their spans took too many bytes.
    pub too_large: u64,
    /// They were the oldest when all undecided traces together took too many bytes.
    pub memory_full: u64,
    /// A `flush_deciding` or a shutdown asked for it.
    pub asked: u64,
}

/// Spans that ended after their trace was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Late {
    /// Their trace was kept, and so are they.
    pub kept: u64,
    /// Their trace was dropped, and so are they.
    pub dropped: u64,
    /// How many of `dropped` have failed: the decision would have been another one for a policy that keeps errors.
    pub dropped_errors: u64,
}

/// What waits for a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undecided {
    /// Traces of which a span has begun here.
    pub traces: u64,
    /// Those of their spans that have ended.
    pub spans: u64,
    /// The memory that they take, in bytes, with what is kept and waits for the exporters.
    pub bytes: u64,
}

impl Counts {
    pub(super) fn keep(&mut self, reason: Reason) {
        count(&mut self.kept, reason);
    }

    pub(super) fn drop(&mut self, reason: Reason) {
        count(&mut self.dropped, reason);
    }

    pub(in crate::export::pipeline) fn sampled_out(&self) -> u64 {
        self.sampled_out
    }

    /// How many spans are not decided about.
    pub(in crate::export::pipeline) fn undecided(&self) -> u64 {
        self.undecided.spans
    }

    /// With the names that this policy has for its reasons.
    pub(in crate::export::pipeline) fn named(&self, policy: &TailPolicy) -> TailStats {
        let Counts { kept, dropped, early, late, sampled_out: _, undecided } = self;
        let named = |counts: &[u64]| {
            let names = policy.reasons().iter().enumerate();
            names.map(|(at, name)| (name.clone(), counts.get(at).copied().unwrap_or(0))).collect()
        };
        TailStats {
            kept: named(kept),
            dropped: named(dropped),
            early: *early,
            late: *late,
            undecided: *undecided,
        }
    }
}

fn count(counts: &mut Vec<u64>, reason: Reason) {
    let at = reason.index();
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}
