//! What does the export thread do with the queue?

use std::sync::Arc;
use std::time::Instant;

use super::{InFlight, Phase, Queue, State};
use crate::export::Exported;
use crate::export::pipeline::attempt::Outcome;
use crate::export::pipeline::stats::Stats;
use crate::record::{Batch, Piece};

/// What the export thread should do next.
pub(in crate::export::pipeline) enum Next {
    Export(BatchId, Batch),
    /// Flush the exporter, and say that it was flushed up to here.
    Flush(u64),
    /// Wait to be woken; if spans are held, for the schedule's delay at most.
    Wait {
        held: bool,
    },
    Stop,
}

/// A batch that is with the exporter: the place of its first span.
#[derive(Clone, Copy, Debug)]
pub(in crate::export::pipeline) struct BatchId(u64);

#[cfg(test)]
impl BatchId {
    pub(super) fn at(first: u64) -> Self {
        BatchId(first)
    }
}

impl Queue {
    /// What to do next; `due` says that the schedule's delay is over.
    pub(in crate::export::pipeline) fn next(&self, due: bool) -> Next {
        let full = self.batch.max_export_batch_size as u64;
        self.intake.look();
        let mut state = self.lock();
        let closing = match state.phase {
            Phase::Open => false,
            Phase::Closing(until) if Instant::now() < until => true,
            Phase::Closing(_) | Phase::Closed => return Next::Stop,
        };
        // Before any other batch: there may be no end of those.
        if let Some(up_to) = state.intervals.to_flush(state.settled_to()) {
            return Next::Flush(up_to);
        }
        let crowded = self.intake.is_crowded() || self.intake.is_short();
        if due || closing || crowded || self.intake.may_fill_a_batch() {
            self.collect(&mut state);
        }
        if due {
            state.drain_to = state.accepted;
        }
        let waiting = state.waiting();
        let hurry = closing || crowded || state.taken < state.drain_to;
        if waiting > 0 && (waiting >= full || hurry) {
            let (id, batch) = self.take(&mut state, waiting.min(full));
            return Next::Export(id, batch);
        }
        if closing && state.in_flight.is_empty() {
            return Next::Stop;
        }
        Next::Wait { held: waiting > 0 || self.intake.is_any_ahead() }
    }

    /// Takes out the first of those that wait, so many at most, and fewer if they are large, or if a
    /// flush tells of no more.
    fn take(&self, state: &mut State, most: u64) -> (BatchId, Batch) {
        let first = state.taken;
        let most = most.min(state.intervals.end_of(first) - first);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
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
        self.intake.taken(spans);
        state.taken += spans as u64;
        state.in_flight.insert(first, InFlight { spans: spans as u64, bytes: 0 });
        (BatchId(first), batch)
    }

    /// The exporter has made of the spans what it needs.
    pub(in crate::export::pipeline) fn read(&self, BatchId(first): BatchId, batch: Batch) {
        let blocks = batch.pieces.into_iter().filter_map(|piece| Arc::into_inner(piece.block));
        let bytes = blocks.map(|block| self.intake.recycle(block)).sum();
        match self.lock().in_flight.get_mut(&first) {
            Some(in_flight) => in_flight.bytes = bytes,
            // The shutdown gave it up meanwhile.
            None => self.intake.free(bytes),
        }
    }

    /// Resolves when the time for the shutdown is over.
    pub(in crate::export::pipeline) async fn stopped(&self) {
        let mut end = self.end.subscribe();
        loop {
            let until = *end.borrow_and_update();
            match until {
                None => drop(end.changed().await),
                // More time may be given meanwhile.
                Some(until) if Instant::now() < until => {
                    drop(tokio::time::timeout_at(until.into(), end.changed()).await);
                }
                Some(_) => return,
            }
        }
    }

    /// A batch that was with the exporter ended so.
    pub(in crate::export::pipeline) fn settle(&self, BatchId(first): BatchId, outcome: Outcome) {
        let mut state = self.lock();
        // Not there if the shutdown gave it up meanwhile.
        let Some(InFlight { spans, bytes }) = state.in_flight.remove(&first) else { return };
        self.intake.free(bytes);
        self.intake.release(usize::try_from(spans).unwrap_or(usize::MAX));
        let State { stats, retries, intervals, last_error, .. } = &mut *state;
        let is_delivered = matches!(outcome, Outcome::Exported(_));
        let before = retries.settle(is_delivered);
        let totals = &mut stats.dropped;
        let earlier = *totals;
        let mut exported = 0;
        let error = match outcome {
            Outcome::Exported(Exported { rejected, failed, why }) => {
                // What a backend says that it refused is no more than what it was given.
                let rejected = rejected.min(spans);
                let failed = failed.min(spans - rejected);
                totals.rejected += rejected;
                totals.export_failed += failed;
                exported = spans - rejected - failed;
                why.filter(|_| exported < spans)
            }
            Outcome::Failed(why) => {
                totals.export_failed += spans;
                Some(why)
            }
            Outcome::TimedOut(after) => {
                totals.export_timeout += spans;
                Some(format!("no answer within {after:?}"))
            }
            Outcome::Panicked(why) => {
                totals.exporter_panicked += spans;
                Some(why)
            }
            Outcome::Stopped => {
                totals.shutdown_timeout += spans;
                before
            }
        };
        let dropped = totals.since(&earlier);
        stats.exported += exported;
        if error.is_some() {
            last_error.clone_from(&error);
        }
        intervals.tell(first, |tally| {
            tally.exported += exported;
            tally.dropped = [tally.dropped, dropped].into_iter().sum();
            if error.is_some() {
                tally.error = error;
            }
        });
        drop(state);
        self.progressed();
    }

    /// The exporter was flushed up to here.
    pub(in crate::export::pipeline) fn flushed(&self, up_to: u64, result: &Result<(), String>) {
        self.lock().intervals.flushed(up_to, result);
        self.progressed();
    }

    /// The exporter was shut down.
    pub(in crate::export::pipeline) fn exporter_shut_down(&self, result: Result<(), String>) {
        self.lock().intervals.shut_down(result);
    }

    /// Nothing goes out any more, for whatever reason; what is held is lost.
    pub(in crate::export::pipeline) fn give_up(&self) {
        let lost = self.close(&mut self.lock());
        drop(lost);
        self.progressed();
    }

    /// The export thread is gone.
    pub(in crate::export::pipeline) fn finish(&self) {
        let lost = {
            let mut state = self.lock();
            state.finished = true;
            self.close(&mut state)
        };
        drop(lost);
        self.progressed();
    }

    /// What was lost, when anything was for the first time.
    pub(in crate::export::pipeline) fn first_loss(&self) -> Option<(Stats, Option<String>)> {
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
