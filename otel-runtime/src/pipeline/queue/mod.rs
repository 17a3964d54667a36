//! What is held, and what became of every span that ended?
//!
//! Threads leave their spans in buffers of their own. From there they are collected into the queue by
//! whoever wants them: the export thread takes and settles ([`thread`]), the program waits
//! ([`program`]). To collect takes the lock of the queue, and then that of each buffer, so that every
//! snapshot adds up. What was collected goes out in that order; where a flush stands is therefore a
//! number.

mod program;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::batch::Piece;
use super::buffer::{Buffer, Counts};
use super::intake::Intake;
use super::stats::Stats;
use crate::config;
use crate::export::Retries;

pub(super) use program::{Awaited, Report};
pub(super) use thread::Next;

pub(super) struct Queue {
    pub(super) intake: Intake,
    state: Mutex<State>,
    batch: config::Batch,
    /// The shutdown began, or got more time.
    stop: Notify,
    /// Something changed that a flush or a shutdown may wait for.
    progress: Condvar,
}

#[derive(Default)]
struct State {
    /// Of all threads that may have ended a span, and what became of those that are gone.
    buffers: Vec<Arc<Buffer>>,
    gone: Counts,
    collected: VecDeque<Piece>,
    waiting: usize,
    in_flight: usize,
    /// The memory of those that are in flight, as what they were encoded to takes about as much.
    in_flight_bytes: usize,
    /// What the export thread knows; the rest is in the buffers, or follows from what is above.
    stats: Stats,
    /// What the exporter does again.
    retries: Retries,
    /// Spans that were ever collected, and those of them that are not held any more.
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
    pub(super) fn new(batch: config::Batch, retries: Retries) -> Self {
        Queue {
            intake: Intake::new(&batch),
            state: Mutex::new(State { retries, ..State::default() }),
            batch,
            stop: Notify::new(),
            progress: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Collects what all threads have ended.
    fn collect(&self, state: &mut State) {
        let close = state.phase != Phase::Open;
        let State { buffers, gone, collected, waiting, accepted, .. } = state;
        buffers.retain(|buffer| {
            let taken = buffer.take(close);
            self.intake.release(taken.lease);
            for mut block in taken.blocks {
                let spans = block.len();
                if spans == 0 {
                    self.intake.give_back(block);
                    continue;
                }
                *waiting += spans;
                *accepted += spans as u64;
                self.intake.shrink(&mut block);
                collected.push_back(Piece { block: Arc::new(block), range: 0..spans });
            }
            if let Some(counts) = taken.last {
                gone.add(&counts);
            }
            taken.last.is_none()
        });
    }

    /// Loses what is held.
    fn close(&self, state: &mut State) -> VecDeque<Piece> {
        state.phase = Phase::Closed;
        self.collect(state);
        let lost = std::mem::take(&mut state.waiting) + std::mem::take(&mut state.in_flight);
        state.settled += lost as u64;
        state.stats.dropped.shutdown_timeout += lost as u64;
        if lost > 0 {
            state.last_error = state.retries.last_error().or(state.last_error.take());
        }
        std::mem::take(&mut state.collected)
    }
}

impl State {
    fn snapshot(&self) -> Stats {
        let (mut counts, mut held) = (self.gone, self.waiting + self.in_flight);
        for buffer in &self.buffers {
            let (ended, spans) = buffer.counts();
            counts.add(&ended);
            held += spans;
        }
        let mut stats = Stats { held: held as u64, ended: counts.ended, ..self.stats };
        stats.left_out = counts.left_out;
        stats.retried = self.retries.count();
        stats.dropped.queue_full = counts.queue_full;
        stats.dropped.after_shutdown = counts.after_shutdown;
        stats
    }

    fn note(&mut self, result: Result<(), String>) {
        if let Err(error) = result {
            self.exporter_error = Some(error);
        }
    }
}
