//! What does a decision mean for the trace state?

use opentelemetry::TraceId;
use opentelemetry::trace::TraceState;

use super::super::ot;
use super::super::threshold::{Randomness, Threshold};

/// What becomes of the `th` of a trace that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThresholdChange {
    /// It stays the head's: the trace was kept for what it is, so it stands for as many as the head says.
    AsItWas,
    /// It becomes the stricter one of both.
    Stricter(Threshold),
    /// It is removed: for how many traces one that was within a rate stands, nobody knows.
    Removed,
}

/// The random bits of a trace: the `rv` of its trace state, or those of its id.
pub(crate) fn randomness(trace_id: TraceId, trace_state: &str) -> Randomness {
    parsed(trace_state).and_then(|state| ot::read(&state).randomness).unwrap_or(trace_id.into())
}

/// The trace state of a span of a kept trace, as it is written in a header; `None` if it stays as it is.
///
/// `implied` is the threshold of a trace whose state has none, where it is known: 0 of one that begins here, with a
/// sampler that keeps all and does not say so. Where it is not known, none is written: no number is better than a
/// wrong one.
pub(crate) fn with_threshold(
    trace_state: &str,
    change: ThresholdChange,
    implied: Option<Threshold>,
) -> Option<String> {
    let state = parsed(trace_state)?;
    let before = ot::read(&state).threshold;
    let after = match change {
        ThresholdChange::AsItWas => return None,
        ThresholdChange::Stricter(threshold) => before.or(implied).map(|it| it.max(threshold)),
        ThresholdChange::Removed => None,
    };
    (before != after).then(|| ot::with_threshold(&state, after).header())
}

fn parsed(trace_state: &str) -> Option<TraceState> {
    if trace_state.is_empty() { Some(TraceState::NONE) } else { trace_state.parse().ok() }
}
