//! What are other services told of a trace that is not decided yet?

use std::fmt;

/// What the head's sampler means for a trace that begins here, while it is not known whether it is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recording {
    /// It is recorded and sampled; `record_and_sample`, the default. Other services are told so, and send all of
    /// their spans of it: a trace that is kept here is whole, and for those that are not they pay all the same.
    #[default]
    RecordAndSample,
    /// It is recorded only; `record_only`. Other services are told that it is not sampled, and send nothing: a trace
    /// that is kept is whole in this process, and lacks the spans of those that it called.
    RecordOnly,
}

/// As it is written in `OTEL_TRACED_TAIL_RECORDING`.
impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Recording::RecordAndSample => "record_and_sample",
            Recording::RecordOnly => "record_only",
        })
    }
}
