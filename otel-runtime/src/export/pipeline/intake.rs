//! What do all threads that end spans share?
//!
//! Nothing that a span alone would touch: a buffer comes here when it has no room left, which is once
//! for many spans. With several exporters it has the room of the largest queue, and wakes an export
//! thread as early as the smallest needs it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::budget::Gauge;
use super::memory::Memory;
use super::shares::Shares;
use crate::export::settings::Batching;
use crate::record::Block;

/// Room for how many spans a thread sets aside at once, at most, and for what share of a batch.
const LEASE: usize = 32;
const SHARE: usize = 16;

/// What share of all room is so little that an export thread is woken for it.
const SHORT: usize = 8;

/// What share of the bytes makes a request, and what share is worth waking an export thread for.
const REQUEST: usize = 8;
const CROWDED: usize = 2;

#[derive(Debug)]
pub(crate) struct Intake {
    /// The spans that are held, or that room is set aside for.
    spans: Gauge,
    pub(super) memory: Memory,
    /// How many spans, how much of the room for spans, and how many bytes are worth waking an export
    /// thread for.
    full: usize,
    short: usize,
    crowded: usize,
    /// How many buffers there are.
    buffers: AtomicUsize,
    /// Room that is set aside in buffers, whether spans have ended there or not.
    ahead: AtomicUsize,
    /// Spans that buffers reported when they asked for more room, and that were not collected yet.
    reported: AtomicUsize,
    /// How many spans wait in the queue in which the fewest do.
    waiting: AtomicUsize,
    /// What was handed on to the exporters.
    shares: Shares,
    /// Something changed that an export thread should look at.
    wake: Notify,
    /// One has been told so, and has not looked.
    woken: AtomicBool,
}

/// How much of the room for spans is taken where little is left.
pub(super) fn short(max_queue_size: usize) -> usize {
    max_queue_size - max_queue_size / SHORT
}

/// How many bytes of spans are taken for a request, about. It is there a few times for a moment while
/// it is made.
pub(super) fn request(max_queue_bytes: usize) -> usize {
    max_queue_bytes / REQUEST
}

/// How many bytes are so many that no batch waits until it is full.
pub(super) fn crowded(max_queue_bytes: usize) -> usize {
    max_queue_bytes / CROWDED
}

impl Intake {
    /// Of exporters whose batches are made so; there is one at least.
    pub(super) fn new(exporters: &[Batching]) -> Self {
        let most = |of: fn(&Batching) -> usize| exporters.iter().map(of).max().unwrap_or(0);
        let least = |of: fn(&Batching) -> usize| exporters.iter().map(of).min().unwrap_or(0);
        Intake {
            spans: Gauge::new(most(|it| it.max_queue_size)),
            memory: Memory::new(most(|it| it.max_queue_bytes)),
            full: least(|it| it.max_export_batch_size),
            short: least(|it| short(it.max_queue_size)),
            crowded: least(|it| crowded(it.max_queue_bytes)),
            buffers: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            reported: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            shares: Shares::of(exporters.len()),
            wake: Notify::new(),
            woken: AtomicBool::new(false),
        }
    }

    /// Sets room aside for some spans; zero if there is none. `used` spans have ended in the room that
    /// was set aside before.
    pub(super) fn lease(&self, used: usize) -> usize {
        self.reported.fetch_add(used, Ordering::AcqRel);
        let buffers = self.buffers.load(Ordering::Relaxed).max(1);
        // All threads together set aside a batch at most, which is how many spans may be there without
        // being known; and no more than half of what is free, or one would keep it from others.
        let most = LEASE.min(self.full / SHARE).min(self.full / buffers);
        let share = |free: usize| Some(most.min(free / 2 / buffers).max(1));
        let Some((taken, _)) = self.spans.take(share) else { return 0 };
        let before = self.ahead.fetch_add(taken, Ordering::AcqRel);
        // The first one starts the schedule's delay.
        if before == 0 || self.may_fill_a_batch() || self.is_short() {
            self.wake();
        }
        taken
    }

    /// No more spans will end in the room that was set aside before, of which so much was used.
    pub(super) fn abandoned(&self, used: usize, lease: usize) {
        self.reported.fetch_add(used, Ordering::AcqRel);
        self.collected(0, 0, lease);
        if self.may_fill_a_batch() {
            self.wake();
        }
    }

    /// Whether there is a batch, together with the span that may be about to end.
    fn may_fill_a_batch(&self) -> bool {
        self.may_fill(self.full, self.waiting.load(Ordering::Acquire))
    }

    /// Whether so many spans may be there as make a batch, where some wait already.
    pub(super) fn may_fill(&self, batch: usize, waiting: usize) -> bool {
        self.reported.load(Ordering::Acquire) + waiting + 1 >= batch
    }

    /// Whether there may soon be no room for another span.
    fn is_short(&self) -> bool {
        self.spans.used() >= self.short
    }

    /// How much room is set aside in buffers, where spans may have ended.
    pub(super) fn ahead(&self) -> usize {
        self.ahead.load(Ordering::Acquire)
    }

    /// So many spans were collected from a buffer that had reported some of them, and as much room as
    /// it had set aside for others is free again.
    pub(super) fn collected(&self, spans: usize, reported: usize, lease: usize) {
        self.reported.fetch_sub(reported, Ordering::AcqRel);
        self.ahead.fetch_sub(spans + lease, Ordering::AcqRel);
        self.spans.give_back(lease);
    }

    /// So many spans wait now in the queue of an exporter.
    pub(super) fn waits(&self, exporter: usize, spans: usize) {
        self.waiting.store(self.shares.waits(exporter, spans), Ordering::Release);
    }

    /// An exporter is done with as much of what it was handed.
    pub(super) fn done(&self, exporter: usize, spans: usize, bytes: usize) {
        let freed = self.shares.done(exporter, spans, bytes);
        self.spans.give_back(freed.spans);
        self.memory.free(freed.bytes);
    }

    /// The room is shared by so many buffers.
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

    /// A block that no exporter reads any more, and `exporter` was the last to. Returns how many of its
    /// bytes that one is done with, as its memory waits to be used again: all or none.
    pub(super) fn recycle(&self, exporter: usize, block: Block) -> usize {
        if !self.memory.keeps(&block) {
            return 0;
        }
        let bytes = block.capacity();
        // Room that this makes, unless another exporter was done with it before, is taken up at once.
        self.memory.keep(block, self.shares.done(exporter, 0, bytes).bytes);
        bytes
    }

    /// How many spans are held, or may be without asking.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.spans.used()
    }

    /// Lets an export thread look again: one that waits.
    pub(super) fn wake(&self) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            self.wake.notify_one();
        }
    }

    /// Resolves when there is something new to look at.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// An export thread looks now.
    pub(super) fn look(&self) {
        // It sees what was changed before it was told, also if it is told no more.
        self.woken.swap(false, Ordering::AcqRel);
    }
}
