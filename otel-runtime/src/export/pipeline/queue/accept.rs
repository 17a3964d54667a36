//! Which spans does a queue take in, and which of them are sent without waiting for a full batch?

use std::sync::Arc;

use opentelemetry::trace::TraceId;

use super::{Phase, Queue, Waiting, count};
use crate::export::open_traces::is_local_root;
use crate::export::pipeline::outbox::Room;
use crate::export::pipeline::outlet::{Outlet, Totals};
use crate::export::settings::Batching;
use crate::record::{Piece, Span};

impl Outlet for Queue {
    /// Spans for which this queue has no room are lost, for this exporter only.
    fn accept(&self, pieces: Vec<Piece>, wakes: bool) {
        let Batching { max_queue_size, max_queue_bytes, max_export_batch_size, .. } = self.batching;
        let intake = &self.fan_out.intake;
        let is_staged = self.fan_out.is_staged();
        let mut state = self.lock();
        let was_empty = state.waiting() == 0;
        for Piece { block, mut range } in pieces {
            let (spans, bytes) = (range.len(), block.capacity());
            if state.phase == Phase::Closed {
                state.stats.dropped.after_shutdown += spans as u64;
                self.roots_lost(&Piece { block, range });
                continue;
            }
            let fits = if state.bytes + bytes <= max_queue_bytes {
                spans.min(max_queue_size.saturating_sub(count(state.held())))
            } else {
                0
            };
            if fits < spans {
                state.stats.dropped.queue_full += (spans - fits) as u64;
                intake.done(self.index, spans - fits, if fits == 0 { bytes } else { 0 });
                let taken = range.start + fits;
                self.roots_lost(&Piece { block: Arc::clone(&block), range: taken..range.end });
                range.end = taken;
            }
            if fits > 0 {
                state.accepted += fits as u64;
                state.bytes += bytes;
                state.collected.push_back(Waiting { piece: Piece { block, range }, bytes });
            }
        }
        intake.waits(self.index, count(state.waiting()));
        if is_staged && self.follows_traces() {
            state.drain_to = state.accepted;
        }
        // After the stages the schedule's delay begins here, and not when a thread sets room aside.
        let begins = is_staged && (was_empty || state.taken < state.drain_to);
        if wakes && (begins || state.waiting() >= max_export_batch_size as u64) {
            self.wake();
        }
    }

    fn wake(&self) {
        self.wake.notify_one();
    }

    fn room(&self) -> Room {
        let Batching { max_queue_size, max_queue_bytes, .. } = self.batching;
        let state = self.lock();
        if state.phase == Phase::Closed {
            return Room::default();
        }
        Room {
            spans: max_queue_size.saturating_sub(count(state.held())),
            bytes: max_queue_bytes.saturating_sub(state.bytes),
            is_all: state.bytes == 0,
        }
    }

    fn follows_traces(&self) -> bool {
        self.open_traces.is_some()
    }

    fn root_dropped(&self, trace: TraceId) {
        if let Some(open) = &self.open_traces {
            open.lost(trace);
        }
    }

    fn reached(&self, interval: u64, totals: &Totals) {
        let mut state = self.lock();
        let end = state.accepted;
        state.drain_to = end;
        if !state.intervals.is_to_flush(interval.into()) {
            state.unreached = state.unreached.saturating_sub(1);
        }
        let lost = state.lost_before(totals);
        state.intervals.ends_at(interval.into(), end, lost);
        drop(state);
        self.wake();
    }
}

/// For an exporter that waits for whole traces.
impl Queue {
    /// A local root has started: its trace is open.
    pub(in crate::export::pipeline) fn root_started(&self, trace: TraceId) {
        if let Some(open) = &self.open_traces {
            open.started(trace);
        }
    }

    /// A local root has ended. If it was taken in (not dropped), it is sent without waiting for a full
    /// batch.
    pub(in crate::export::pipeline) fn root_ended(&self, trace: TraceId, is_taken: bool) {
        if is_taken && self.fan_out.has_tail {
            // Whether it is sent is decided later.
        } else if is_taken {
            self.hurry();
        } else if let Some(open) = &self.open_traces {
            open.lost(trace);
        }
    }

    fn roots_lost(&self, piece: &Piece) {
        let Some(open) = &self.open_traces else { return };
        for Span { finished, .. } in piece.iter() {
            if is_local_root(finished.parent_span_id, finished.parent_span_is_remote) {
                open.lost(finished.trace_id);
            }
        }
    }

    /// Everything that ended up to now is sent without waiting for a full batch.
    pub(super) fn hurry(&self) {
        self.fan_out.collect(None);
        let mut state = self.lock();
        state.drain_to = state.accepted;
        drop(state);
        self.wake();
    }
}
