//! How does a call into the exporter end, whatever the exporter does?

use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;

use crate::export::{ExportError, Exported};
use crate::process::shorten;
use crate::process::unwind::caught;

/// How the export of a batch ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Exported(Exported),
    Failed(String),
    TimedOut(Duration),
    Panicked(String),
    /// The time for the shutdown was over before the exporter answered.
    Stopped,
}

/// How a call into the exporter ended: the export of a batch, a flush or a shutdown.
pub(super) enum Ended<T> {
    Returned(T),
    TimedOut(Duration),
    Panicked(String),
    Stopped,
}

/// Waits for the exporter's future, for `limit` at most, and no longer than until `stop` resolves.
pub(super) async fn bounded<T>(
    mut call: Pin<Box<dyn Future<Output = T> + Send>>,
    limit: Duration,
    stop: impl Future<Output = ()>,
) -> Ended<T> {
    let mut stop = pin!(stop);
    let mut timeout = pin!(tokio::time::sleep(limit));

    let ended = std::future::poll_fn(|cx| {
        match caught(|| call.as_mut().poll(cx)) {
            Ok(Poll::Ready(result)) => return Poll::Ready(Ended::Returned(result)),
            Ok(Poll::Pending) => {}
            Err(panicked) => return Poll::Ready(Ended::Panicked(panicked)),
        }
        if stop.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ended::Stopped);
        }
        timeout.as_mut().poll(cx).map(|()| Ended::TimedOut(limit))
    })
    .await;
    // A future that panicked, or that had no more time, may panic again when it is dropped.
    let _ = caught(|| drop(call));
    ended
}

/// What a flush or a shutdown of the exporter returned, or why it failed.
pub(super) fn settled(ended: Ended<OTelSdkResult>) -> Result<(), String> {
    match ended {
        Ended::Returned(result) => result.map_err(|error| shorten::error(error.to_string())),
        Ended::TimedOut(after) => Err(format!("it did not return within {after:?}")),
        Ended::Panicked(why) => Err(why),
        Ended::Stopped => Err("it did not return before the time was over".to_owned()),
    }
}

impl From<Ended<Result<Exported, ExportError>>> for Outcome {
    fn from(ended: Ended<Result<Exported, ExportError>>) -> Self {
        match ended {
            Ended::Returned(Ok(exported)) => {
                Outcome::Exported(Exported { why: exported.why.map(shorten::error), ..exported })
            }
            Ended::Returned(Err(ExportError::Failed(why))) => Outcome::Failed(shorten::error(why)),
            Ended::Returned(Err(ExportError::TimedOut(after))) | Ended::TimedOut(after) => {
                Outcome::TimedOut(after)
            }
            Ended::Returned(Err(ExportError::Panicked(why))) | Ended::Panicked(why) => {
                Outcome::Panicked(why)
            }
            Ended::Stopped => Outcome::Stopped,
        }
    }
}
