//! Where do the spans of all threads come together, and how does every exporter get them?
//!
//! ```text
//! thread's buffer ┐                                       ┌→ queue of exporter A
//! thread's buffer ┼→ collected once, in blocks → hand_on ─┤
//! thread's buffer ┘                                       └→ queue of exporter B
//! ```
//!
//! Whoever needs the spans collects them: an export thread, a flush, a shutdown. Only one of them
//! collects at a time, under the lock of `state`. That lock is taken first, then that of a queue, then
//! that of a buffer; so every snapshot of the counters adds up.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Instant;

use super::buffer::{Buffer, Counts, Unfolded};
use super::intake::Intake;
use crate::export::settings::Batching;
use crate::record::{Block, Piece};

/// Stands between the threads that end spans and the exporters' queues.
pub(super) struct FanOut {
    pub(super) intake: Intake,
    state: Mutex<State>,
    /// In the order in which the exporters were chosen.
    outlets: OnceLock<Box<[Weak<dyn Outlet>]>>,
}

#[derive(Default)]
struct State {
    /// The buffers of all threads that may have ended a span, and the counts of buffers whose thread is
    /// gone.
    buffers: Vec<Arc<Buffer>>,
    gone: Counts,
    /// How many of the exporters take no more spans.
    closed: usize,
    /// The buffers take no more spans.
    is_closed: bool,
}

/// An exporter's queue, as this file sees it.
pub(super) trait Outlet: Send + Sync {
    /// Takes in collected spans, which come after all those that it took in before. With `wakes`, wakes
    /// the export thread if they fill a batch; without, that thread is the caller, and looks by itself.
    fn accept(&self, pieces: Vec<Piece>, wakes: bool);

    /// Wakes the export thread, so that it looks again.
    fn wake(&self);
}

/// What became of the spans that were not handed on to the exporters.
pub(super) struct Totals {
    pub(super) counts: Counts,
    /// How many wait in buffers.
    pub(super) held: u64,
}

impl FanOut {
    pub(super) fn new(exporters: &[Batching]) -> Self {
        FanOut { intake: Intake::new(exporters), state: Mutex::default(), outlets: OnceLock::new() }
    }

    /// Sets the queues, once, before the first span.
    pub(super) fn lead_to(&self, outlets: Vec<Weak<dyn Outlet>>) {
        let _ = self.outlets.set(outlets.into());
    }

    /// A new buffer, for a thread that will end spans.
    pub(super) fn buffer(&self) -> Arc<Buffer> {
        let mut state = self.lock();
        // If few spans end, nobody may ever collect, and buffers of threads that are gone would pile
        // up. So collect when the list is full, and then double its room, so that this is seldom.
        if state.buffers.len() == state.buffers.capacity() {
            self.collect_from(&mut state, None, due());
            let alive = state.buffers.len();
            state.buffers.reserve(alive + 1);
        }
        let buffer = Arc::new(Buffer::new(state.is_closed));
        state.buffers.push(Arc::clone(&buffer));
        self.intake.shared_by(state.buffers.len());
        buffer
    }

    /// Collects the spans that all threads have ended. `by` is the exporter whose export thread calls
    /// this: it is not woken, since it looks at its queue next.
    pub(super) fn collect(&self, by: Option<usize>) {
        self.collect_from(&mut self.lock(), by, due());
    }

    /// Collects, with all that is folded, then calls `look`, before anybody else can collect.
    pub(super) fn collect_and<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        let mut state = self.lock();
        self.collect_from(&mut state, None, Unfolded::All);
        look(&state.totals())
    }

    /// Closes the buffers to new spans, collects those that are there, then calls `look`.
    pub(super) fn close_and<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        let mut state = self.lock();
        state.is_closed = true;
        self.collect_from(&mut state, None, Unfolded::All);
        look(&state.totals())
    }

    /// Calls `look` with the numbers of the spans that are not handed on, while nobody can collect.
    pub(super) fn look<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        look(&self.lock().totals())
    }

    /// Hands on all spans, then calls `close`, by which one exporter stops taking spans. If that
    /// returns `None`, the exporter does not stop now, or had stopped before. When the last exporter
    /// stops, the buffers are closed, too.
    pub(super) fn leave<R>(&self, close: impl FnOnce() -> Option<R>) -> Option<R> {
        let mut state = self.lock();
        self.collect_from(&mut state, None, Unfolded::All);
        let closed = close()?;
        state.closed += 1;
        if state.closed == self.outlets().len() {
            state.is_closed = true;
            self.collect_from(&mut state, None, Unfolded::All);
        }
        Some(closed)
    }

    /// Wakes the export threads of all exporters other than `than`.
    pub(super) fn wake_others(&self, than: usize) {
        let others = self.outlets().iter().enumerate().filter(|(index, _)| *index != than);
        for outlet in others.filter_map(|(_, outlet)| outlet.upgrade()) {
            outlet.wake();
        }
    }

    fn collect_from(&self, state: &mut State, by: Option<usize>, unfolded: Unfolded) {
        let State { buffers, gone, is_closed, .. } = state;
        let mut blocks = Vec::new();
        buffers.retain(|buffer| {
            let taken = buffer.take(&self.intake, unfolded, *is_closed);
            let spans = taken.blocks.iter().map(Block::len).sum();
            self.intake.collected(spans, taken.reported, taken.lease);
            blocks.extend(taken.blocks);
            if let Some(counts) = taken.last {
                gone.add(&counts);
            }
            taken.last.is_none()
        });
        self.intake.shared_by(buffers.len());
        self.hand_on(blocks, by);
    }

    /// Hands on the collected blocks to every exporter, in the order of `outlets`. Work that is to be
    /// done once, however many exporters there are, belongs here: on the blocks, before they are
    /// shared.
    ///
    /// Two cautions for such a stage:
    ///
    /// - A flush or a shutdown collects on its caller's thread, under the lock of `state`. A stage that is
    ///   slow, or that calls the program's code, must first make a flush ask an export thread to collect.
    /// - Spans that a stage holds back have to be added to [`Totals::held`], or the counters of
    ///   [`Stats`](super::stats::Stats) no longer add up: `ended` is `exported`, `held`, `folded` and `dropped`.
    fn hand_on(&self, blocks: Vec<Block>, by: Option<usize>) {
        let mut pieces = Vec::with_capacity(blocks.len());
        for mut block in blocks {
            let spans = block.len();
            if spans == 0 {
                self.intake.memory.give_back(block);
                continue;
            }
            self.intake.memory.shrink(&mut block);
            pieces.push(Piece { block: Arc::new(block), range: 0..spans });
        }
        let Some((last, others)) = self.outlets().split_last().filter(|_| !pieces.is_empty())
        else {
            return;
        };
        let hand = |index: usize, outlet: &Weak<dyn Outlet>, pieces| {
            if let Some(outlet) = outlet.upgrade() {
                outlet.accept(pieces, by != Some(index));
            }
        };
        for (index, outlet) in others.iter().enumerate() {
            hand(index, outlet, pieces.clone());
        }
        hand(others.len(), last, pieces);
    }

    /// How many buffers there are.
    #[cfg(test)]
    pub(super) fn buffers(&self) -> usize {
        self.lock().buffers.len()
    }

    fn outlets(&self) -> &[Weak<dyn Outlet>] {
        self.outlets.get().map_or(&[], |outlets| outlets)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has waited long enough by now.
fn due() -> Unfolded {
    Unfolded::Due(Instant::now())
}

impl State {
    fn totals(&self) -> Totals {
        let mut totals = Totals { counts: self.gone, held: 0 };
        for buffer in &self.buffers {
            let (counts, spans) = buffer.counts();
            totals.counts.add(&counts);
            totals.held += spans as u64;
        }
        totals
    }
}
