//! Distributed tracing for Rust services: one attribute and one line in `main`.

pub use opentelemetry;
#[cfg(feature = "sdk")]
pub use opentelemetry_sdk;
#[cfg(feature = "macros")]
pub use otel_macros::traced;

pub use recorder::{AdoptError, adopt};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

mod callsite;
pub mod context;
mod future;
mod outcome;
mod panics;
mod privacy;

mod export;
mod recorder;
mod span;
mod value;
