//! Where does a thread leave the spans that it ended?
//!
//! In memory of its own, whose lock nobody else wants but for the moment in which it is emptied.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::intake::Intake;
use super::memory::COMMON;
use super::report;
use crate::record::{Block, Finished};

/// How many spans the first block of a thread has room for, which may end no more than a few, and how many
/// bytes of fields.
const FIRST: (usize, usize) = (4, 512);

/// The spans that a thread ended, alone in its cache lines.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Buffer(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    block: Block,
    /// Those that had no room for more.
    full: Vec<Block>,
    /// How many more spans may be held here without asking, of how many that were set aside at once.
    lease: usize,
    leased: usize,
    /// How many of the spans here are known to the others.
    reported: usize,
    counts: Counts,
    /// Nothing is taken any more.
    closed: bool,
    /// Its thread is gone.
    abandoned: bool,
}

/// What became of the spans that ended here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) ended: u64,
    pub(super) queue_full: u64,
    pub(super) after_shutdown: u64,
    /// Not among those that ended.
    pub(super) left_out: u64,
}

/// What there was in a buffer.
pub(super) struct Taken {
    pub(super) blocks: Vec<Block>,
    /// How many of their spans were known before.
    pub(super) reported: usize,
    /// What had been set aside for more.
    pub(super) lease: usize,
    /// Nothing will come any more.
    pub(super) last: Option<Counts>,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Counts) {
        let Counts { ended, queue_full, after_shutdown, left_out } = *other;
        self.ended += ended;
        self.queue_full += queue_full;
        self.after_shutdown += after_shutdown;
        self.left_out += left_out;
    }
}

impl Buffer {
    pub(super) fn new(closed: bool) -> Self {
        Buffer(Mutex::new(Inner { closed, ..Inner::default() }))
    }

    /// Takes in a span that ended; false if it was dropped, and counted.
    #[inline]
    pub(crate) fn push(
        &self,
        intake: &Intake,
        finished: &Finished,
        end: u64,
        fields: &[u8],
    ) -> bool {
        let mut inner = self.lock();
        inner.counts.ended += 1;
        if inner.lease == 0 || !inner.block.has_room(fields.len()) || inner.closed {
            let is_taken = inner.push_with_more(intake, finished, end, fields);
            let is_late = inner.closed;
            drop(inner);
            if is_late {
                // Whoever tells it may wait, and nobody else is to.
                report::late();
            }
            return is_taken;
        }
        inner.lease -= 1;
        inner.block.push(finished, end, fields)
    }

    /// Counts a span that is left out.
    pub(crate) fn leave_out(&self) {
        self.lock().counts.left_out += 1;
    }

    /// The thread is gone, and what it had set aside is free again.
    pub(super) fn abandon(&self, intake: &Intake) {
        let mut inner = self.lock();
        inner.abandoned = true;
        let lease = std::mem::take(&mut inner.lease);
        let used = std::mem::take(&mut inner.leased) - lease;
        inner.reported += used;
        intake.abandoned(used, lease);
    }

    /// Empties it, and if told so, for the last time.
    pub(super) fn take(&self, close: bool) -> Taken {
        let mut inner = self.lock();
        inner.closed |= close;
        let mut blocks = std::mem::take(&mut inner.full);
        let block = std::mem::take(&mut inner.block);
        blocks.push(block);
        inner.leased = 0;
        Taken {
            blocks,
            reported: std::mem::take(&mut inner.reported),
            lease: std::mem::take(&mut inner.lease),
            last: inner.abandoned.then_some(inner.counts),
        }
    }

    /// What became of the spans, and how many are held.
    pub(super) fn counts(&self) -> (Counts, usize) {
        let inner = self.lock();
        let full: usize = inner.full.iter().map(Block::len).sum();
        (inner.counts, full + inner.block.len())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    #[cold]
    #[inline(never)]
    fn push_with_more(
        &mut self,
        intake: &Intake,
        finished: &Finished,
        end: u64,
        fields: &[u8],
    ) -> bool {
        if self.closed {
            self.counts.after_shutdown += 1;
            return false;
        }
        if !self.get_room(intake, fields.len()) {
            self.counts.queue_full += 1;
            intake.wake();
            return false;
        }
        self.lease -= 1;
        self.block.push(finished, end, fields)
    }

    fn get_room(&mut self, intake: &Intake, fields: usize) -> bool {
        if self.lease == 0 {
            let used = std::mem::take(&mut self.leased);
            self.reported += used;
            self.lease = intake.lease(used);
            self.leased = self.lease;
        }
        if self.lease == 0 {
            return false;
        }
        if self.block.has_room(fields) {
            return true;
        }
        let (room, bytes) = if self.block.capacity() == 0 { FIRST } else { COMMON };
        // A large one has a block for itself.
        let Some(block) = intake.block(room, bytes.max(fields)) else { return false };
        let full = std::mem::replace(&mut self.block, block);
        if full.len() > 0 {
            self.full.push(full);
        } else {
            intake.memory.give_back(full);
        }
        true
    }
}
