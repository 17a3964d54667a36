//! When is a request sent again?
//!
//! As long as there is hope, at growing intervals, for [`TIME`] in all. `OTEL_EXPORTER_OTLP_TIMEOUT`
//! and `OTEL_BSP_EXPORT_TIMEOUT` bound each attempt and not their number, or a backend that is
//! restarted would cost what was on its way. The end of the program ends this too: the future is
//! dropped when the time for the shutdown is over.

#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use bytes::Bytes;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::Transport;
use super::failure::{Failure, Verdict};
use super::parts::{Parts, Sizes};
use super::request::Request;
use crate::export::{ExportError, Exported, Retries};
use crate::unwind::caught;

/// How long after the first attempt the last one may begin.
pub(super) const TIME: Duration = Duration::from_secs(5 * 60);

/// Beyond this, nobody waits for a backend, whatever it asks for.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// Short enough that a program which is about to end finds a backend that comes back.
const MIN_DELAY: Duration = Duration::from_millis(100);

/// Brings requests to the backend.
pub(super) struct Delivery<'a, T> {
    pub(super) transport: &'a T,
    /// Of one attempt.
    pub(super) timeout: Duration,
    pub(super) retries: &'a Retries,
    pub(super) sizes: &'a Sizes,
}

impl<T: Transport> Delivery<'_, T> {
    pub(super) async fn deliver(self, request: Request) -> Result<Exported, ExportError> {
        let until = Instant::now() + TIME;
        let mut parts = Parts::of(request, self.sizes);
        while let Some(part) = parts.next() {
            let result = self.whole(&part.body, until).await;
            parts.settle(&part, result);
            if Instant::now() >= until {
                parts.give_up(TIME);
            }
        }
        parts.outcome()
    }

    /// A request as it is, until it is taken, or there is no hope or no time left.
    async fn whole(&self, body: &Bytes, until: Instant) -> Result<Exported, Failure> {
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

    async fn attempt(&self, body: Bytes) -> Result<Exported, Failure> {
        let mut sending = pin!(self.transport.send(body));
        // A process that can start no thread for a moment panics where it looks up a name, say.
        let sending = poll_fn(|cx| {
            let polled = caught(|| sending.as_mut().poll(cx));
            polled.unwrap_or_else(|panicked| Poll::Ready(Err(Failure::panicked(&panicked))))
        });
        let attempt = timeout(self.timeout, sending);
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
