//! What does the export thread do with the queue?

use std::sync::Arc;
use std::time::Instant;

use super::{InFlight, Phase, Queue, State, Waiting, count};
use crate::export::pipeline::attempt::Outcome;
use crate::export::pipeline::intake;
use crate::export::pipeline::stats::Stats;
use crate::export::settings::Batching;
use crate::export::{Exported, Retries};
use crate::record::{Batch, Piece};

/// What the export thread should do next.
pub(in crate::export::pipeline) enum Next {
    Export(BatchId, Batch),
    /// Flush the exporter, then call [`Queue::flushed`] with this place.
    Flush(u64),
    /// Wait to be woken; if spans are held, for the schedule's delay at most.
    Wait {
        held: bool,
    },
    Stop,
}

/// A batch that is with the exporter, named by the place of its first span.
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
        let Batching { max_queue_size, max_queue_bytes, max_export_batch_size, .. } = self.batching;
        let intake = &self.fan_out.intake;
        intake.look();
        let mut state = self.lock();
        let closing = match state.phase {
            Phase::Open => false,
            Phase::Closing(until) if Instant::now() < until => true,
            Phase::Closing(_) | Phase::Closed => return Next::Stop,
        };
        // A flush of the exporter goes before other batches, of which there may be no end.
        if let Some(up_to) = state.intervals.to_flush(state.settled_to()) {
            return Next::Flush(up_to);
        }
        let bytes = intake.memory.used().max(state.bytes);
        let crowded = bytes >= intake::crowded(max_queue_bytes)
            || intake.ahead() + count(state.held()) >= intake::short(max_queue_size);
        let may_be_full = intake.may_fill(max_export_batch_size, count(state.waiting()));
        if due || closing || crowded || may_be_full {
            drop(state);
            self.fan_out.collect(Some(self.index));
            state = self.lock();
        }
        if due {
            state.drain_to = state.accepted;
        }
        let waiting = state.waiting();
        let full = max_export_batch_size as u64;
        let hurry = closing || crowded || state.taken < state.drain_to;
        if waiting > 0 && (waiting >= full || hurry) {
            let (id, batch) = self.take(&mut state, waiting.min(full));
            return Next::Export(id, batch);
        }
        if closing && state.in_flight.is_empty() && state.unreached == 0 {
            return Next::Stop;
        }
        Next::Wait { held: waiting > 0 || intake.ahead() > 0 || intake.is_folding() }
    }

    /// Takes the first waiting spans as a batch: `most` of them, or fewer if they are large or the
    /// interval of a flush ends before.
    fn take(&self, state: &mut State, most: u64) -> (BatchId, Batch) {
        let request = intake::request(self.batching.max_queue_bytes);
        let first = state.taken;
        let most = most.min(state.intervals.end_of(first) - first);
        let most = count(most);
        let mut batch = Batch::default();
        let (mut missing, mut size, mut bytes) = (most, 0, 0);
        while missing > 0
            && size < request
            && let Some(Waiting { mut piece, bytes: whole }) = state.collected.pop_front()
        {
            size += piece.block.capacity();
            let end = piece.range.end.min(piece.range.start + missing);
            missing -= end - piece.range.start;
            if end < piece.range.end {
                let rest = Piece { block: piece.block.clone(), range: end..piece.range.end };
                state.collected.push_front(Waiting { piece: rest, bytes: whole });
            } else {
                bytes += whole;
            }
            piece.range.end = end;
            batch.pieces.push(piece);
        }
        let spans = (most - missing) as u64;
        state.taken += spans;
        state.in_flight.insert(first, InFlight { spans, bytes });
        self.fan_out.intake.waits(self.index, count(state.waiting()));
        (BatchId(first), batch)
    }

    /// The exporter has copied or encoded what it needs of the batch, so that its memory can be used
    /// again.
    pub(in crate::export::pipeline) fn read(&self, BatchId(first): BatchId, batch: Batch) {
        let intake = &self.fan_out.intake;
        // Blocks that some other exporter still has to read are left to that one.
        let blocks: Vec<_> =
            batch.pieces.into_iter().filter_map(|piece| Arc::into_inner(piece.block)).collect();
        let mut state = self.lock();
        // Not there if the shutdown lost this batch meanwhile.
        let Some(in_flight) = state.in_flight.get_mut(&first) else { return };
        let again: usize = blocks.into_iter().map(|block| intake.recycle(self.index, block)).sum();
        in_flight.bytes -= again;
        state.bytes -= again;
    }

    /// Resolves when the time for the shutdown is over.
    pub(in crate::export::pipeline) async fn stopped(&self) {
        let mut end = self.end.subscribe();
        loop {
            let until = *end.borrow_and_update();
            match until {
                None => drop(end.changed().await),
                // Another shutdown may give more time meanwhile.
                Some(until) if Instant::now() < until => {
                    drop(tokio::time::timeout_at(until.into(), end.changed()).await);
                }
                Some(_) => return,
            }
        }
    }

    /// A batch that was with the exporter ended with this outcome.
    pub(in crate::export::pipeline) fn settle(&self, BatchId(first): BatchId, outcome: Outcome) {
        let mut state = self.lock();
        // Not there if the shutdown lost this batch meanwhile.
        let Some(InFlight { spans, bytes }) = state.in_flight.remove(&first) else { return };
        state.bytes -= bytes;
        self.fan_out.intake.done(self.index, count(spans), bytes);
        let State { stats, retries, intervals, last_error, .. } = &mut *state;
        let is_delivered = matches!(outcome, Outcome::Exported(_));
        let before = retries.settle(is_delivered);
        let totals = &mut stats.dropped;
        let earlier = *totals;
        let mut exported = 0;
        let error = match outcome {
            Outcome::Exported(Exported { rejected, failed, why }) => {
                // A backend may claim to have refused more spans than it was sent.
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
        self.fan_out.made_room();
        self.progressed();
    }

    /// The exporter was flushed, with this result, after all spans before `up_to` were out.
    pub(in crate::export::pipeline) fn flushed(&self, up_to: u64, result: &Result<(), String>) {
        self.lock().intervals.flushed(up_to, result);
        self.progressed();
    }

    /// The exporter was shut down, with this result.
    pub(in crate::export::pipeline) fn exporter_shut_down(&self, result: Result<(), String>) {
        self.lock().intervals.shut_down(result);
    }

    /// The export thread sends nothing more, for whatever reason: all spans that are held are lost.
    pub(in crate::export::pipeline) fn give_up(&self) {
        drop(self.close(|_| true));
        self.progressed();
    }

    /// The export thread is gone.
    pub(in crate::export::pipeline) fn finish(&self) {
        drop(self.close(|_| true));
        self.lock().finished = true;
        self.progressed();
    }

    /// Where the exporter counts its retries.
    pub(in crate::export::pipeline) fn retries(&self) -> Retries {
        self.lock().retries.clone()
    }

    /// Wakes the export threads of the other exporters, too.
    pub(in crate::export::pipeline) fn wake_others(&self) {
        self.fan_out.wake_others(self.index);
    }

    /// Resolves when there is something new in this queue to look at.
    pub(in crate::export::pipeline) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// The numbers and the last error, once: when the first span was lost.
    pub(in crate::export::pipeline) fn first_loss(&self) -> Option<(Stats, Option<String>)> {
        if self.lock().warned {
            return None;
        }
        self.fan_out.look(|totals| {
            let mut state = self.lock();
            // A shutdown reports all losses at its end.
            if state.warned || state.phase != Phase::Open {
                return None;
            }
            let totals = state.snapshot(totals);
            state.warned = totals.dropped.total() > 0;
            state.warned.then(|| (totals, state.last_error.clone()))
        })
    }
}
