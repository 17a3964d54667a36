//! Which traces are kept once they are over, and how much may be held until then? These settings are checked.

use std::time::Duration;

use crate::sampling::Threshold;
use crate::sampling::tail::{Recording, TailPolicy};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tail {
    pub(crate) policy: TailPolicy,
    /// How many bytes the spans of undecided traces may take; beyond, the oldest trace is decided.
    pub(crate) max_bytes: usize,
    /// How many bytes those of one trace may take; beyond, it is decided. At most `max_bytes`.
    pub(crate) max_trace_bytes: usize,
    /// How long a trace stays undecided at most, from its first span on.
    pub(crate) max_duration: Duration,
    /// How long nothing has to happen before a trace without an open span is over.
    pub(crate) grace: Duration,
    /// How many decisions are remembered for spans that end later.
    pub(crate) remembered: usize,
    pub(crate) recording: Recording,
    /// The threshold of traces that begin here and have none in their trace state: 0, where the head's sampler
    /// keeps all of them and does not say so.
    pub(crate) implied: Option<Threshold>,
}
