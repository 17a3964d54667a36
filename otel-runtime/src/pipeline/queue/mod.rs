//! What is held, and what became of every span that ended?
//!
//! The program's threads push and wait ([`program`]), the export thread takes and settles
//! ([`thread`]). All of it is behind one lock, so that every snapshot adds up. Spans go out in the
//! order in which they came in; where a flush stands is therefore a number.

mod program;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry_sdk::trace::SpanData;
use tokio::sync::Notify;

use super::stats::Stats;
use crate::config::Batch;
use crate::export::Retries;

pub(super) use program::Report;
pub(super) use thread::Next;

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
    /// Without `held`, which follows from the two above, and without `retried`.
    stats: Stats,
    /// What the exporter does again.
    retries: Retries,
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

impl Queue {
    pub(super) fn new(batch: Batch, retries: Retries) -> Self {
        Queue {
            state: Mutex::new(State { retries, ..State::default() }),
            batch,
            wake: Notify::new(),
            stop: Notify::new(),
            progress: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn snapshot(&self) -> Stats {
        let held = (self.spans.len() + self.in_flight) as u64;
        Stats { held, retried: self.retries.count(), ..self.stats }
    }

    fn close(&mut self) -> VecDeque<SpanData> {
        self.phase = Phase::Closed;
        let lost = (self.spans.len() + std::mem::take(&mut self.in_flight)) as u64;
        self.settled += lost;
        self.stats.dropped.shutdown_timeout += lost;
        if lost > 0 {
            self.last_error = self.retries.last_error().or(self.last_error.take());
        }
        std::mem::take(&mut self.spans)
    }

    fn note(&mut self, result: Result<(), String>) {
        if let Err(error) = result {
            self.exporter_error = Some(error);
        }
    }
}
