//! Where does the memory for finished spans come from, and where does it go again?

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::budget::Gauge;
use crate::record::Block;

/// Room for how many spans, and for how many bytes of fields, a common block has: every block but the
/// first of a thread, and those for a large span.
pub(super) const COMMON: (usize, usize) = (32, 4096);

/// How much memory a common block takes.
pub(super) const BLOCK: usize = Block::size(COMMON.0, COMMON.1);

/// How many empty blocks are kept to be used again: as many as a common batch fills.
const SPARES: usize = 32;

#[derive(Debug)]
pub(super) struct Memory {
    bytes: Gauge,
    spares: Mutex<Vec<Block>>,
    /// Wakes an export thread when few spares are left, to make some.
    few: Notify,
}

impl Memory {
    pub(super) fn new(max_bytes: usize) -> Self {
        Memory { bytes: Gauge::new(max_bytes), spares: Mutex::default(), few: Notify::new() }
    }

    /// A block, or `None` if there is no memory left; and if it was newly allocated, how many bytes are
    /// taken now.
    pub(super) fn block(&self, spans: usize, fields: usize) -> Option<(Block, Option<usize>)> {
        let size = Block::size(spans, fields);
        if size == BLOCK
            && let Some(spare) = self.spare()
        {
            return Some((spare, None));
        }
        let taken = self.bytes.take(|_| Some(size)).or_else(|| {
            // The spares are memory, too: they are freed to make room for this one.
            self.tidy();
            self.bytes.take(|_| Some(size))
        });
        let (_, before) = taken?;
        if size == BLOCK {
            // Only where a block could be had: dropping a span for want of memory should cost nothing
            // more.
            self.few.notify_one();
        }
        Some((Block::with_capacity(spans, fields), Some(before + size)))
    }

    fn spare(&self) -> Option<Block> {
        let mut spares = self.spares();
        let spare = spares.pop();
        if spare.is_some() && spares.len() < SPARES / 2 {
            self.few.notify_one();
        }
        spare
    }

    /// Resolves when few spares are left.
    pub(super) async fn few_spares(&self) {
        self.few.notified().await;
    }

    /// Makes spares while none come back from exports, so that no thread that ends spans has to wait
    /// for memory that it is the first to touch (a page fault).
    pub(super) fn restock(&self) {
        while self.spares().len() < SPARES && self.bytes.take(|_| Some(BLOCK)).is_some() {
            let mut block = Block::with_capacity(COMMON.0, COMMON.1);
            block.touch();
            self.spares().push(block);
        }
    }

    /// How many bytes are taken, without the spares.
    pub(super) fn used(&self) -> usize {
        let kept = self.spares().len() * BLOCK;
        self.bytes.used().saturating_sub(kept)
    }

    /// Whether a block that is not needed now would be kept as a spare.
    pub(super) fn keeps(&self, block: &Block) -> bool {
        block.capacity() == BLOCK && self.spares().len() < SPARES
    }

    /// Keeps a block as a spare, or frees it. `counted` of its bytes are taken of the budget already;
    /// to keep it, the rest is taken, too.
    pub(super) fn keep(&self, mut block: Block, counted: usize) {
        let missing = block.capacity().saturating_sub(counted);
        let mut spares = self.spares();
        let is_kept = block.capacity() == BLOCK
            && spares.len() < SPARES
            && (missing == 0 || self.bytes.take(|_| Some(missing)).is_some());
        if is_kept {
            block.clear();
            spares.push(block);
        } else {
            self.free(counted);
        }
    }

    /// Takes back a block without spans.
    pub(super) fn give_back(&self, block: Block) {
        let bytes = block.capacity();
        self.keep(block, bytes);
    }

    /// Moves the spans of a nearly empty block into a smaller one.
    pub(super) fn shrink(&self, block: &mut Block) {
        let before = block.capacity();
        if block.needs() < before / 4 {
            block.shrink();
            self.free(before - block.capacity());
        }
    }

    /// Spans that took so many bytes take a different number now.
    pub(super) fn resized(&self, before: usize, after: usize) {
        self.bytes.add(after.saturating_sub(before));
        self.bytes.give_back(before.saturating_sub(after));
    }

    /// Gives so many bytes back to the budget.
    pub(super) fn free(&self, bytes: usize) {
        self.bytes.give_back(bytes);
    }

    /// Frees all spares.
    fn tidy(&self) {
        let spares = std::mem::take(&mut *self.spares());
        self.free(spares.iter().map(Block::capacity).sum());
    }

    fn spares(&self) -> MutexGuard<'_, Vec<Block>> {
        self.spares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
