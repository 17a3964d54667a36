//! Log lines and log records that know their trace, for programs that log by `tracing` or by `log`.
//!
//! | | |
//! | --- | --- |
//! | one call for a program without a subscriber | [`logs()`](crate::logs()), or [`builder`] for settings |
//! | lines of a subscriber of your own, of whatever format | [`with_trace_context`] |
//! | log records over OTLP | [`bridge`] |
//! | errors that are only logged, on their span | [`error_events`] |
//! | `info!(parent: &span, ..)` where a subscriber is not the global one | [`explicit_parents`] |
//!
//! Where no span is, none of it changes a line, and none asks for memory. `docs/logs.md` shows each.

mod bridge;
mod errors;
mod format;
mod found;
mod json;
mod owner;
mod redacted;
pub(crate) mod setup;

pub use bridge::{Bridge, bridge};
pub use errors::{ErrorEvents, Errors, error_events};
pub use format::{WithTraceContext, with_trace_context};
pub use owner::{ExplicitParents, explicit_parents};
pub use setup::{Builder, LogsError, builder};
