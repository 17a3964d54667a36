//! How do several samplers make one decision?

mod always;
mod annotating;
mod candidate;
mod composable;
mod intent;
mod nested;
mod parent_threshold;
mod probability;
mod sampler;
#[cfg(test)]
mod tests;

pub use always::{AlwaysOff, AlwaysOn};
pub use annotating::Annotating;
pub use candidate::Candidate;
pub use composable::ComposableSampler;
pub use intent::SamplingIntent;
pub use nested::Nested;
pub use parent_threshold::ParentThreshold;
pub use probability::Probability;
pub use sampler::CompositeSampler;

pub(super) use parent_threshold::as_its_parent;
pub(super) use sampler::decide;
