//! Which settings do exporters and their queues have?
//!
//! Plain data: `setup` reads, checks and fills it.

mod console;
mod otlp;
mod tail;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use console::{Background, ColorChoice, Console, Details, LinkTemplate, Shown, View};
pub use otlp::{Compression, Protocol};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) use otlp::{Identity, Proxy, is_this_machine};
pub(crate) use otlp::{Otlp, Signal, Tls};
pub(crate) use tail::Tail;

/// How spans are gathered before they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Batching {
    pub(crate) max_queue_size: usize,
    pub(crate) max_queue_bytes: usize,
    pub(crate) max_export_batch_size: usize,
    pub(crate) schedule_delay: Duration,
    pub(crate) export_timeout: Duration,
}

/// How calls are counted, and where the counts go.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    pub(crate) otlp: Otlp,
    pub(crate) interval: Duration,
    pub(crate) temporality: Temporality,
}

/// What a point of a metric counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Temporality {
    /// All calls since the program began; `cumulative`, the default.
    #[default]
    Cumulative,
    /// The calls since the last point that the backend took; `delta`, and `lowmemory`, which for a
    /// histogram means the same.
    Delta,
}

/// Where lines of JSON are written: the output stream, as the specification calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    File(PathBuf),
    Stdout,
}

/// The path, or `stdout`.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::File(path) => path.display().fmt(f),
            Output::Stdout => f.write_str("stdout"),
        }
    }
}

/// As it is written in `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
impl fmt::Display for Temporality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Temporality::Cumulative => "cumulative",
            Temporality::Delta => "delta",
        })
    }
}
