//! What is held, and what became of every span that ended?
//!
//! Threads leave their spans in buffers of their own. From there they are collected into the queue by
//! whoever wants them: the export thread takes and settles ([`thread`]), the program waits
//! ([`program`]). To collect takes the lock of the queue, and then that of each buffer, so that every
//! snapshot adds up. A span that was collected has a place, in that order. Batches are taken in order
//! and settled in any:
//!
//! ```text
//!            settled_to       taken       accepted
//! 0 ──────────────┼─────────────┼────────────┼
//!   all settled     some settled    waiting
//!                 (in_flight: those that are not)
//! ```

mod intervals;
mod program;
#[cfg(test)]
pub(super) mod tests;
mod thread;

use std::collections::{BTreeMap, VecDeque};
use std::iter;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Instant;

use tokio::sync::watch;

use super::buffer::{Buffer, Counts};
use super::intake::Intake;
use super::stats::{Dropped, Stats};
use crate::export::Retries;
use crate::export::settings::Batching;
use crate::process::unwind::caught;
use crate::record::Piece;
use intervals::Intervals;

pub(super) use intervals::Tally;
pub(super) use program::{Awaited, Report};
pub(super) use thread::{BatchId, Next};

pub(super) struct Queue {
    pub(super) intake: Intake,
    state: Mutex<State>,
    batch: Batching,
    /// When the time for the shutdown is over, as soon as there is one.
    end: watch::Sender<Option<Instant>>,
    /// Something changed that a flush or a shutdown may wait for.
    progress: Condvar,
    /// Of those who await it.
    wakers: Mutex<Vec<Waker>>,
}

#[derive(Default)]
struct State {
    /// Of all threads that may have ended a span, and what became of those that are gone.
    buffers: Vec<Arc<Buffer>>,
    gone: Counts,
    collected: VecDeque<Piece>,
    /// How many spans were ever collected, and how many of them were taken for a batch.
    accepted: u64,
    taken: u64,
    /// The batches that are with the exporter, by the place of their first span.
    in_flight: BTreeMap<u64, InFlight>,
    /// What the export thread knows; the rest is in the buffers, or follows from what is above.
    stats: Stats,
    /// What the exporter does again.
    retries: Retries,
    /// Up to here, spans go out without waiting for a full batch.
    drain_to: u64,
    intervals: Intervals,
    /// What was lost in the buffers and is told by a flush already.
    told: Dropped,
    phase: Phase,
    /// A shutdown ran out of time.
    is_given_up: bool,
    /// Whether the export thread is gone.
    finished: bool,
    last_error: Option<String>,
    warned: bool,
}

/// A batch that is with the exporter.
struct InFlight {
    spans: u64,
    /// Its memory, as what it was encoded to takes about as much.
    bytes: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// No more spans are taken; what is held goes out, until then.
    Closing(Instant),
    Closed,
}

impl Queue {
    pub(super) fn new(batch: Batching, retries: Retries) -> Self {
        Queue {
            intake: Intake::new(&batch),
            state: Mutex::new(State { retries, ..State::default() }),
            batch,
            end: watch::Sender::default(),
            progress: Condvar::new(),
            wakers: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets all look who wait for a flush or a shutdown. Not while the lock of the state is held: a
    /// waker is the program's.
    pub(super) fn progressed(&self) {
        self.progress.notify_all();
        let wakers = std::mem::take(&mut *self.wakers());
        for waker in wakers {
            let _ = caught(|| waker.wake());
        }
    }

    fn wakers(&self) -> MutexGuard<'_, Vec<Waker>> {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Collects what all threads have ended.
    fn collect(&self, state: &mut State) {
        let close = state.phase != Phase::Open;
        let State { buffers, gone, collected, accepted, .. } = state;
        buffers.retain(|buffer| {
            let taken = buffer.take(close);
            let spans = taken.blocks.iter().map(crate::record::Block::len).sum();
            self.intake.collected(spans, taken.reported, taken.lease);
            *accepted += spans as u64;
            for mut block in taken.blocks {
                let spans = block.len();
                if spans == 0 {
                    self.intake.give_back(block);
                    continue;
                }
                self.intake.shrink(&mut block);
                collected.push_back(Piece { block: Arc::new(block), range: 0..spans });
            }
            if let Some(counts) = taken.last {
                gone.add(&counts);
            }
            taken.last.is_none()
        });
        self.intake.shared_by(buffers.len());
    }

    /// Loses what is held.
    fn close(&self, state: &mut State) -> VecDeque<Piece> {
        state.phase = Phase::Closed;
        self.collect(state);
        let in_flight = std::mem::take(&mut state.in_flight);
        let lost = in_flight.iter().map(|(&first, batch)| first..first + batch.spans);
        let lost: Vec<_> = lost.chain(iter::once(state.taken..state.accepted)).collect();
        state.taken = state.accepted;
        let count: u64 = lost.iter().map(|places| places.end - places.start).sum();
        if count > 0 {
            state.stats.dropped.shutdown_timeout += count;
            state.last_error = state.retries.last_error().or(state.last_error.take());
        }
        for places in lost {
            state.intervals.lost(places, |tally, spans| {
                tally.dropped.shutdown_timeout += spans;
                tally.error.clone_from(&state.last_error);
            });
        }
        std::mem::take(&mut state.collected)
    }
}

impl State {
    /// How many spans wait to be taken.
    fn waiting(&self) -> u64 {
        self.accepted - self.taken
    }

    /// All spans before this place are settled.
    fn settled_to(&self) -> u64 {
        self.in_flight.first_key_value().map_or(self.taken, |(&first, _)| first)
    }

    /// How many spans before that place are held.
    fn held_before(&self, place: u64) -> u64 {
        let in_flight = self.in_flight.range(..place).map(|(_, batch)| batch.spans);
        in_flight.sum::<u64>() + place.saturating_sub(self.taken)
    }

    fn snapshot(&self) -> Stats {
        let (mut counts, mut held) = (self.gone, self.held_before(self.accepted));
        for buffer in &self.buffers {
            let (ended, spans) = buffer.counts();
            counts.add(&ended);
            held += spans as u64;
        }
        let mut stats = Stats { held, ended: counts.ended, ..self.stats };
        stats.left_out = counts.left_out;
        stats.retried = self.retries.count();
        stats.dropped.queue_full = counts.queue_full;
        stats.dropped.after_shutdown = counts.after_shutdown;
        stats
    }

    /// What was lost in the buffers, and was not told yet.
    fn lost_in_buffers(&mut self) -> Dropped {
        let Stats { dropped, .. } = self.snapshot();
        let Dropped { queue_full, after_shutdown, .. } = dropped;
        let lost = Dropped { queue_full, after_shutdown, ..Dropped::default() };
        lost.since(&std::mem::replace(&mut self.told, lost))
    }
}
