//! When is a request sent again?
//!
//! As long as there is hope, at growing intervals, for [`TIME`] in all. `OTEL_EXPORTER_OTLP_TIMEOUT`
//! and `OTEL_BSP_EXPORT_TIMEOUT` bound each attempt and not their number, or a backend that is
//! restarted would cost what was on its way. The end of the program ends this too: the future is
//! dropped when the time for the shutdown is over.

#[cfg(test)]
mod tests;

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use bytes::Bytes;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::Transport;
use super::failure::{Failure, Verdict};
use super::request::Request;
use crate::export::{ExportError, Exported, Retries};

/// How long after the first attempt the last one may begin.
pub(super) const TIME: Duration = Duration::from_secs(5 * 60);

/// Beyond this, nobody waits for a backend, whatever it asks for.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// Short enough that a program which is about to end finds a backend that comes back.
const MIN_DELAY: Duration = Duration::from_millis(100);

/// Brings requests to the backend.
pub(super) struct Delivery<'a, T> {
    pub(super) transport: &'a mut T,
    /// Of one attempt.
    pub(super) timeout: Duration,
    pub(super) retries: &'a Retries,
}

impl<T: Transport> Delivery<'_, T> {
    pub(super) async fn deliver(mut self, request: Request) -> Result<Exported, ExportError> {
        let until = Instant::now() + TIME;
        let failure = match self.whole(&request.body, until).await {
            Ok(exported) => return Ok(exported),
            Err(failure) => failure,
        };
        match failure.verdict {
            Verdict::TooLarge => match request.halves() {
                Some(halves) => self.halves(halves, until).await,
                None => Err(failure.error),
            },
            Verdict::Again { .. } | Verdict::Final => Err(failure.error),
        }
    }

    /// Each half for itself, and no smaller part: what is still too large then is lost.
    async fn halves(
        &mut self,
        halves: [Request; 2],
        until: Instant,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        let mut error = None;
        let mut spans = 0;
        for half in halves {
            spans += half.spans;
            match self.whole(&half.body, until).await {
                Ok(Exported { rejected, failed: _, why }) => {
                    exported.rejected += rejected;
                    exported.why = why.or(exported.why);
                }
                Err(failure) => {
                    exported.failed += half.spans;
                    error = Some(failure.error);
                }
            }
        }
        match error {
            Some(error) if exported.failed == spans => Err(error),
            Some(error) => Ok(Exported { why: Some(error.to_string()), ..exported }),
            None => Ok(exported),
        }
    }

    /// A request as it is, until it is taken, or there is no hope or no time left.
    async fn whole(&mut self, body: &Bytes, until: Instant) -> Result<Exported, Failure> {
        let mut delays = delays();
        loop {
            let failure = match self.attempt(body.clone()).await {
                Ok(exported) => return Ok(exported),
                Err(failure) => failure,
            };
            let now = Instant::now();
            let Verdict::Again { after } = failure.verdict else { return Err(failure) };
            if now >= until {
                return Err(failure);
            }
            self.retries.failed(failure.error.to_string());
            let delay = delays.next().unwrap_or(MAX_DELAY);
            // A backend that asks to be left alone for no time at all is not to be stormed either.
            let delay = after.unwrap_or_default().max(delay).min(MAX_DELAY);
            let again_at = (now + delay).min(until);
            if after.is_some() {
                sleep_until(again_at).await;
            } else if timeout_at(again_at, self.retries.hurried()).await.is_ok() {
                // The program is about to end: it is the last chance, and there will be few.
                delays = self::delays();
            }
            self.retries.again();
        }
    }

    async fn attempt(&mut self, body: Bytes) -> Result<Exported, Failure> {
        let attempt = timeout(self.timeout, self.transport.send(body));
        attempt.await.unwrap_or_else(|_| Err(Failure::timed_out(self.timeout)))
    }
}

/// The time between an attempt and the next: doubled each time, and up to as much again, so that
/// not all clients come back at once.
fn delays() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(MIN_DELAY)
        .with_factor(2.0)
        .with_max_delay(MAX_DELAY / 2)
        .without_max_times()
        .with_jitter()
        .build()
}
