//! Is a trace kept, and why?

use std::time::Duration;

use super::super::threshold::Threshold;
use super::bucket::{Answer, Bucket};
use super::matcher::TraceMatcher;
use super::seen::{FinishedSpan, Totals};
use super::state::ThresholdChange;

/// What becomes of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Keep { reason: Reason, threshold: ThresholdChange },
    Drop { reason: Reason },
}

/// Why, as an index of [`reasons`](super::TailPolicy::reasons).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reason(u16);

impl Reason {
    pub(crate) fn index(self) -> usize {
        self.0.into()
    }

    fn at(index: usize) -> Reason {
        Reason(u16::try_from(index).unwrap_or(u16::MAX))
    }
}

/// The reasons that every policy has: no rule took the trace; or one would have, but for its share or its rate; or a
/// rate will never take one so large.
pub(super) const OF_ALL: [&str; 3] = ["no_rule", "limited", "larger_than_burst"];
const NO_RULE: Reason = Reason(0);
const LIMITED: Reason = Reason(1);
const LARGER_THAN_BURST: Reason = Reason(2);

/// A policy that was checked.
#[derive(Debug)]
pub(super) struct Checked {
    /// Those of all policies, then the names of what drops, then of what keeps.
    pub(super) reasons: Vec<String>,
    pub(super) drop: Vec<TraceMatcher>,
    pub(super) keep: Vec<(TraceMatcher, Allowance)>,
}

/// How many of those that meet a condition are kept.
#[derive(Debug)]
pub(super) enum Allowance {
    All,
    None,
    Share(Threshold),
    Spans(Bucket),
    Bytes(Bucket),
}

impl Checked {
    /// `now` is the time since any moment, always the same.
    pub(super) fn decide<S: FinishedSpan>(
        &self,
        spans: &(impl Iterator<Item = S> + Clone),
        totals: &Totals,
        now: Duration,
    ) -> Decision {
        if let Some(at) = self.drop.iter().position(|it| it.is_met(spans, totals)) {
            return Decision::Drop { reason: Reason::at(OF_ALL.len() + at) };
        }
        let mut why_not = NO_RULE;
        for (at, (condition, allowance)) in self.keep.iter().enumerate() {
            if !condition.is_met(spans, totals) {
                continue;
            }
            let answer = match allowance {
                Allowance::All => Ok(ThresholdChange::AsItWas),
                Allowance::Share(threshold) if threshold.keeps(totals.randomness) => {
                    Ok(ThresholdChange::Stricter(*threshold))
                }
                Allowance::Share(_) | Allowance::None => Err(LIMITED),
                Allowance::Spans(bucket) => taken(bucket.take(totals.spans, now)),
                Allowance::Bytes(bucket) => taken(bucket.take(totals.bytes, now)),
            };
            match answer {
                Ok(threshold) => {
                    let reason = Reason::at(OF_ALL.len() + self.drop.len() + at);
                    return Decision::Keep { reason, threshold };
                }
                Err(reason) => why_not = reason,
            }
        }
        Decision::Drop { reason: why_not }
    }
}

fn taken(answer: Answer) -> Result<ThresholdChange, Reason> {
    match answer {
        Answer::Taken => Ok(ThresholdChange::Removed),
        Answer::TooFew => Err(LIMITED),
        Answer::LargerThanBurst => Err(LARGER_THAN_BURST),
    }
}
