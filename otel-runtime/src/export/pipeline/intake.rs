//! What do all threads that end spans share?
//!
//! Nothing that a span alone would touch: a buffer comes here when it has no room left, which is once
//! for many spans.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::budget::{Budget, Gauge};
use super::buffer::{BLOCK, OTHER};
use crate::export::settings::Batching;
use crate::record::Block;

/// Room for how many spans a thread sets aside at once, at most, and for what share of a batch.
const LEASE: usize = 32;
const SHARE: usize = 16;

/// What share of all room is so little that the export thread is woken for it.
const SHORT: usize = 8;

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
    /// How many buffers there are.
    buffers: AtomicUsize,
    /// Room that is set aside in buffers, whether spans have ended there or not.
    ahead: AtomicUsize,
    /// Spans of which it is known that they wait: those that were collected, and those that buffers
    /// reported when they asked for more room.
    known: AtomicUsize,
    /// Something changed that the export thread should look at.
    wake: Notify,
    /// It has been told so, and has not looked.
    woken: AtomicBool,
    spares: Mutex<Vec<Block>>,
    /// There are few spares left.
    few: Notify,
}

impl Intake {
    pub(super) fn new(batch: &Batching) -> Self {
        let Batching { max_queue_size, max_queue_bytes, max_export_batch_size, .. } = *batch;
        Intake {
            budget: Budget {
                spans: Gauge::new(max_queue_size),
                bytes: Gauge::new(max_queue_bytes),
            },
            max_bytes: max_queue_bytes,
            full: max_export_batch_size,
            buffers: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            known: AtomicUsize::new(0),
            wake: Notify::new(),
            woken: AtomicBool::new(false),
            spares: Mutex::default(),
            few: Notify::new(),
        }
    }

    /// Sets room aside for some spans; zero if there is none. `used` spans have ended in the room that
    /// was set aside before.
    pub(super) fn lease(&self, used: usize) -> usize {
        self.known.fetch_add(used, Ordering::AcqRel);
        let buffers = self.buffers.load(Ordering::Relaxed).max(1);
        // All threads together set aside a batch at most, which is how many spans may be there without
        // being known; and no more than half of what is free, or one would keep it from others.
        let most = LEASE.min(self.full / SHARE).min(self.full / buffers);
        let share = |free: usize| Some(most.min(free / 2 / buffers).max(1));
        let Some((taken, _)) = self.budget.spans.take(share) else { return 0 };
        let before = self.ahead.fetch_add(taken, Ordering::AcqRel);
        // The first one starts the schedule's delay.
        if before == 0 || self.may_fill_a_batch() || self.is_short() {
            self.wake();
        }
        taken
    }

    /// No more spans will end in the room that was set aside before, of which so much was used.
    pub(super) fn abandoned(&self, used: usize, lease: usize) {
        self.known.fetch_add(used, Ordering::AcqRel);
        self.collected(0, 0, lease);
        if self.may_fill_a_batch() {
            self.wake();
        }
    }

    /// Whether there is a batch, together with the span that may be about to end.
    pub(super) fn may_fill_a_batch(&self) -> bool {
        self.known.load(Ordering::Acquire) + 1 >= self.full
    }

    /// Whether there may soon be no room for another span.
    pub(super) fn is_short(&self) -> bool {
        let Gauge { limit, .. } = self.budget.spans;
        self.budget.spans.used() >= limit - limit / SHORT
    }

    /// Whether any room is set aside in a buffer, where spans may have ended.
    pub(super) fn is_any_ahead(&self) -> bool {
        self.ahead.load(Ordering::Acquire) > 0
    }

    /// So many spans were collected from a buffer that had reported some of them, and as much room as
    /// it had set aside for others is free again.
    pub(super) fn collected(&self, spans: usize, reported: usize, lease: usize) {
        self.known.fetch_add(spans - reported.min(spans), Ordering::AcqRel);
        self.ahead.fetch_sub(spans + lease, Ordering::AcqRel);
        self.release(lease);
    }

    /// So many of those that were collected were taken for a batch.
    pub(super) fn taken(&self, spans: usize) {
        self.known.fetch_sub(spans, Ordering::AcqRel);
    }

    /// The room is shared by so many buffers.
    pub(super) fn shared_by(&self, buffers: usize) {
        self.buffers.store(buffers, Ordering::Relaxed);
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

    /// How many spans are held, or may be without asking.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
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
