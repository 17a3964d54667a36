//! Which samplers have a name in `OTEL_TRACES_SAMPLER`?

use std::fmt;

/// The six samplers of the OpenTelemetry specification.
///
/// The ones that are *parent-based* ask only about traces that begin here: a span with a parent,
/// local or remote, follows the parent's decision, so that a trace is whole or not there at all.
/// The rest decide about each span anew.
///
/// Specification: [Built-in samplers](https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Sampler {
    /// Every span; `always_on`.
    AlwaysOn,
    /// No span; `always_off`.
    AlwaysOff,
    /// This share of all traces, from 0 to 1, chosen by trace id; `traceidratio`.
    TraceIdRatio(f64),
    /// Every trace that begins here; `parentbased_always_on`, the default.
    #[default]
    ParentBasedAlwaysOn,
    /// Only what a parent asks for; `parentbased_always_off`.
    ParentBasedAlwaysOff,
    /// This share of the traces that begin here, from 0 to 1; `parentbased_traceidratio`.
    ParentBasedTraceIdRatio(f64),
}

/// As it is written in `OTEL_TRACES_SAMPLER`, followed by its argument.
impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sampler::AlwaysOn => f.write_str("always_on"),
            Sampler::AlwaysOff => f.write_str("always_off"),
            Sampler::TraceIdRatio(ratio) => write!(f, "traceidratio {ratio}"),
            Sampler::ParentBasedAlwaysOn => f.write_str("parentbased_always_on"),
            Sampler::ParentBasedAlwaysOff => f.write_str("parentbased_always_off"),
            Sampler::ParentBasedTraceIdRatio(ratio) => {
                write!(f, "parentbased_traceidratio {ratio}")
            }
        }
    }
}

impl Sampler {
    /// The share of traces that the sampler was given, if it takes one.
    pub(crate) fn ratio(self) -> Option<f64> {
        match self {
            Sampler::TraceIdRatio(ratio) | Sampler::ParentBasedTraceIdRatio(ratio) => Some(ratio),
            Sampler::AlwaysOn
            | Sampler::AlwaysOff
            | Sampler::ParentBasedAlwaysOn
            | Sampler::ParentBasedAlwaysOff => None,
        }
    }
}
