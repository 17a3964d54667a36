//! What is an exporter, to the pipeline that drives it?

mod blocking;
#[cfg(feature = "console")]
pub(crate) mod console;
mod custom;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
#[cfg(not(feature = "metrics"))]
#[path = "no_metrics.rs"]
pub(crate) mod metrics;
pub(crate) mod open_traces;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) mod otlp;
pub(crate) mod pipeline;
pub(crate) mod retries;
pub(crate) mod settings;
#[cfg(feature = "console")]
pub(crate) mod terminal;

use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use crate::record::Batch;

pub(crate) use custom::Custom;
pub(crate) use retries::Retries;

/// Sends batches of finished spans out of the process. It lives on the export thread, inside a tokio
/// runtime. Its methods return at once, with a future; the future may take long, which the pipeline
/// limits, and may panic.
pub(crate) trait Export: Send {
    /// Where the spans go, as warnings say it.
    fn destination(&self) -> String;

    /// Sets the resource, which all spans have in common, before the first batch.
    fn set_resource(&mut self, _resource: &Resource) {}

    /// How many batches it can send at the same time.
    fn concurrency(&self) -> usize {
        1
    }

    /// Sends one batch. The future keeps a copy of what it needs.
    fn export(&mut self, batch: &Batch) -> Exporting;

    /// How long an export may take. `given` is the limit of the settings; an exporter that keeps to
    /// `given` in each of its attempts may take longer in all.
    fn limit(&self, given: Duration) -> Duration {
        given
    }

    /// Called when there is nothing to export; returns after how long to call it again at the latest.
    fn idle(&mut self) -> Option<Duration> {
        None
    }

    /// Sends the spans that the exporter itself still holds.
    fn flush(&mut self) -> Calling {
        Box::pin(ready(Ok(())))
    }

    /// Ends it. No other call follows.
    fn shutdown(&mut self) -> Calling {
        Box::pin(ready(Ok(())))
    }
}

/// The export of one batch; the future borrows nothing.
pub(crate) type Exporting = Pin<Box<dyn Future<Output = Result<Exported, ExportError>> + Send>>;

/// A flush or a shutdown; the future borrows nothing.
pub(crate) type Calling = Pin<Box<dyn Future<Output = OTelSdkResult> + Send>>;

/// The batch was taken, except for so many of its spans.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Exported {
    /// Refused by the backend.
    pub(crate) rejected: u64,
    /// Lost for another reason: a part of a batch that was sent in parts failed.
    pub(crate) failed: u64,
    pub(crate) why: Option<String>,
}

/// A batch was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ExportError {
    TimedOut(Duration),
    Failed(String),
    Panicked(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::TimedOut(after) => write!(f, "no answer within {after:?}"),
            ExportError::Failed(why) | ExportError::Panicked(why) => f.write_str(why),
        }
    }
}

impl From<OTelSdkError> for ExportError {
    fn from(error: OTelSdkError) -> Self {
        match error {
            OTelSdkError::Timeout(after) => ExportError::TimedOut(after),
            OTelSdkError::InternalFailure(why) => ExportError::Failed(why),
            error @ OTelSdkError::AlreadyShutdown => ExportError::Failed(error.to_string()),
        }
    }
}
