//! Where do the spans of all threads come together, and how does every exporter get them?
//!
//! ```text
//! thread's buffer ┐                                       ┌→ queue of exporter A
//! thread's buffer ┼→ collected once, in blocks → hand_on ─┤
//! thread's buffer ┘                                       └→ queue of exporter B
//! ```
//!
//! Whoever wants the spans collects them: an export thread, a flush, a shutdown. That is one at a time,
//! under one lock, which is taken before that of a queue and that of a buffer; so every snapshot of
//! the counters adds up.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use super::buffer::{Buffer, Counts};
use super::intake::Intake;
use crate::export::settings::Batching;
use crate::record::{Block, Piece};

/// What threads share that end spans, and exporters that take them.
pub(super) struct FanOut {
    pub(super) intake: Intake,
    state: Mutex<State>,
    /// In the order in which the exporters were chosen.
    outlets: OnceLock<Box<[Weak<dyn Outlet>]>>,
}

#[derive(Default)]
struct State {
    /// Of all threads that may have ended a span, and what became of those that are gone.
    buffers: Vec<Arc<Buffer>>,
    gone: Counts,
    /// How many exporters take no more spans.
    closed: usize,
    /// No more spans are let in.
    is_closed: bool,
}

/// Where an exporter takes in what was collected.
pub(super) trait Outlet: Send + Sync {
    /// Takes in spans that come after those before. With `wakes`, somebody else looks when a batch is
    /// full.
    fn accept(&self, pieces: Vec<Piece>, wakes: bool);

    /// Lets the export thread look again.
    fn wake(&self);
}

/// What became of the spans that were not handed on.
pub(super) struct Totals {
    pub(super) counts: Counts,
    /// How many are in buffers.
    pub(super) held: u64,
}

impl FanOut {
    pub(super) fn new(exporters: &[Batching]) -> Self {
        FanOut { intake: Intake::new(exporters), state: Mutex::default(), outlets: OnceLock::new() }
    }

    /// Says once, before the first span, where the spans go.
    pub(super) fn lead_to(&self, outlets: Vec<Weak<dyn Outlet>>) {
        let _ = self.outlets.set(outlets.into());
    }

    /// A buffer for the spans that somebody ends.
    pub(super) fn buffer(&self) -> Arc<Buffer> {
        let mut state = self.lock();
        // Those of threads that are gone go with what is collected, which nothing else need cause. So
        // much room is left that it is done once for many threads.
        if state.buffers.len() == state.buffers.capacity() {
            self.collect_from(&mut state, None);
            let alive = state.buffers.len();
            state.buffers.reserve(alive + 1);
        }
        let buffer = Arc::new(Buffer::new(state.is_closed));
        state.buffers.push(Arc::clone(&buffer));
        self.intake.shared_by(state.buffers.len());
        buffer
    }

    /// Collects what all threads have ended. `by` is the exporter whose thread this is, which looks
    /// at its queue by itself.
    pub(super) fn collect(&self, by: Option<usize>) {
        self.collect_from(&mut self.lock(), by);
    }

    /// The same, and then `look`s, before anything else is collected.
    pub(super) fn collect_and<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        let mut state = self.lock();
        self.collect_from(&mut state, None);
        look(&state.totals())
    }

    /// Lets no more spans in, and collects those that there are; then `look`s.
    pub(super) fn close_and<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        let mut state = self.lock();
        state.is_closed = true;
        self.collect_from(&mut state, None);
        look(&state.totals())
    }

    /// Looks at what is not handed on, while nothing is collected.
    pub(super) fn look<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        look(&self.lock().totals())
    }

    /// Hands on what there is, before `close`, after which an exporter takes nothing any more, unless
    /// that says `None`. With the last exporter, no more spans are let in.
    pub(super) fn leave<R>(&self, close: impl FnOnce() -> Option<R>) -> Option<R> {
        let mut state = self.lock();
        self.collect_from(&mut state, None);
        let closed = close()?;
        state.closed += 1;
        if state.closed == self.outlets().len() {
            state.is_closed = true;
            self.collect_from(&mut state, None);
        }
        Some(closed)
    }

    /// Lets the other export threads look, too.
    pub(super) fn wake_others(&self, than: usize) {
        let others = self.outlets().iter().enumerate().filter(|(index, _)| *index != than);
        for outlet in others.filter_map(|(_, outlet)| outlet.upgrade()) {
            outlet.wake();
        }
    }

    fn collect_from(&self, state: &mut State, by: Option<usize>) {
        let State { buffers, gone, is_closed, .. } = state;
        let mut blocks = Vec::new();
        buffers.retain(|buffer| {
            let taken = buffer.take(*is_closed);
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

    /// Hands on what was collected to every exporter, in that order. What is to be done once, whoever
    /// exports the spans, is done here, to the blocks, before they are shared.
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
