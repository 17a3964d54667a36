//! How does one export end, whatever the exporter does?

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;

use crate::export::{ExportError, Exported, Exporting};
use crate::unwind::caught;

/// How an export ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Exported(Exported),
    Failed(String),
    TimedOut(Duration),
    Panicked(String),
    /// The pipeline was out of time.
    Stopped,
}

/// Waits for an export, for `limit` at most and until `stop`.
pub(super) async fn attempt(
    mut exporting: Exporting,
    limit: Duration,
    stop: impl Future<Output = ()>,
) -> Outcome {
    let mut stop = pin!(stop);
    let mut timeout = pin!(tokio::time::sleep(limit));

    let outcome = std::future::poll_fn(|cx| {
        match caught(|| exporting.as_mut().poll(cx)) {
            Ok(Poll::Ready(result)) => return Poll::Ready(result.into()),
            Ok(Poll::Pending) => {}
            Err(panicked) => return Poll::Ready(Outcome::Panicked(panicked)),
        }
        if stop.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Outcome::Stopped);
        }
        timeout.as_mut().poll(cx).map(|()| Outcome::TimedOut(limit))
    })
    .await;
    // A future that panicked, or was cut short, may panic when it is dropped.
    let _ = caught(|| drop(exporting));
    outcome
}

/// The result of a call into the exporter, or its error or panic as text.
pub(super) fn settled(call: impl FnOnce() -> OTelSdkResult) -> Result<(), String> {
    caught(call)?.map_err(|error| error.to_string())
}

impl From<Result<Exported, ExportError>> for Outcome {
    fn from(result: Result<Exported, ExportError>) -> Self {
        match result {
            Ok(exported) => Outcome::Exported(exported),
            Err(ExportError::TimedOut(after)) => Outcome::TimedOut(after),
            Err(ExportError::Failed(why)) => Outcome::Failed(why),
        }
    }
}
