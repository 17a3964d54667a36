//! What does the export thread do with the queue?

use std::sync::Arc;
use std::time::Instant;

use super::{Phase, Queue, State};
use crate::export::Exported;
use crate::pipeline::attempt::Outcome;
use crate::pipeline::batch::{Batch, Piece};
use crate::pipeline::stats::Stats;

/// What the export thread should do next.
pub(in crate::pipeline) enum Next {
    Export(Batch),
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
        let full = self.batch.max_export_batch_size;
        self.intake.look();
        let mut state = self.lock();
        let closing = match state.phase {
            Phase::Open => false,
            Phase::Closing(until) if Instant::now() < until => true,
            Phase::Closing(_) | Phase::Closed => return Next::Stop,
        };
        let crowded = self.intake.is_crowded();
        if due || closing || crowded || self.intake.waiting() >= full {
            self.collect(&mut state);
        }
        if due {
            state.drain_to = state.accepted;
        }
        let waiting = state.waiting;
        let hurry = closing || crowded || state.settled < state.drain_to;
        if waiting > 0 && (waiting >= full || hurry) {
            return Next::Export(self.take(&mut state, waiting.min(full)));
        }
        if state.flushed < state.flush_to {
            return Next::Flush(state.settled);
        }
        if closing {
            return Next::Stop;
        }
        Next::Wait { held: self.intake.waiting() > 0 }
    }

    /// Takes out the first of those that wait, so many at most, and fewer if they are large.
    fn take(&self, state: &mut State, most: usize) -> Batch {
        let mut batch = Batch::default();
        let (mut missing, mut bytes) = (most, 0);
        while missing > 0
            && bytes < self.intake.request()
            && let Some(mut piece) = state.collected.pop_front()
        {
            bytes += piece.block.capacity();
            let end = piece.range.end.min(piece.range.start + missing);
            missing -= end - piece.range.start;
            if end < piece.range.end {
                let rest = Piece { block: piece.block.clone(), range: end..piece.range.end };
                state.collected.push_front(rest);
            }
            piece.range.end = end;
            batch.pieces.push(piece);
        }
        let spans = most - missing;
        state.waiting -= spans;
        state.in_flight = spans;
        // Those that are in flight do not fill the queue.
        self.intake.release(spans);
        batch
    }

    /// The exporter has made of the spans what it needs.
    pub(in crate::pipeline) fn read(&self, batch: Batch) {
        let blocks = batch.pieces.into_iter().filter_map(|piece| Arc::into_inner(piece.block));
        let bytes = blocks.map(|block| self.intake.recycle(block)).sum();
        self.lock().in_flight_bytes = bytes;
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
        self.intake.free(std::mem::take(&mut state.in_flight_bytes));
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
    pub(in crate::pipeline) fn give_up(&self) {
        let lost = self.close(&mut self.lock());
        drop(lost);
        self.progress.notify_all();
    }

    /// The export thread is gone.
    pub(in crate::pipeline) fn finish(&self) {
        let lost = {
            let mut state = self.lock();
            state.finished = true;
            self.close(&mut state)
        };
        drop(lost);
        self.progress.notify_all();
    }

    /// What was lost, when anything was for the first time.
    pub(in crate::pipeline) fn first_loss(&self) -> Option<(Stats, Option<String>)> {
        let mut state = self.lock();
        // A shutdown tells everything at its end.
        if state.warned || state.phase != Phase::Open {
            return None;
        }
        let totals = state.snapshot();
        state.warned = totals.dropped.total() > 0;
        state.warned.then(|| (totals, state.last_error.clone()))
    }
}
