//! How is tracing set up, and how is it checked that it works?

pub mod collector;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod error;
pub mod flight;
pub(crate) mod forked;
pub(crate) mod global;
pub(crate) mod install;
pub(crate) mod installed;
#[cfg(feature = "metrics")]
pub(crate) mod observed;
pub(crate) mod outputs;
pub(crate) mod pipelines;
mod progress;
#[cfg(feature = "otlp-http")]
pub(crate) mod remote;
pub(crate) mod resource;
pub(crate) mod restart;
#[cfg(all(feature = "signals", unix))]
pub(crate) mod signals;
pub(crate) mod telemetry;
