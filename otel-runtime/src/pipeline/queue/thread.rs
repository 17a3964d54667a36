//! What does the export thread do with the queue?

use std::time::Instant;

use opentelemetry_sdk::trace::SpanData;

use super::{Phase, Queue};
use crate::export::Exported;
use crate::pipeline::attempt::Outcome;
use crate::pipeline::stats::Stats;

/// What the export thread should do next.
pub(in crate::pipeline) enum Next {
    Export(Vec<SpanData>),
    /// Flush the exporter, and say that it was flushed up to here.
    Flush(u64),
    /// Wait to be woken; if spans are held, for the schedule's delay at most.
    Wait {
        held: bool,
    },
    Stop,
}

impl Queue {
    /// What to do next; `due` says that the schedule's delay is over.
    pub(in crate::pipeline) fn next(&self, due: bool) -> Next {
        let mut state = self.lock();
        let closing = match state.phase {
            Phase::Open => false,
            Phase::Closing(until) if Instant::now() < until => true,
            Phase::Closing(_) | Phase::Closed => return Next::Stop,
        };
        if due {
            state.drain_to = state.accepted;
        }
        let (held, full) = (state.spans.len(), self.batch.max_export_batch_size);
        if held > 0 && (held >= full || closing || state.settled < state.drain_to) {
            state.in_flight = held.min(full);
            let batch = state.in_flight;
            return Next::Export(state.spans.drain(..batch).collect());
        }
        if state.flushed < state.flush_to {
            return Next::Flush(state.settled);
        }
        if closing { Next::Stop } else { Next::Wait { held: held > 0 } }
    }

    /// Resolves when there is something new to look at.
    pub(in crate::pipeline) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Resolves when the time for the shutdown is over.
    pub(in crate::pipeline) async fn stopped(&self) {
        loop {
            let phase = self.lock().phase;
            match phase {
                Phase::Open => self.stop.notified().await,
                Phase::Closing(until) if Instant::now() < until => {
                    // More time may be given meanwhile.
                    tokio::time::sleep_until(until.into()).await;
                }
                Phase::Closing(_) | Phase::Closed => return,
            }
        }
    }

    /// The batch that is in flight ended so.
    pub(in crate::pipeline) fn settle(&self, outcome: Outcome) {
        let mut state = self.lock();
        // Zero if the shutdown gave it up meanwhile.
        let spans = std::mem::take(&mut state.in_flight) as u64;
        state.settled += spans;
        let before = state.retries.settle();
        let totals = &mut state.stats;
        let mut lost = 0;
        let (count, error) = match outcome {
            Outcome::Exported(Exported { rejected, failed, why }) => {
                // What a backend says that it refused is no more than what it was given.
                let rejected = rejected.min(spans);
                let failed = failed.min(spans - rejected);
                totals.dropped.rejected += rejected;
                totals.dropped.export_failed += failed;
                lost = rejected + failed;
                (&mut totals.exported, why.filter(|_| lost > 0))
            }
            Outcome::Failed(why) => (&mut totals.dropped.export_failed, Some(why)),
            Outcome::TimedOut(after) => {
                (&mut totals.dropped.export_timeout, Some(format!("no answer within {after:?}")))
            }
            Outcome::Panicked(why) => (&mut totals.dropped.exporter_panicked, Some(why)),
            Outcome::Stopped => (&mut totals.dropped.shutdown_timeout, before),
        };
        *count += spans - lost;
        if error.is_some() {
            state.last_error = error;
        }
        self.progress.notify_all();
    }

    /// The exporter was flushed up to here.
    pub(in crate::pipeline) fn flushed(&self, up_to: u64, result: Result<(), String>) {
        let mut state = self.lock();
        state.flushed = up_to;
        state.note(result);
        self.progress.notify_all();
    }

    /// The exporter was shut down.
    pub(in crate::pipeline) fn exporter_shut_down(&self, result: Result<(), String>) {
        self.lock().note(result);
    }

    /// Nothing goes out any more, for whatever reason; what is held is lost.
    pub(in crate::pipeline) fn close(&self) {
        let lost = self.lock().close();
        drop(lost);
        self.progress.notify_all();
    }

    /// The export thread is gone.
    pub(in crate::pipeline) fn finish(&self) {
        let lost = {
            let mut state = self.lock();
            state.finished = true;
            state.close()
        };
        drop(lost);
        self.progress.notify_all();
    }

    /// What was lost, when anything was for the first time.
    pub(in crate::pipeline) fn first_loss(&self) -> Option<(Stats, Option<String>)> {
        let mut state = self.lock();
        // A shutdown tells everything at its end.
        if state.warned || state.stats.dropped.total() == 0 || state.phase != Phase::Open {
            return None;
        }
        state.warned = true;
        Some((state.snapshot(), state.last_error.clone()))
    }
}
