//! What does the program do with the queue?
//!
//! It never waits for the lock longer than it takes to collect, unless it asked to wait.

use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Instant;

use super::{Phase, Queue, State};
use crate::pipeline::buffer::Buffer;
use crate::pipeline::stats::Stats;

/// What a flush or a shutdown that was begun waits for.
pub(in crate::pipeline) struct Awaited {
    since: Stats,
    /// All spans up to here.
    goal: u64,
}

/// What a flush or a shutdown found.
pub(in crate::pipeline) struct Report {
    pub(in crate::pipeline) since: Stats,
    pub(in crate::pipeline) now: Stats,
    /// How many of the spans that were waited for are still held.
    pub(in crate::pipeline) pending: u64,
    pub(in crate::pipeline) timed_out: bool,
    /// Whether nothing can go out any more.
    pub(in crate::pipeline) closed: bool,
    pub(in crate::pipeline) exporter_error: Option<String>,
    /// Why what is pending has not gone out yet, if that is known.
    pub(in crate::pipeline) pending_error: Option<String>,
    pub(in crate::pipeline) last_error: Option<String>,
}

impl Queue {
    /// A buffer for the spans that somebody ends.
    pub(in crate::pipeline) fn buffer(&self) -> Arc<Buffer> {
        let mut state = self.lock();
        // Those of threads that are gone go with what is collected, which nothing else need cause. So
        // much room is left that it is done once for many threads.
        if state.buffers.len() == state.buffers.capacity() {
            self.collect(&mut state);
            let alive = state.buffers.len();
            state.buffers.reserve(alive + 1);
        }
        let buffer = Arc::new(Buffer::new(state.phase != Phase::Open));
        state.buffers.push(Arc::clone(&buffer));
        buffer
    }

    /// What has ended does not wait for others.
    #[cfg(feature = "console")]
    pub(in crate::pipeline) fn hurry(&self) {
        let mut state = self.lock();
        self.collect(&mut state);
        state.drain_to = state.accepted;
        drop(state);
        self.intake.wake();
    }

    pub(in crate::pipeline) fn stats(&self) -> Stats {
        self.lock().snapshot()
    }

    /// Lets all spans that ended before now go out.
    pub(in crate::pipeline) fn begin_flush(&self) -> Awaited {
        let mut state = self.lock();
        self.collect(&mut state);
        let (since, goal) = (state.reported, state.accepted);
        state.drain_to = goal;
        state.flush_to = goal;
        self.intake.wake();
        Awaited { since, goal }
    }

    /// Waits until they are out, or lost, or `deadline` has come.
    pub(in crate::pipeline) fn end_flush(
        &self,
        Awaited { since, goal }: Awaited,
        deadline: Instant,
    ) -> Report {
        let state = self.wait(self.lock(), deadline, |state| state.flushed < goal);
        Self::report(state, since, goal, |state| state.flushed < goal)
    }

    /// Lets no more spans in, and those that are held go out.
    pub(in crate::pipeline) fn begin_shutdown(&self, deadline: Instant) -> Awaited {
        let mut state = self.lock();
        let since = state.reported;
        state.phase = match state.phase {
            Phase::Open => Phase::Closing(deadline),
            Phase::Closing(until) => Phase::Closing(until.max(deadline)),
            Phase::Closed => Phase::Closed,
        };
        state.retries.hurry();
        self.collect(&mut state);
        let goal = state.accepted;
        self.intake.wake();
        self.stop.notify_one();
        Awaited { since, goal }
    }

    /// Waits until the export thread is gone or `deadline` has come. What is held then is lost, unless
    /// somebody else gave the shutdown more time.
    pub(in crate::pipeline) fn end_shutdown(
        &self,
        Awaited { since, goal }: Awaited,
        deadline: Instant,
    ) -> Report {
        let mut state = self.wait(self.lock(), deadline, |_| true);
        let mut lost = VecDeque::new();
        if matches!(state.phase, Phase::Closing(until) if until <= Instant::now()) {
            lost = self.close(&mut state);
            self.progress.notify_all();
        }
        let report = Self::report(state, since, goal, |state| !state.finished);
        drop(lost);
        report
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
            pending_error: state.retries.last_error(),
            last_error: state.last_error.clone(),
        }
    }
}
