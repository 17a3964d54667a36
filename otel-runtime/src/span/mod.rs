//! Which functions have spans, and how is one made?

pub(crate) mod adopted;
#[cfg(feature = "sdk")]
mod asked;
pub(crate) mod callsite;
pub(crate) mod exceptions;
pub mod filter;
pub(crate) mod install;
pub(crate) mod keys;
pub(crate) mod monotonic;
#[cfg(feature = "sdk")]
pub(crate) mod native;
pub(crate) mod nobody;
#[cfg(feature = "sdk")]
pub(crate) mod others;
#[cfg(feature = "sdk")]
pub(crate) mod recorded_only;
pub(crate) mod recorder;
pub(crate) mod registry;
pub(crate) mod safe;
#[cfg(feature = "sdk")]
pub(crate) mod scoped_attributes;
pub(crate) mod settings;
pub(crate) mod started;
#[cfg(not(feature = "metrics"))]
pub(crate) mod uncounted;
pub(crate) mod value;
