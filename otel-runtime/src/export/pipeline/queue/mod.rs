//! What does one exporter hold, and what became of every span that it was handed?
//!
//! Spans are [handed on](Outlet::accept) to the queue in the order in which they were collected, and have
//! places in that order. Batches are taken in order ([`export`]) and settled in any; the program waits
//! ([`flush`]):
//!
//! ```text
//!            settled_to       taken       accepted
//! 0 ──────────────┼─────────────┼────────────┼
//!   all settled     some settled    waiting
//!                 (in_flight: those that are not)
//! ```

mod accept;
mod export;
mod flush;
mod intervals;
#[cfg(test)]
pub(super) mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::iter;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;
use std::time::Instant;

use tokio::sync::{Notify, watch};

use super::fan_out::{FanOut, Holds};
use super::outlet::{Outlet, Totals};
use super::stats::{Dropped, Stats};
use crate::export::Retries;
use crate::export::open_traces::OpenTraces;
use crate::export::settings::Batching;
use crate::process::unwind::caught;
use crate::record::Piece;
use intervals::Intervals;

pub(super) use export::{BatchId, Next};
pub(super) use flush::{Awaited, Report};
pub(super) use intervals::Tally;

pub(super) struct Queue {
    pub(super) fan_out: Arc<FanOut>,
    /// The place of its exporter among all exporters.
    index: usize,
    pub(super) batching: Batching,
    /// Which traces are open, for an exporter that waits for whole traces.
    open_traces: Option<OpenTraces>,
    state: Mutex<State>,
    /// When the time for the shutdown is over; `None` until a shutdown begins.
    end: watch::Sender<Option<Instant>>,
    /// Wakes the export thread, to look again.
    wake: Notify,
    /// Wakes threads that wait for a flush or a shutdown.
    progress: Condvar,
    /// Wakes tasks that await a flush or a shutdown.
    wakers: Mutex<Vec<Waker>>,
}

/// What one exporter's queue is made of.
pub(super) struct Outgoing {
    pub(super) batching: Batching,
    pub(super) retries: Retries,
    pub(super) open_traces: Option<OpenTraces>,
}

#[derive(Default)]
struct State {
    collected: VecDeque<Waiting>,
    /// How many spans were ever taken in, and how many of them were put into a batch.
    accepted: u64,
    taken: u64,
    /// The batches that are with the exporter, by the place of their first span.
    in_flight: BTreeMap<u64, InFlight>,
    /// The bytes of all spans that wait or are with the exporter, with those of blocks that other
    /// exporters share.
    bytes: usize,
    /// What became of the spans that this exporter was handed. How many it holds follows from
    /// `accepted`, `taken` and `in_flight`; spans that ended and were never handed on are counted in
    /// [`Totals`].
    stats: Stats,
    /// How many times the exporter sent something again, and why.
    retries: Retries,
    /// Spans before this place are sent without waiting for a full batch.
    drain_to: u64,
    intervals: Intervals,
    /// The spans lost before they had a place (`queue_full`, `after_shutdown`) that flushes have
    /// reported already.
    told: Dropped,
    phase: Phase,
    /// How many shutdowns wait for what is in the stages.
    unreached: usize,
    /// A shutdown ran out of time.
    is_given_up: bool,
    /// Whether the export thread is gone.
    finished: bool,
    last_error: Option<String>,
    warned: bool,
}

/// Spans that were not put into a batch yet: a part of a block.
struct Waiting {
    piece: Piece,
    /// The bytes of the whole block. If the part is split between batches, they go with the last of its
    /// spans.
    bytes: usize,
}

/// A batch that is with the exporter.
struct InFlight {
    spans: u64,
    /// The memory of its blocks. It counts until the batch is settled, since the encoded request takes
    /// about as much.
    bytes: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// All spans that are held are to be sent, until this time.
    Closing(Instant),
    Closed,
}

impl Queue {
    /// One for each exporter; they share the spans that are collected.
    pub(super) fn all(exporters: Vec<Outgoing>, holds: Holds) -> Vec<Arc<Queue>> {
        let batching: Vec<_> = exporters.iter().map(|it| it.batching).collect();
        let fan_out = Arc::new(FanOut::new(&batching, holds));
        let queue = |(index, Outgoing { batching, retries, open_traces })| {
            Arc::new(Queue {
                fan_out: Arc::clone(&fan_out),
                index,
                batching,
                open_traces,
                state: Mutex::new(State { retries, ..State::default() }),
                end: watch::Sender::default(),
                wake: Notify::new(),
                progress: Condvar::new(),
                wakers: Mutex::default(),
            })
        };
        let queues: Vec<Arc<Queue>> = exporters.into_iter().enumerate().map(queue).collect();
        let outlet = |queue: &Arc<Queue>| Arc::downgrade(queue) as Weak<dyn Outlet>;
        fan_out.lead_to(queues.iter().map(outlet).collect());
        queues
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everybody who waits for a flush or a shutdown. The lock of the state must not be held: a
    /// waker is the program's code.
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

    /// If `is_over`, loses all spans that are held, and returns them; `None` if it is not, or they were
    /// lost before.
    fn close(&self, is_over: impl Fn(&State) -> bool) -> Option<VecDeque<Waiting>> {
        let is_to_close = |state: &State| state.phase != Phase::Closed && is_over(state);
        if !is_to_close(&self.lock()) {
            return None;
        }
        self.fan_out.leave(|| {
            let mut state = self.lock();
            is_to_close(&state).then(|| state.lose_all())
        })
    }
}

impl State {
    /// How many spans wait to be put into a batch.
    fn waiting(&self) -> u64 {
        self.accepted - self.taken
    }

    /// Up to which place all spans are settled.
    fn settled_to(&self) -> u64 {
        self.in_flight.first_key_value().map_or(self.taken, |(&first, _)| first)
    }

    /// How many spans before that place wait or are with the exporter.
    fn held_before(&self, place: u64) -> u64 {
        let in_flight = self.in_flight.range(..place).map(|(_, batch)| batch.spans);
        in_flight.sum::<u64>() + place.min(self.accepted).saturating_sub(self.taken)
    }

    /// How many spans wait or are with the exporter.
    fn held(&self) -> u64 {
        self.held_before(self.accepted)
    }

    /// Loses all spans that are held, and closes the queue.
    fn lose_all(&mut self) -> VecDeque<Waiting> {
        self.phase = Phase::Closed;
        let in_flight = std::mem::take(&mut self.in_flight);
        let lost = in_flight.iter().map(|(&first, batch)| first..first + batch.spans);
        let lost: Vec<_> = lost.chain(iter::once(self.taken..self.accepted)).collect();
        self.taken = self.accepted;
        let count: u64 = lost.iter().map(|places| places.end - places.start).sum();
        if count > 0 {
            self.stats.dropped.shutdown_timeout += count;
            self.last_error = self.retries.last_error().or(self.last_error.take());
        }
        for places in lost {
            self.intervals.lost(places, |tally, spans| {
                tally.dropped.shutdown_timeout += spans;
                tally.error.clone_from(&self.last_error);
            });
        }
        std::mem::take(&mut self.collected)
    }

    fn snapshot(&self, Totals { counts, held, lost, sampled_out, .. }: &Totals) -> Stats {
        let mut stats = self.stats;
        stats.ended = counts.ended;
        stats.held = held + self.held();
        stats.left_out = counts.left_out;
        stats.folded = counts.folded;
        stats.sampled_out = *sampled_out;
        stats.retried = self.retries.count();
        stats.dropped = [stats.dropped, *lost].into_iter().sum();
        stats.dropped.queue_full += counts.queue_full;
        stats.dropped.after_shutdown += counts.after_shutdown;
        stats
    }

    /// How many spans were lost before they had a place, since the last call.
    fn lost_before(&mut self, Totals { counts, lost, .. }: &Totals) -> Dropped {
        let Dropped { queue_full, after_shutdown, .. } = self.stats.dropped;
        let before = Dropped {
            queue_full: queue_full + counts.queue_full,
            after_shutdown: after_shutdown + counts.after_shutdown,
            ..Dropped::default()
        };
        let lost: Dropped = [before, *lost].into_iter().sum();
        lost.since(&std::mem::replace(&mut self.told, lost))
    }
}

/// A number of spans that are in memory, which fits into `usize`.
fn count(spans: u64) -> usize {
    usize::try_from(spans).unwrap_or(usize::MAX)
}
