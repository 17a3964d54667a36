//! When is a request sent again?
//!
//! As long as it may succeed, at the times that [`backoff`](super::backoff) sets, for [`TIME`] in all.
//! `OTEL_EXPORTER_OTLP_TIMEOUT` and `OTEL_BSP_EXPORT_TIMEOUT` limit one attempt and not all of them
//! together, or the spans on their way would be lost whenever a backend is restarted. The end of the
//! program ends this too: the future is dropped when the time for the shutdown is over.

#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout};

use super::backoff::Backoff;
use super::failure::{Contact, Failure, Verdict};
use super::parts::{Parts, Sizes};
use super::request::Request;
use super::transport::Transport;
use crate::export::retries::Hurry;
use crate::export::{ExportError, Exported, Retries};
use crate::process::unwind::caught;

/// How long after the first attempt the last one may begin.
pub(super) const TIME: Duration = Duration::from_secs(5 * 60);

/// Brings requests to the backend.
pub(super) struct Sending<'a, T> {
    pub(super) transport: &'a T,
    /// How long one attempt may take.
    pub(super) timeout: Duration,
    pub(super) retries: &'a Retries,
    pub(super) sizes: &'a Sizes,
    pub(super) backoff: &'a Backoff,
    /// Whether the backend is on this machine.
    pub(super) is_local: bool,
}

impl<T: Transport> Sending<'_, T> {
    pub(super) async fn send_all(self, request: Request) -> Result<Exported, ExportError> {
        let until = Instant::now() + TIME;
        let mut hurry = self.retries.hurry_for_one();
        let mut parts = Parts::of(request, self.sizes);
        while let Some(part) = parts.next() {
            let result = self.whole(&part.body, until, &mut hurry).await;
            parts.settle(&part, result);
            if Instant::now() >= until {
                parts.give_up(TIME);
            }
        }
        parts.outcome()
    }

    /// Sends a request, without dividing it, until it is taken, cannot succeed, or the time is over.
    async fn whole(
        &self,
        body: &Bytes,
        until: Instant,
        hurry: &mut Hurry,
    ) -> Result<Exported, Failure> {
        let mut own = Instant::now();
        let mut is_first = true;
        loop {
            let round = self.backoff.turn(own, until, hurry).await;
            if !std::mem::take(&mut is_first) {
                self.retries.again();
            }
            let is_ending = hurry.hear();
            let failure = match self.attempt(body.clone()).await {
                Ok(exported) => {
                    self.backoff.succeeded();
                    return Ok(exported);
                }
                Err(failure) => failure,
            };
            let Verdict::Again { after } = failure.verdict else { return Err(failure) };
            // If nothing listens on this machine now, most likely nothing will before the program has
            // ended: do not make it wait for that.
            let is_hopeless = is_ending && self.is_local && failure.contact == Contact::Refused;
            if is_hopeless || Instant::now() >= until {
                return Err(failure);
            }
            self.retries.failed(failure.error.to_string());
            own = self.backoff.failed(round, failure.contact, after);
        }
    }

    async fn attempt(&self, body: Bytes) -> Result<Exported, Failure> {
        let mut sending = pin!(self.transport.send(body));
        // Nothing here is known to panic. If something does, the next attempt may still succeed.
        let sending = poll_fn(|cx| {
            let polled = caught(|| sending.as_mut().poll(cx));
            polled.unwrap_or_else(|panicked| Poll::Ready(Err(Failure::panicked(&panicked))))
        });
        let attempt = timeout(self.timeout, sending);
        attempt.await.unwrap_or_else(|_| Err(Failure::timed_out(self.timeout)))
    }
}
