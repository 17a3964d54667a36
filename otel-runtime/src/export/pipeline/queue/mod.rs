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

use super::fan_out::{FanOut, Outlet, Totals};
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
    /// Which of the exporters it is for.
    index: usize,
    pub(super) batching: Batching,
    /// Where it is counted which traces are open, for an exporter that waits for whole ones.
    open_traces: Option<OpenTraces>,
    state: Mutex<State>,
    /// When the time for the shutdown is over, as soon as there is one.
    end: watch::Sender<Option<Instant>>,
    /// The export thread is to look again.
    wake: Notify,
    /// Something changed that a flush or a shutdown may wait for.
    progress: Condvar,
    /// Of those who await it.
    wakers: Mutex<Vec<Waker>>,
}

/// What a queue is made for.
pub(super) struct Outgoing {
    pub(super) batching: Batching,
    pub(super) retries: Retries,
    pub(super) open_traces: Option<OpenTraces>,
}

#[derive(Default)]
struct State {
    collected: VecDeque<Waiting>,
    /// How many spans were ever taken in, and how many of them were taken for a batch.
    accepted: u64,
    taken: u64,
    /// The batches that are with the exporter, by the place of their first span.
    in_flight: BTreeMap<u64, InFlight>,
    /// The bytes of all that waits or is with the exporter, those of shared blocks included.
    bytes: usize,
    /// What became of what this exporter was handed; the rest follows from what is above, or was never
    /// handed on.
    stats: Stats,
    /// What the exporter does again.
    retries: Retries,
    /// Up to here, spans go out without waiting for a full batch.
    drain_to: u64,
    intervals: Intervals,
    /// What was lost before it had a place, and is told by a flush already.
    told: Dropped,
    phase: Phase,
    /// A shutdown ran out of time.
    is_given_up: bool,
    /// Whether the export thread is gone.
    finished: bool,
    last_error: Option<String>,
    warned: bool,
}

/// Spans that were not taken for a batch.
struct Waiting {
    piece: Piece,
    /// Those of the whole block, with the last of its spans.
    bytes: usize,
}

/// A batch that is with the exporter.
struct InFlight {
    spans: u64,
    /// The memory of its blocks, as what they were encoded to takes about as much.
    bytes: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// What is held goes out, until then.
    Closing(Instant),
    Closed,
}

impl Queue {
    /// Those of all exporters, which share what is collected.
    pub(super) fn all(exporters: Vec<Outgoing>) -> Vec<Arc<Queue>> {
        let batching: Vec<_> = exporters.iter().map(|it| it.batching).collect();
        let fan_out = Arc::new(FanOut::new(&batching));
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

    /// Loses what is held, if nothing goes out any more; `None` if that is not so, or it was lost before.
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

    /// How many spans are held.
    fn held(&self) -> u64 {
        self.held_before(self.accepted)
    }

    /// Loses what is held, and takes nothing any more.
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

    fn snapshot(&self, Totals { counts, held }: &Totals) -> Stats {
        let mut stats = self.stats;
        stats.ended = counts.ended;
        stats.held = held + self.held();
        stats.left_out = counts.left_out;
        stats.retried = self.retries.count();
        stats.dropped.queue_full += counts.queue_full;
        stats.dropped.after_shutdown += counts.after_shutdown;
        stats
    }

    /// What was lost before it had a place, and was not told yet.
    fn lost_before(&mut self, totals: &Totals) -> Dropped {
        let Dropped { queue_full, after_shutdown, .. } = self.snapshot(totals).dropped;
        let lost = Dropped { queue_full, after_shutdown, ..Dropped::default() };
        lost.since(&std::mem::replace(&mut self.told, lost))
    }
}

/// So many spans, as whoever has them in memory counts them.
fn count(spans: u64) -> usize {
    usize::try_from(spans).unwrap_or(usize::MAX)
}
