//! What is held, and what became of every span that ended?
//!
//! All of it is behind one lock, so that every snapshot adds up. Spans go out in the order in which
//! they came in; where a flush stands is therefore a number.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry_sdk::trace::SpanData;
use tokio::sync::Notify;

use super::attempt::Outcome;
use super::stats::Stats;
use crate::config::Batch;

pub(super) struct Queue {
    state: Mutex<State>,
    batch: Batch,
    /// Something changed that the export thread should look at.
    wake: Notify,
    /// The shutdown began, or got more time.
    stop: Notify,
    /// Something changed that a flush or a shutdown may wait for.
    progress: Condvar,
}

#[derive(Default)]
struct State {
    spans: VecDeque<SpanData>,
    in_flight: usize,
    /// Without `held`, which follows from the two above.
    stats: Stats,
    /// Spans that were ever accepted, and those of them that are not held any more.
    accepted: u64,
    settled: u64,
    /// Up to here, spans go out without waiting for a full batch.
    drain_to: u64,
    /// Up to here, somebody waits for a flush, and up to here it was done.
    flush_to: u64,
    flushed: u64,
    phase: Phase,
    /// Whether the export thread is gone.
    finished: bool,
    /// What was told by the last flush.
    reported: Stats,
    last_error: Option<String>,
    /// The exporter failed to flush or to shut down, and nobody has been told.
    exporter_error: Option<String>,
    warned: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    /// No more spans are taken; what is held goes out, until then.
    Closing(Instant),
    Closed,
}

/// What the export thread should do next.
pub(super) enum Next {
    Export(Vec<SpanData>),
    /// Flush the exporter, and say that it was flushed up to here.
    Flush(u64),
    /// Wait to be woken; if spans are held, for the schedule's delay at most.
    Wait {
        held: bool,
    },
    Stop,
}

/// What a flush or a shutdown found.
pub(super) struct Report {
    pub(super) since: Stats,
    pub(super) now: Stats,
    /// How many of the spans that were waited for are still held.
    pub(super) pending: u64,
    pub(super) timed_out: bool,
    /// Whether nothing can go out any more.
    pub(super) closed: bool,
    pub(super) exporter_error: Option<String>,
    pub(super) last_error: Option<String>,
}

/// The side of the program: never blocks but for the lock, which is held for moments.
impl Queue {
    pub(super) fn new(batch: Batch) -> Self {
        Queue {
            state: Mutex::default(),
            batch,
            wake: Notify::new(),
            stop: Notify::new(),
            progress: Condvar::new(),
        }
    }

    /// Takes in a span that ended, or drops it, counted. `urgent` spans do not wait for others.
    pub(super) fn push(&self, span: SpanData, urgent: bool) -> bool {
        // `span`, if it is dropped, is dropped after the lock: a parameter outlives the locals.
        let mut state = self.lock();
        state.stats.ended += 1;
        if state.phase != Phase::Open {
            state.stats.dropped.after_shutdown += 1;
            return false;
        }
        if state.spans.len() >= self.batch.max_queue_size {
            state.stats.dropped.queue_full += 1;
            return false;
        }
        state.spans.push_back(span);
        state.accepted += 1;
        if urgent {
            state.drain_to = state.accepted;
        }
        // The first one starts the schedule's delay.
        let held = state.spans.len();
        if urgent || held == 1 || held == self.batch.max_export_batch_size {
            self.wake.notify_one();
        }
        true
    }

    pub(super) fn stats(&self) -> Stats {
        self.lock().snapshot()
    }

    /// Waits until all spans that ended before now are out, or lost, or `deadline` has come.
    pub(super) fn flush(&self, deadline: Instant) -> Report {
        let mut state = self.lock();
        let (since, goal) = (state.reported, state.accepted);
        state.drain_to = goal;
        state.flush_to = goal;
        self.wake.notify_one();
        let state = self.wait(state, deadline, |state| state.flushed < goal);
        Self::report(state, since, goal, |state| state.flushed < goal)
    }

    /// Lets no more spans in, and waits until the export thread is gone or `deadline` has come. What
    /// is held then is lost, unless somebody else gave the shutdown more time.
    pub(super) fn shutdown(&self, deadline: Instant) -> Report {
        let mut state = self.lock();
        let since = state.reported;
        let goal = state.accepted;
        state.phase = match state.phase {
            Phase::Open => Phase::Closing(deadline),
            Phase::Closing(until) => Phase::Closing(until.max(deadline)),
            Phase::Closed => Phase::Closed,
        };
        self.wake.notify_one();
        self.stop.notify_one();
        let mut state = self.wait(state, deadline, |_| true);
        let mut lost = VecDeque::new();
        if matches!(state.phase, Phase::Closing(until) if until <= Instant::now()) {
            lost = state.close();
            self.progress.notify_all();
        }
        let report = Self::report(state, since, goal, |state| !state.finished);
        drop(lost);
        report
    }

    /// Whether anything was lost for the first time; true once.
    pub(super) fn first_loss(&self) -> Option<(Stats, Option<String>)> {
        let mut state = self.lock();
        // A shutdown tells everything at its end.
        if state.warned || state.stats.dropped.total() == 0 || state.phase != Phase::Open {
            return None;
        }
        state.warned = true;
        Some((state.snapshot(), state.last_error.clone()))
    }

    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        deadline: Instant,
        until: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let time = deadline.saturating_duration_since(Instant::now());
        self.progress
            .wait_timeout_while(state, time, |state| !state.finished && until(state))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn report(
        mut state: MutexGuard<'_, State>,
        since: Stats,
        goal: u64,
        unfinished: impl Fn(&State) -> bool,
    ) -> Report {
        let now = state.snapshot();
        state.reported = now;
        let timed_out = !state.finished && unfinished(&state);
        Report {
            since,
            now,
            pending: goal.saturating_sub(state.settled),
            timed_out,
            closed: state.phase == Phase::Closed,
            exporter_error: state.exporter_error.take(),
            last_error: state.last_error.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The side of the export thread.
impl Queue {
    /// What to do next; `due` says that the schedule's delay is over.
    pub(super) fn next(&self, due: bool) -> Next {
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
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Resolves when the time for the shutdown is over.
    pub(super) async fn stopped(&self) {
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
    pub(super) fn settle(&self, outcome: Outcome) {
        let mut state = self.lock();
        // Zero if the shutdown gave it up meanwhile.
        let spans = std::mem::take(&mut state.in_flight) as u64;
        state.settled += spans;
        let totals = &mut state.stats;
        let (count, error) = match outcome {
            Outcome::Exported => (&mut totals.exported, None),
            Outcome::Failed(why) => (&mut totals.dropped.export_failed, Some(why)),
            Outcome::TimedOut(after) => {
                (&mut totals.dropped.export_timeout, Some(format!("no answer within {after:?}")))
            }
            Outcome::Panicked(why) => (&mut totals.dropped.exporter_panicked, Some(why)),
            Outcome::Stopped => (&mut totals.dropped.shutdown_timeout, None),
        };
        *count += spans;
        if error.is_some() {
            state.last_error = error;
        }
        self.progress.notify_all();
    }

    /// The exporter was flushed up to here.
    pub(super) fn flushed(&self, up_to: u64, result: Result<(), String>) {
        let mut state = self.lock();
        state.flushed = up_to;
        state.note(result);
        self.progress.notify_all();
    }

    /// The exporter was shut down.
    pub(super) fn exporter_shut_down(&self, result: Result<(), String>) {
        self.lock().note(result);
    }

    /// Nothing goes out any more, for whatever reason; what is held is lost.
    pub(super) fn close(&self) {
        let lost = self.lock().close();
        drop(lost);
        self.progress.notify_all();
    }

    /// The export thread is gone.
    pub(super) fn finish(&self) {
        let lost = {
            let mut state = self.lock();
            state.finished = true;
            state.close()
        };
        drop(lost);
        self.progress.notify_all();
    }
}

impl State {
    fn snapshot(&self) -> Stats {
        Stats { held: (self.spans.len() + self.in_flight) as u64, ..self.stats }
    }

    fn close(&mut self) -> VecDeque<SpanData> {
        self.phase = Phase::Closed;
        let lost = (self.spans.len() + std::mem::take(&mut self.in_flight)) as u64;
        self.settled += lost;
        self.stats.dropped.shutdown_timeout += lost;
        std::mem::take(&mut self.spans)
    }

    fn note(&mut self, result: Result<(), String>) {
        if let Err(error) = result {
            self.exporter_error = Some(error);
        }
    }
}
