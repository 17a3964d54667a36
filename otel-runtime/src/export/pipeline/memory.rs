//! Where does the memory for finished spans come from, and where does it go again?

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::budget::Gauge;
use crate::record::Block;

/// How many spans a block has room for, and how many bytes of fields: any but the first of a thread.
pub(super) const COMMON: (usize, usize) = (32, 4096);

/// How much memory such a block takes, unless a span in it is large.
pub(super) const BLOCK: usize = Block::size(COMMON.0, COMMON.1);

/// How many empty blocks wait to be used again: as many as a common batch fills.
const SPARES: usize = 32;

#[derive(Debug)]
pub(super) struct Memory {
    bytes: Gauge,
    spares: Mutex<Vec<Block>>,
    /// There are few spares left.
    few: Notify,
}

impl Memory {
    pub(super) fn new(max_bytes: usize) -> Self {
        Memory { bytes: Gauge::new(max_bytes), spares: Mutex::default(), few: Notify::new() }
    }

    /// A block, or `None` if there is no memory left; and how many bytes are taken now, if more are.
    pub(super) fn block(&self, spans: usize, fields: usize) -> Option<(Block, Option<usize>)> {
        let size = Block::size(spans, fields);
        if size == BLOCK
            && let Some(spare) = self.spare()
        {
            return Some((spare, None));
        }
        let taken = self.bytes.take(|_| Some(size)).or_else(|| {
            // What is kept for later is memory too.
            self.tidy();
            self.bytes.take(|_| Some(size))
        });
        let (_, before) = taken?;
        if size == BLOCK {
            // Not where there is no memory left: a span that is dropped is to cost nothing more.
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

    /// Resolves when there are few spares left.
    pub(super) async fn few_spares(&self) {
        self.few.notified().await;
    }

    /// Makes spares where there are none that come back, so that no thread that ends spans waits for
    /// memory it is the first to touch.
    pub(super) fn restock(&self) {
        while self.spares().len() < SPARES && self.bytes.take(|_| Some(BLOCK)).is_some() {
            let mut block = Block::with_capacity(COMMON.0, COMMON.1);
            block.touch();
            self.spares().push(block);
        }
    }

    /// How many bytes are taken, but for those that are kept for later.
    pub(super) fn used(&self) -> usize {
        let kept = self.spares().len() * BLOCK;
        self.bytes.used().saturating_sub(kept)
    }

    /// Whether a block that nobody needs would be kept for later.
    pub(super) fn keeps(&self, block: &Block) -> bool {
        block.capacity() == BLOCK && self.spares().len() < SPARES
    }

    /// Keeps a block that nobody needs, if there is room for it; `counted` of its bytes are taken.
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

    /// A block in which nothing is.
    pub(super) fn give_back(&self, block: Block) {
        let bytes = block.capacity();
        self.keep(block, bytes);
    }

    /// Gives up the memory of a block that is held and nearly empty.
    pub(super) fn shrink(&self, block: &mut Block) {
        let before = block.capacity();
        if block.needs() < before / 4 {
            block.shrink();
            self.free(before - block.capacity());
        }
    }

    /// As many bytes are not taken any more.
    pub(super) fn free(&self, bytes: usize) {
        self.bytes.give_back(bytes);
    }

    /// Gives up all memory that is kept for later.
    fn tidy(&self) {
        let spares = std::mem::take(&mut *self.spares());
        self.free(spares.iter().map(Block::capacity).sum());
    }

    fn spares(&self) -> MutexGuard<'_, Vec<Block>> {
        self.spares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
