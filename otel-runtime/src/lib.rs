//! Distributed tracing for Rust services: one attribute and one line in `main`.

pub use opentelemetry;
#[cfg(feature = "sdk")]
pub use opentelemetry_sdk;

mod recorder;
