//! Which traces are recorded?
//!
//! | sampler | keeps |
//! | --- | --- |
//! | [`Sampler`] | the six of the specification: all, none, a share, and these only where a trace begins |
//! | [`ProbabilitySampler`] | a share, and says in the trace state for how many a kept trace stands |
//! | [`ParentBased`] | what its root does, or another one for each kind of parent |
//! | [`AlwaysRecord`] | as another one does; what that drops is recorded, but not exported |
//! | [`CompositeSampler`] | what a tree of [`ComposableSampler`]s would like |
//!
//! To be put together in a tree, there are [`AlwaysOn`], [`AlwaysOff`], [`Probability`],
//! [`RateLimiting`], [`TargetThroughput`], [`RuleBased`], [`ParentThreshold`], [`Annotating`], any sampler of the program's as [`Nested`], and what the program
//! makes of its own.
//!
//! Every one of them implements the SDK's `ShouldSample`, or becomes one by [`CompositeSampler`], so that it
//! serves in any provider; and converts into [`HeadSampler`]. None panics, waits, or takes memory without
//! bound.

mod always_record;
mod clock;
mod composite;
mod error;
mod guarded;
mod head;
mod ot;
mod parent_based;
mod probability;
mod random;
mod rate_limiting;
mod ratio;
mod reads;
#[cfg_attr(not(feature = "otlp-http"), allow(dead_code, reason = "by HTTP a server is asked"))]
mod remote;
mod rules;
mod sampler;
mod standard;
#[allow(dead_code, unused_imports, reason = "a Collector's configuration is written of it next")]
pub mod tail;
mod threshold;
mod throughput;
mod warnings;

pub use always_record::AlwaysRecord;
pub use clock::Clock;
pub use composite::{
    AlwaysOff, AlwaysOn, Annotating, Candidate, ComposableSampler, CompositeSampler, Nested,
    ParentThreshold, Probability, SamplingIntent,
};
pub use error::SamplerError;
pub use head::HeadSampler;
pub use parent_based::ParentBased;
pub use probability::ProbabilitySampler;
pub use rate_limiting::RateLimiting;
pub use ratio::Ratio;
pub use reads::AttributesRead;
pub use rules::{ParentKind, Rule, RuleBased};
pub use sampler::Sampler;
pub use threshold::{Randomness, Threshold};
pub use throughput::TargetThroughput;

pub(crate) use guarded::panics;
pub(crate) use head::Head;
#[cfg(any(feature = "otlp-http", test))]
pub(crate) use remote::Strategies;
pub(crate) use remote::{Remote, Status};
