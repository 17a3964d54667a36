//! What do all threads that end spans share?
//!
//! Nothing that a span alone would touch: a buffer comes here when it has no room left, which is once
//! for many spans.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::budget::{Budget, Gauge};
use super::buffer::{BLOCK, OTHER};
use crate::config::Batch;
use crate::record::Block;

/// How many spans a thread sets aside at once, at most, and what share of those that are free.
const LEASE: usize = 32;
const SHARE: usize = 64;

/// How many empty blocks wait to be used again: as many as a common batch fills.
const SPARES: usize = 32;

/// What share of the bytes makes a request, and what share is worth waking the export thread for.
const REQUEST: usize = 8;
const CROWDED: usize = 2;

#[derive(Debug)]
pub(crate) struct Intake {
    budget: Budget,
    max_bytes: usize,
    /// How many spans are worth waking the export thread for.
    full: usize,
    /// Something changed that the export thread should look at.
    wake: Notify,
    /// It has been told so, and has not looked.
    woken: AtomicBool,
    spares: Mutex<Vec<Block>>,
    /// There are few spares left.
    few: Notify,
}

impl Intake {
    pub(super) fn new(batch: &Batch) -> Self {
        let Batch { max_queue_size, max_queue_bytes, max_export_batch_size, .. } = *batch;
        Intake {
            budget: Budget {
                spans: Gauge::new(max_queue_size),
                bytes: Gauge::new(max_queue_bytes),
            },
            max_bytes: max_queue_bytes,
            full: max_export_batch_size,
            wake: Notify::new(),
            woken: AtomicBool::new(false),
            spares: Mutex::default(),
            few: Notify::new(),
        }
    }

    /// Sets room aside for some spans; zero if there is none.
    pub(super) fn lease(&self) -> usize {
        // Smaller ones where there is little left, so that one thread does not keep it from others.
        let share = |free: usize| Some((free / SHARE).clamp(1, LEASE));
        let Some((taken, before)) = self.budget.spans.take(share) else { return 0 };
        // The first one starts the schedule's delay.
        if before == 0 || before + taken >= self.full {
            self.wake();
        }
        taken
    }

    /// Memory for spans, or `None` if there is none left.
    pub(super) fn block(&self, spans: usize, fields: usize) -> Option<Block> {
        let size = Block::size(spans, fields);
        if size == BLOCK
            && let Some(spare) = self.spare()
        {
            return Some(spare);
        }
        let taken = self.budget.bytes.take(|_| Some(size)).or_else(|| {
            // What is kept for later is memory too.
            self.tidy();
            self.budget.bytes.take(|_| Some(size))
        });
        let (_, before) = taken?;
        if before + size >= self.max_bytes / CROWDED {
            self.wake();
        }
        if size == BLOCK {
            // Not where there is no memory left: a span that is dropped is to cost nothing more.
            self.few.notify_one();
        }
        Some(Block::with_capacity(spans, fields))
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
        while self.spares().len() < SPARES && self.budget.bytes.take(|_| Some(BLOCK)).is_some() {
            let mut block = Block::with_capacity(OTHER.0, OTHER.1);
            block.touch();
            self.spares().push(block);
        }
    }

    /// Whether the bytes may run out before the spans of a batch are there.
    pub(super) fn is_crowded(&self) -> bool {
        let kept = self.spares().len() * BLOCK;
        self.budget.bytes.used().saturating_sub(kept) >= self.max_bytes / CROWDED
    }

    /// How many bytes of spans are taken for a request, about. It is there a few times for a moment
    /// while it is made.
    pub(super) fn request(&self) -> usize {
        self.max_bytes / REQUEST
    }

    /// A block of which nothing is needed any more, nor of what it was made to.
    pub(super) fn give_back(&self, block: Block) {
        let bytes = self.recycle(block);
        self.free(bytes);
    }

    /// A block of which nothing is needed any more. Returns how many bytes were given up with it that
    /// still count as held; none if its memory waits to be used again.
    pub(super) fn recycle(&self, mut block: Block) -> usize {
        let bytes = block.capacity();
        if bytes != BLOCK {
            return bytes;
        }
        let mut spares = self.spares();
        if spares.len() >= SPARES {
            return bytes;
        }
        block.clear();
        spares.push(block);
        0
    }

    /// Gives up the memory of a block that is held and nearly empty.
    pub(super) fn shrink(&self, block: &mut Block) {
        let before = block.capacity();
        if block.needs() < before / 4 {
            block.shrink();
            self.free(before - block.capacity());
        }
    }

    /// Gives up all memory that is kept for later.
    fn tidy(&self) {
        let spares = std::mem::take(&mut *self.spares());
        self.free(spares.iter().map(Block::capacity).sum());
    }

    /// As many bytes are not held any more.
    pub(super) fn free(&self, bytes: usize) {
        self.budget.bytes.give_back(bytes);
    }

    /// Room for as many spans is free again.
    pub(super) fn release(&self, spans: usize) {
        self.budget.spans.give_back(spans);
    }

    /// How many spans wait, or may wait without asking.
    pub(super) fn waiting(&self) -> usize {
        self.budget.spans.used()
    }

    /// Lets the export thread look again.
    pub(super) fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            self.wake.notify_one();
        }
    }

    /// Resolves when there is something new to look at.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// The export thread looks now.
    pub(super) fn look(&self) {
        // It sees what was changed before it was told, also if it is told no more.
        self.woken.swap(false, Ordering::AcqRel);
    }

    fn spares(&self) -> MutexGuard<'_, Vec<Block>> {
        self.spares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
