//! How does a Collector do what this process is set up to do?
//!
//! A process sees its own spans. Where a trace goes through many, and all of it is to be kept or dropped, somebody
//! has to see all of it: two tiers of OpenTelemetry Collectors. [`TwoTiers`] writes their configurations from the
//! same policy that the process would have used.
//!
//! ```
//! use otel_runtime::collector::{Resolver, TwoTiers};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = "error, slower=250ms, ratio=0.05".parse()?;
//! let tiers = TwoTiers::new(policy, Resolver::dns("sampler.internal", 4317)).exact()?;
//! println!("{}", tiers.first());
//! println!("{}", tiers.second());
//! # Ok(())
//! # }
//! ```
//!
//! What one of the two cannot express is an error of [`exact`](TwoTiers::exact), and kept beside the rest, with a
//! comment, by [`over_approximate`](TwoTiers::over_approximate).

mod alternatives;
mod error;
mod ottl;
mod policies;
mod privacy;
mod resolver;
mod settings;
mod sizing;
mod strategy;
#[cfg(test)]
mod tests;
mod tiers;
mod write;
mod yaml;

pub use error::CollectorError;
pub use privacy::{Redaction, RedactionConfiguration};
pub use resolver::Resolver;
pub use sizing::{Size, Traffic};
pub use strategy::Strategy;
pub use tiers::{Configurations, TwoTiers};
