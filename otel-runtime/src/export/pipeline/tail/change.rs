//! What changes in the trace state of a span that is kept?

use crate::record::{Fields, Span};
use crate::sampling::Threshold;
use crate::sampling::tail::{ThresholdChange, with_threshold};

/// The same for all spans of a trace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) threshold: ThresholdChange,
    /// The threshold of a trace that begins here and has none, where it is known.
    pub(super) implied: Option<Threshold>,
}

impl Change {
    /// The fields of the span as they are to be; `None` if they stay as they are.
    pub(super) fn of(self, span: Span<'_>) -> Option<Fields> {
        let change = match self.threshold {
            ThresholdChange::AsItWas => return None,
            // The head has not chosen it, so nobody knows for how many it stands.
            _ if !span.finished.trace_flags.is_sampled() => ThresholdChange::Removed,
            change => change,
        };
        let state = with_threshold(span.trace_state(), change, self.implied)?;
        Some(span.with_trace_state(&state))
    }
}
