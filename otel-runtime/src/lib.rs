//! Distributed tracing for Rust services: one attribute and one line in `main`.

pub use opentelemetry;
#[cfg(feature = "sdk")]
pub use opentelemetry_sdk;
#[cfg(feature = "macros")]
pub use otel_macros::traced;

#[cfg(feature = "sdk")]
pub use config::{Builder, Protocol, builder};
#[cfg(feature = "sdk")]
pub use error::{InitError, ShutdownError};
#[cfg(feature = "sdk")]
pub use guard::Telemetry;
#[cfg(feature = "sdk")]
pub use pipeline::{Delivery, Dropped, Stats};
#[cfg(feature = "sdk")]
pub use propagation::Propagator;
#[cfg(feature = "sdk")]
pub use provider::init;
pub use recorder::{AdoptError, adopt};
#[cfg(feature = "sdk")]
pub use sampling::Sampler;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub mod context;

mod callsite;
mod future;
mod outcome;
mod panics;
mod privacy;
mod recorder;
mod span;
mod value;

#[cfg(feature = "sdk")]
mod config;
#[cfg(feature = "sdk")]
mod error;
#[cfg(feature = "sdk")]
mod export;
#[cfg(feature = "sdk")]
mod guard;
#[cfg(feature = "sdk")]
mod pipeline;
#[cfg(feature = "sdk")]
mod propagation;
#[cfg(feature = "sdk")]
mod provider;
#[cfg(feature = "sdk")]
mod resource;
#[cfg(feature = "sdk")]
mod sampling;
