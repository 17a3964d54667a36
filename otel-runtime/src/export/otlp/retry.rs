//! When is a request sent again?
//!
//! As long as there is hope, when [`backoff`](super::backoff) says, for [`TIME`] in all. `OTEL_EXPORTER_OTLP_TIMEOUT`
//! and `OTEL_BSP_EXPORT_TIMEOUT` bound each attempt and not their number, or a backend that is
//! restarted would cost what was on its way. The end of the program ends this too: the future is
//! dropped when the time for the shutdown is over.

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
    /// Of one attempt.
    pub(super) timeout: Duration,
    pub(super) retries: &'a Retries,
    pub(super) sizes: &'a Sizes,
    pub(super) backoff: &'a Backoff,
    /// The backend is on this machine.
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

    /// A request as it is, until it is taken, or there is no hope or no time left.
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
            // What does not listen on this machine now will not before the program has ended, as far as
            // anybody can tell: nobody should wait for that.
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
        // Nothing is known to panic here; if something does, the next attempt need not.
        let sending = poll_fn(|cx| {
            let polled = caught(|| sending.as_mut().poll(cx));
            polled.unwrap_or_else(|panicked| Poll::Ready(Err(Failure::panicked(&panicked))))
        });
        let attempt = timeout(self.timeout, sending);
        attempt.await.unwrap_or_else(|_| Err(Failure::timed_out(self.timeout)))
    }
}
