//! Which traces are recorded?

mod guarded;
mod parent_based;

use std::fmt;

use opentelemetry_sdk::trace::{self as sdk, ShouldSample};

pub(crate) use guarded::panics;
pub(crate) use parent_based::ParentBased;

use guarded::Guarded;

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

/// The sampler that decides when a trace begins.
#[derive(Clone, Debug)]
pub(crate) enum Head {
    Standard(Sampler),
    Custom(Box<dyn ShouldSample>),
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

/// A sampler, and what we know about its behaviour.
#[derive(Clone, Debug)]
pub(crate) struct HeadSampler {
    pub(crate) sampler: Box<dyn ShouldSample>,
    /// A child of a local parent is sampled if the parent is, and not recorded if the parent is not: the
    /// sampler need not be asked.
    pub(crate) follows_local_parent: bool,
    /// Whether the sampler may read a span's attributes.
    pub(crate) reads_attributes: bool,
}

impl Head {
    pub(crate) fn build(self) -> HeadSampler {
        let parent_based = |root: sdk::Sampler| HeadSampler {
            sampler: Box::new(ParentBased::new(root)),
            follows_local_parent: true,
            reads_attributes: false,
        };
        let plain = |sampler: sdk::Sampler| HeadSampler {
            sampler: Box::new(sampler),
            follows_local_parent: false,
            reads_attributes: false,
        };
        match self {
            Head::Custom(sampler) => HeadSampler {
                sampler: Box::new(Guarded(sampler)),
                follows_local_parent: false,
                reads_attributes: true,
            },
            Head::Standard(sampler) => match sampler {
                Sampler::AlwaysOn => plain(sdk::Sampler::AlwaysOn),
                Sampler::AlwaysOff => plain(sdk::Sampler::AlwaysOff),
                Sampler::TraceIdRatio(ratio) => plain(sdk::Sampler::TraceIdRatioBased(ratio)),
                Sampler::ParentBasedAlwaysOn => parent_based(sdk::Sampler::AlwaysOn),
                Sampler::ParentBasedAlwaysOff => parent_based(sdk::Sampler::AlwaysOff),
                Sampler::ParentBasedTraceIdRatio(ratio) => {
                    parent_based(sdk::Sampler::TraceIdRatioBased(ratio))
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follows(head: Head) -> bool {
        head.build().follows_local_parent
    }

    #[test]
    fn only_what_follows_its_parent_need_not_be_asked() {
        for sampler in [
            Sampler::ParentBasedAlwaysOn,
            Sampler::ParentBasedAlwaysOff,
            Sampler::ParentBasedTraceIdRatio(0.5),
        ] {
            assert!(follows(Head::Standard(sampler)), "{sampler:?}");
        }
        for sampler in [Sampler::AlwaysOn, Sampler::AlwaysOff, Sampler::TraceIdRatio(0.5)] {
            assert!(!follows(Head::Standard(sampler)), "{sampler:?}");
        }
        let own = ParentBased {
            local_parent_not_sampled: Box::new(sdk::Sampler::AlwaysOn),
            ..ParentBased::new(sdk::Sampler::AlwaysOn)
        };
        assert!(!follows(Head::Custom(Box::new(own))));
    }
}
