//! How do finished spans get out, without anybody waiting for them?
//!
//! ```text
//! ThreadBuffer ─→ FanOut ─→ Queue ─→ export thread ─→ exporter
//!                       └─→ Queue ─→ export thread ─→ exporter
//! ```
//!
//! The spans of all threads are collected once, taken through the [stages] if there are any, and shared by
//! all exporters, each of which has a queue, a thread and counters of its own. Nothing here depends on what kind an exporter is.

mod attempt;
mod awaiting;
mod budget;
mod buffer;
mod destination;
mod fan_out;
mod flight;
mod flush_all;
mod folds;
mod handle;
mod intake;
mod marks;
mod memory;
mod outbox;
mod outlet;
mod processor;
mod queue;
mod redact;
mod report;
mod shares;
mod staged;
mod stages;
mod staging;
mod starts;
mod stats;
mod tail;
mod undelivered;
mod worker;

use std::sync::atomic;

pub(crate) use destination::Exporter;
pub use flight::FlightStats;
pub(crate) use flight::Why;
pub(crate) use folds::Sibling;
pub(crate) use handle::{PipelineHandle, Started, ThreadBuffer};
pub(crate) use processor::Processor;
pub(crate) use redact::Redaction;
pub(crate) use stages::Stages;
pub use stats::{Dropped, ExporterStats, Refused, Stats};
pub use tail::{Early, Late, TailStats, Undecided};
pub use undelivered::{Delivery, ShutdownError};
pub(crate) use worker::{Connect, StartError};
