//! Which sampler decides about which spans?

mod check;
mod condition;
mod pattern;
mod rule;
mod sampler;
#[cfg(test)]
mod tests;

pub use condition::ParentKind;
pub(super) use condition::kind;
pub(super) use pattern::Pattern;
pub use rule::Rule;
pub use sampler::RuleBased;
