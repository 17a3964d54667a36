//! What does the program do with the queue?
//!
//! It flushes, and shuts down. `begin_*` takes the lock only as long as it takes to collect the spans;
//! `end_*` waits until they are out.

use std::sync::PoisonError;
use std::task::Waker;
use std::time::Instant;

use super::intervals::{Id, Tally};
use super::{Outlet, Phase, Queue, State, Totals};
use crate::export::pipeline::stats::Stats;

/// What a flush or a shutdown that has begun waits for: the end of its interval of spans.
#[derive(Clone, Copy)]
pub(in crate::export::pipeline) struct Awaited(Id);

/// What a flush or a shutdown found.
pub(in crate::export::pipeline) struct Report {
    /// What became of the spans of its interval.
    pub(in crate::export::pipeline) told: Tally,
    /// How many of the spans that it waited for are still held.
    pub(in crate::export::pipeline) pending: u64,
    pub(in crate::export::pipeline) timed_out: bool,
    /// Whether the exporter takes no more spans, so that those that end now are lost.
    pub(in crate::export::pipeline) closed: bool,
    /// Why the pending spans have not gone out yet, if that is known.
    pub(in crate::export::pipeline) pending_error: Option<String>,
    /// The exporter's numbers since the start.
    pub(in crate::export::pipeline) now: Stats,
    pub(in crate::export::pipeline) last_error: Option<String>,
}

impl Queue {
    /// Whether a shutdown ran out of time, and the export thread is not gone yet.
    pub(in crate::export::pipeline) fn is_given_up(&self) -> bool {
        let state = self.lock();
        state.is_given_up && !state.finished
    }

    pub(in crate::export::pipeline) fn stats(&self) -> Stats {
        self.fan_out.look(|totals| self.lock().snapshot(totals))
    }

    /// How many spans the tail has not decided about.
    pub(in crate::export::pipeline) fn undecided(&self) -> u64 {
        self.fan_out.look(|totals| totals.undecided)
    }

    /// Begins to send all spans that ended before now.
    /// With `decides`, those about which the tail has not decided are decided about, too.
    pub(in crate::export::pipeline) fn begin_flush(&self, decides: bool) -> Awaited {
        let awaited = self.fan_out.collect_and(self.index, decides, |totals| {
            let mut state = self.lock();
            state.drain_to = state.accepted;
            let end = totals.is_whole.then_some(state.accepted);
            let lost = state.lost_before(totals);
            state.intervals.begin(end, lost, true)
        });
        self.wake();
        Awaited(awaited)
    }

    /// Waits until these spans are delivered or lost, or `deadline` has come.
    pub(in crate::export::pipeline) fn end_flush(
        &self,
        awaited: Awaited,
        deadline: Instant,
    ) -> Report {
        let Awaited(id) = awaited;
        let is_to_flush = |state: &State| state.intervals.is_to_flush(id);
        self.wait(deadline, is_to_flush);
        self.fan_out.look(|totals| self.lock().report(totals, id, is_to_flush))
    }

    /// Begins to send all spans that are held, and takes no more.
    pub(in crate::export::pipeline) fn begin_shutdown(&self, deadline: Instant) -> Awaited {
        let awaited = self.fan_out.close_and(self.index, |totals| {
            let mut state = self.lock();
            state.phase = match state.phase {
                Phase::Open => Phase::Closing(deadline),
                Phase::Closing(until) => Phase::Closing(until.max(deadline)),
                Phase::Closed => Phase::Closed,
            };
            if let Phase::Closing(until) = state.phase {
                self.end.send_replace(Some(until));
            }
            state.retries.hurry();
            state.unreached += usize::from(!totals.is_whole);
            let end = totals.is_whole.then_some(state.accepted);
            let lost = state.lost_before(totals);
            // Unlike a flush, a shutdown does not flush the exporter: it ends it.
            state.intervals.begin(end, lost, false)
        });
        self.wake();
        Awaited(awaited)
    }

    /// Waits until the export thread is gone or `deadline` has come. Spans that are held then are lost,
    /// unless another shutdown gave them more time.
    pub(in crate::export::pipeline) fn end_shutdown(
        &self,
        awaited: Awaited,
        deadline: Instant,
    ) -> Report {
        let Awaited(id) = awaited;
        self.wait(deadline, |_| true);
        let is_over =
            |state: &State| matches!(state.phase, Phase::Closing(until) if until <= Instant::now());
        let lost = self.close(is_over);
        let report = self.fan_out.look(|totals| {
            let mut state = self.lock();
            state.is_given_up |= state.phase == Phase::Closed && !state.finished;
            if lost.is_some() {
                let lost = state.lost_before(totals);
                state.intervals.lost_of(id, lost);
            }
            state.report(totals, id, |_| true)
        });
        self.wake();
        self.progressed();
        drop(lost);
        report
    }

    /// Whether a flush has nothing more to wait for; if not, `waker` is woken when to ask again.
    pub(in crate::export::pipeline) fn is_flushed(
        &self,
        Awaited(id): Awaited,
        waker: &Waker,
    ) -> bool {
        self.is_over(waker, |state| !state.intervals.is_to_flush(id))
    }

    /// Whether a shutdown has nothing more to wait for; if not, `waker` is woken when to ask again.
    pub(in crate::export::pipeline) fn is_shut_down(&self, waker: &Waker) -> bool {
        self.is_over(waker, |_| false)
    }

    fn is_over(&self, waker: &Waker, is_over: impl Fn(&State) -> bool) -> bool {
        let mut wakers = self.wakers();
        // Added before the look, or a change between the two would wake nobody.
        if !wakers.iter().any(|it| it.will_wake(waker)) {
            wakers.push(waker.clone());
        }
        drop(wakers);
        let state = self.lock();
        state.finished || is_over(&state)
    }

    /// Nobody asks for the result of this flush or shutdown any more: the next one reports it.
    pub(in crate::export::pipeline) fn forget(&self, Awaited(id): Awaited) {
        self.lock().intervals.forget(id);
    }

    fn wait(&self, deadline: Instant, until: impl Fn(&State) -> bool) {
        let time = deadline.saturating_duration_since(Instant::now());
        let waits = |state: &mut State| !state.finished && until(state);
        let waited = self.progress.wait_timeout_while(self.lock(), time, waits);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl State {
    fn report(&mut self, totals: &Totals, id: Id, unfinished: impl Fn(&State) -> bool) -> Report {
        let timed_out = !self.finished && unfinished(self);
        let pending = self.held_before(self.intervals.end(id));
        let settled = self.settled_to();
        let told = self.intervals.report(id, settled);
        Report {
            pending,
            // If the export thread was the first to see that the time was over, it has lost the spans
            // already.
            timed_out: timed_out || told.dropped.shutdown_timeout > 0,
            told,
            closed: self.phase == Phase::Closed,
            pending_error: self.retries.last_error(),
            now: self.snapshot(totals),
            last_error: self.last_error.clone(),
        }
    }
}
