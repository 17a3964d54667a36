//! What do all threads that end spans share?
//!
//! Counters that a thread touches only when its buffer has no room left, which is once for many spans.
//! With several exporters, there is as much room as the largest queue has, and an export thread is
//! woken as early as the smallest queue needs it.
//!
//! The room for spans, 2048 of them, say:
//!
//! ```text
//! |◀─────────────── spans ────────────────▶|
//! | handed on | in buffers | room for more |  free
//!             |◀───────── ahead ──────────▶|
//!             |◀ reported ▶|   spans that ended in room that is used up
//! ```

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::Thread;

use tokio::sync::Notify;

use super::budget::Gauge;
use super::memory::Memory;
use super::shares::Shares;
use crate::export::settings::Batching;
use crate::record::Block;

/// A thread sets aside room for `LEASE` spans at once, but for no more than `1 / SHARE` of a batch.
const LEASE: usize = 32;
const SHARE: usize = 16;

/// An export thread is woken when no more than `1 / SHORT` of the room for spans is free.
const SHORT: usize = 8;

/// A request is made of `1 / REQUEST` of the bytes; an export thread is woken when `1 / CROWDED` are
/// taken.
const REQUEST: usize = 8;
const CROWDED: usize = 2;

#[derive(Debug)]
pub(crate) struct Intake {
    /// How many spans are held, plus how many more have room set aside for them.
    spans: Gauge,
    pub(super) memory: Memory,
    /// From which number of waiting spans, of spans taken of the room, and of bytes taken an export
    /// thread is woken.
    full: usize,
    short: usize,
    crowded: usize,
    /// How many buffers there are, one for each thread that ends spans.
    buffers: AtomicUsize,
    /// How much room is set aside in buffers, whether spans have ended there or not.
    ahead: AtomicUsize,
    /// Spans in buffers that their threads told of when they asked for more room; not collected yet.
    reported: AtomicUsize,
    /// How many spans wait in the shortest of the exporters' queues.
    waiting: AtomicUsize,
    /// How much of the collected spans each exporter is done with, and so how much room is free again.
    shares: Shares,
    /// How many spans that stand for others are still to be written.
    folds: AtomicUsize,
    /// Wakes an export thread to look at the numbers above.
    wake: Notify,
    /// The thread that takes spans through stages, if there are any: it is woken instead.
    stager: OnceLock<Thread>,
    /// A thread was woken, and has not looked yet.
    woken: AtomicBool,
}

/// From how many spans taken of the room on there is little left.
pub(super) fn short(max_queue_size: usize) -> usize {
    max_queue_size - max_queue_size / SHORT
}

/// About how many bytes of spans are put into one request. While it is encoded and sent, a few copies
/// of it are in memory.
pub(super) fn request(max_queue_bytes: usize) -> usize {
    max_queue_bytes / REQUEST
}

/// From how many bytes on no batch waits until it is full.
pub(super) fn crowded(max_queue_bytes: usize) -> usize {
    max_queue_bytes / CROWDED
}

impl Intake {
    /// For exporters with these settings; there is at least one. Where spans are held back, there is room for as much again:
    /// what waits in the exporters' queues then takes none from what ends.
    pub(super) fn new(exporters: &[Batching], holds_back: bool) -> Self {
        let times = if holds_back { 2 } else { 1 };
        let most = |of: fn(&Batching) -> usize| {
            exporters.iter().map(of).max().unwrap_or(0).saturating_mul(times)
        };
        let least = |of: fn(&Batching) -> usize| exporters.iter().map(of).min().unwrap_or(0);
        Intake {
            spans: Gauge::new(most(|it| it.max_queue_size)),
            memory: Memory::new(most(|it| it.max_queue_bytes)),
            full: least(|it| it.max_export_batch_size),
            short: least(|it| short(it.max_queue_size)) * times,
            crowded: least(|it| crowded(it.max_queue_bytes)).saturating_mul(times),
            buffers: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            reported: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            shares: Shares::of(exporters.len()),
            folds: AtomicUsize::new(0),
            wake: Notify::new(),
            stager: OnceLock::new(),
            woken: AtomicBool::new(false),
        }
    }

    /// Sets room aside for a few spans; returns for how many, zero if there is no room left. `used`
    /// says how many spans ended in the room that this thread had set aside before.
    pub(super) fn lease(&self, used: usize) -> usize {
        self.reported.fetch_add(used, Ordering::AcqRel);
        let buffers = self.buffers.load(Ordering::Relaxed).max(1);
        // All threads together set aside one batch at most, so no more spans than that can be in
        // buffers without being reported; and no more than half of what is free, so that one thread
        // does not take it from the others.
        let most = LEASE.min(self.full / SHARE).min(self.full / buffers);
        let share = |free: usize| Some(most.min(free / 2 / buffers).max(1));
        let Some((taken, _)) = self.spans.take(share) else { return 0 };
        let before = self.ahead.fetch_add(taken, Ordering::AcqRel);
        // With the first span, the schedule's delay begins.
        if before == 0 || self.may_fill_a_batch() || self.is_short() {
            self.wake();
        }
        taken
    }

    /// A thread is gone: of the room that it had set aside it used `used`, and gives `lease` back.
    pub(super) fn abandoned(&self, used: usize, lease: usize) {
        self.reported.fetch_add(used, Ordering::AcqRel);
        self.collected(0, 0, lease);
        if self.may_fill_a_batch() {
            self.wake();
        }
    }

    /// Whether a full batch waits, counting one span more that may be about to end.
    fn may_fill_a_batch(&self) -> bool {
        self.may_fill(self.full, self.waiting.load(Ordering::Acquire))
    }

    /// Whether the reported spans, together with `waiting` ones and one that may be about to end, fill
    /// a batch of this size.
    pub(super) fn may_fill(&self, batch: usize, waiting: usize) -> bool {
        self.reported.load(Ordering::Acquire) + waiting + 1 >= batch
    }

    /// Whether so little room is left that an export thread should make some.
    pub(super) fn is_short(&self) -> bool {
        self.spans.used() >= self.short
    }

    /// How much room is set aside in buffers, whether spans have ended there or not.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.load(Ordering::Acquire)
    }

    /// A buffer was emptied: it had `spans` spans, of which `reported` were reported, and set aside
    /// room for `lease` more, which is free again.
    pub(super) fn collected(&self, spans: usize, reported: usize, lease: usize) {
        self.reported.fetch_sub(reported, Ordering::AcqRel);
        self.ahead.fetch_sub(spans + lease, Ordering::AcqRel);
        self.spans.give_back(lease);
    }

    /// The queue of this exporter has `spans` waiting spans now.
    pub(super) fn waits(&self, exporter: usize, spans: usize) {
        self.waiting.store(self.shares.waits(exporter, spans), Ordering::Release);
    }

    /// This exporter is done with so many more spans and bytes of those that it was handed.
    pub(super) fn done(&self, exporter: usize, spans: usize, bytes: usize) {
        let freed = self.shares.done(exporter, spans, bytes);
        self.spans.give_back(freed.spans);
        self.memory.free(freed.bytes);
    }

    /// A thread has begun to fold spans into one, which is to be written in some time.
    pub(super) fn folds(&self) {
        if self.folds.fetch_add(1, Ordering::AcqRel) == 0 {
            self.wake();
        }
    }

    /// Such a span is written.
    pub(super) fn unfolds(&self) {
        self.folds.fetch_sub(1, Ordering::AcqRel);
    }

    /// Whether such a span is still to be written.
    pub(super) fn is_folding(&self) -> bool {
        self.folds.load(Ordering::Acquire) > 0
    }

    /// So many buffers share the room now.
    pub(super) fn shared_by(&self, buffers: usize) {
        self.buffers.store(buffers, Ordering::Relaxed);
    }

    /// Memory for spans, or `None` if there is none left.
    pub(super) fn block(&self, spans: usize, fields: usize) -> Option<Block> {
        let (block, taken) = self.memory.block(spans, fields)?;
        if taken.is_some_and(|bytes| bytes >= self.crowded) {
            self.wake();
        }
        Some(block)
    }

    /// Takes back a block that no exporter reads any more; `exporter` was the last to do so. Returns
    /// how many of the block's bytes that exporter is done with: all of them if the memory is kept to
    /// be used again, or else none yet.
    pub(super) fn recycle(&self, exporter: usize, block: Block) -> usize {
        if !self.memory.keeps(&block) {
            return 0;
        }
        let bytes = block.capacity();
        // The bytes that become free by this (none if another exporter was done with them before) are
        // at once taken for the kept block.
        self.memory.keep(block, self.shares.done(exporter, 0, bytes).bytes);
        bytes
    }

    /// How many spans are held, plus how many may end without asking for room.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.spans.used()
    }

    /// Sets the thread that is woken in place of an export thread.
    pub(super) fn wakes(&self, stager: Thread) {
        let _ = self.stager.set(stager);
    }

    /// Wakes one export thread that waits, or that of the stages, so that it looks again.
    pub(super) fn wake(&self) {
        if self.woken.swap(true, Ordering::AcqRel) {
            return;
        }
        match self.stager.get() {
            Some(stager) => stager.unpark(),
            None => self.wake.notify_one(),
        }
    }

    /// Resolves when there is something new for an export thread to look at.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// A thread begins to look; returns whether it was woken.
    pub(super) fn look(&self) -> bool {
        // Whatever happened before the wake-up is seen by this look; a change that comes now wakes
        // again.
        self.woken.swap(false, Ordering::AcqRel)
    }

    /// Whether the spans in buffers should be collected at once: they fill a batch, or little room is left.
    pub(super) fn is_pressing(&self) -> bool {
        self.may_fill(self.full, 0) || self.is_short()
    }

    /// These spans, with so many bytes, are handed on, whether there is room or not.
    pub(super) fn added(&self, spans: usize, bytes: usize) {
        self.spans.add(spans);
        self.memory.resized(0, bytes);
    }

    /// These spans go to no exporter.
    pub(super) fn copied(&self, spans: usize, block: Block) {
        self.spans.give_back(spans);
        self.memory.give_back(block);
    }

    /// These spans, with so many bytes, go to no exporter.
    pub(super) fn discarded(&self, spans: usize, bytes: usize) {
        self.spans.give_back(spans);
        self.memory.free(bytes);
    }
}
