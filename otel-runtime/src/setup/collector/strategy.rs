//! When does the second tier decide?

/// When the second tier decides: `sampling_strategy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// Once, after the decision wait; `trace-complete`, the default.
    #[default]
    TraceComplete,
    /// With every batch of spans that comes, and what is not kept by the end of the decision wait is dropped;
    /// `span-ingest`. A trace is sent on as soon as a rule is met, and takes less memory. Rates and upper bounds, which
    /// need the whole trace, cannot be used.
    SpanIngest,
}
