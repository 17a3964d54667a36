//! Where does a thread leave the spans that it ended?
//!
//! In memory of its own. Nobody else takes its lock, except to empty it, which takes a moment.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry::TraceId;

use super::folds::{Fate, Folded, Folds, Sibling};
use super::intake::Intake;
use super::memory::COMMON;
use super::report;
use super::starts::{Missed, Starts};
use crate::record::{Block, Finished};

/// The first block of a thread is small, since the thread may end only a few spans: room for so many
/// spans, and so many bytes of fields.
const FIRST: (usize, usize) = (4, 512);

/// How many traces a thread remembers at most of which spans ended and are in no block.
const UNSEEN: usize = 1024;

/// The spans that a thread has ended. It shares no cache line with other data.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Buffer {
    inner: Mutex<Inner>,
    /// The spans that have begun on the thread, where somebody has to know when traces are over.
    starts: Option<Starts>,
}

#[derive(Debug, Default)]
struct Inner {
    block: Block,
    /// Earlier blocks, which had no room for the next span.
    full: Vec<Block>,
    /// How many more spans may end here before room has to be asked for, and how many it was at first.
    lease: usize,
    leased: usize,
    /// How many of the spans here were reported to the intake.
    reported: usize,
    counts: Counts,
    folds: Folds,
    /// Spans that ended and are in no block: how many of which trace.
    unseen: Vec<(TraceId, u32)>,
    /// It takes no more spans.
    closed: bool,
    /// It is closed, or there are folds: a span that ends needs a closer look.
    unusual: bool,
    /// Its thread is gone.
    abandoned: bool,
}

/// What became of the spans that ended on this thread.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) ended: u64,
    pub(super) queue_full: u64,
    pub(super) after_shutdown: u64,
    /// Left out as too short (`min_duration`); not counted in `ended`.
    pub(super) left_out: u64,
    /// Became one span with others (`fold`); counted in `ended`, as the one span is when it is written.
    pub(super) folded: u64,
}

/// What was taken out of a buffer.
pub(super) struct Taken {
    pub(super) blocks: Vec<Block>,
    pub(super) unseen: Vec<(TraceId, u32)>,
    /// How many of these spans had been reported to the intake.
    pub(super) reported: usize,
    /// Room that was set aside for more spans.
    pub(super) lease: usize,
    /// The counts, if the thread of the buffer is gone, so that the buffer can be forgotten.
    pub(super) last: Option<Counts>,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Counts) {
        let Counts { ended, queue_full, after_shutdown, left_out, folded } = *other;
        self.ended += ended;
        self.queue_full += queue_full;
        self.after_shutdown += after_shutdown;
        self.left_out += left_out;
        self.folded += folded;
    }
}

/// Which spans that became one are written when a buffer is emptied.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unfolded {
    /// Those that have waited long enough at this moment.
    Due(Instant),
    All,
}

impl Buffer {
    pub(super) fn new(closed: bool, counts_starts: bool) -> Self {
        let inner = Inner { closed, unusual: closed, ..Inner::default() };
        Buffer { inner: Mutex::new(inner), starts: counts_starts.then(Starts::default) }
    }

    /// A span has begun on the thread, which calls this; returns whether so many have that they should be
    /// [taken](Self::take_starts).
    #[inline]
    pub(super) fn started(&self, trace: TraceId) -> bool {
        self.starts.as_ref().is_some_and(|starts| starts.push(trace))
    }

    /// Which traces have had a span begin on the thread since the last call.
    pub(super) fn take_starts(&self, starts: &mut Vec<TraceId>, missed: &mut Missed) {
        if let Some(of_thread) = &self.starts {
            of_thread.take(starts, missed);
        }
    }

    /// Takes in a span that ended; false if it was dropped, which is counted.
    #[inline]
    pub(crate) fn push(
        &self,
        intake: &Intake,
        finished: &Finished,
        end: u64,
        fields: &[u8],
    ) -> bool {
        let mut inner = self.lock();
        if inner.lease == 0 || !inner.block.has_room(fields.len()) || inner.unusual {
            if !inner.folds.is_empty() {
                let below = inner.folds.of_parent(finished.span_id);
                inner.write(intake, below);
            }
            let is_taken = inner.push_with_more(intake, finished, end, fields);
            if !is_taken {
                self.unseen(&mut inner, finished.trace_id);
            }
            let is_late = inner.closed;
            drop(inner);
            if is_late {
                // Written without the lock of the buffer: stderr may block, and nobody else should wait
                // for it.
                report::late();
            }
            return is_taken;
        }
        inner.counts.ended += 1;
        inner.lease -= 1;
        inner.block.push(finished, end, fields)
    }

    /// Takes in a span that ended and may be folded, at `now`.
    #[cold]
    pub(crate) fn fold(&self, intake: &Intake, sibling: &Sibling<'_>, now: Instant) {
        let mut inner = self.lock();
        // Nobody would take out of it what is folded.
        let fate = if inner.closed { Fate::Stays } else { inner.folds.ended(sibling, now) };
        inner.unusual |= !inner.folds.is_empty();
        match fate {
            Fate::Stays => {
                drop(inner);
                self.push(intake, sibling.finished, sibling.end, sibling.fields);
            }
            Fate::Folded { is_first, due } => {
                inner.counts.ended += 1;
                inner.counts.folded += 1;
                // The one that stands for all ends for the first of them.
                if !is_first {
                    self.unseen(&mut inner, sibling.finished.trace_id);
                }
                inner.write(intake, due);
                if is_first {
                    intake.folds();
                }
            }
        }
    }

    /// Counts a span that was left out as too short.
    pub(crate) fn leave_out(&self, trace: TraceId) {
        let mut inner = self.lock();
        inner.counts.left_out += 1;
        self.unseen(&mut inner, trace);
    }

    /// A span of this trace has ended and gets into no block.
    fn unseen(&self, inner: &mut Inner, trace: TraceId) {
        let Some(starts) = &self.starts else { return };
        let before = inner.unseen.len();
        match inner.unseen.last_mut() {
            Some((last, spans)) if *last == trace => *spans = spans.saturating_add(1),
            _ if before < UNSEEN => inner.unseen.push((trace, 1)),
            _ => starts.miss(trace),
        }
    }

    /// The thread is gone: gives back the room that it had set aside.
    pub(super) fn abandon(&self, intake: &Intake) {
        let mut inner = self.lock();
        inner.abandoned = true;
        inner.unfold(intake, Unfolded::All);
        let lease = std::mem::take(&mut inner.lease);
        let used = std::mem::take(&mut inner.leased) - lease;
        inner.reported += used;
        intake.abandoned(used, lease);
    }

    /// Takes everything out, of spans that became one those of `unfolded`; with `close`, it takes no more
    /// spans after that.
    pub(super) fn take(&self, intake: &Intake, unfolded: Unfolded, close: bool) -> Taken {
        let mut inner = self.lock();
        inner.unfold(intake, unfolded);
        inner.closed |= close;
        inner.unusual |= close;
        let mut blocks = std::mem::take(&mut inner.full);
        let block = std::mem::take(&mut inner.block);
        blocks.push(block);
        inner.leased = 0;
        Taken {
            blocks,
            unseen: std::mem::take(&mut inner.unseen),
            reported: std::mem::take(&mut inner.reported),
            lease: std::mem::take(&mut inner.lease),
            last: inner.abandoned.then_some(inner.counts),
        }
    }

    /// What became of the spans, and how many are here now.
    pub(super) fn counts(&self) -> (Counts, usize) {
        let inner = self.lock();
        let full: usize = inner.full.iter().map(Block::len).sum();
        (inner.counts, full + inner.block.len())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Takes in the one span that stands for each of `folded`.
    fn write(&mut self, intake: &Intake, folded: impl IntoIterator<Item = Folded>) {
        for folded in folded {
            intake.unfolds();
            let (finished, end, fields) = folded.into_span();
            self.push_with_more(intake, &finished, end, &fields);
        }
        self.unusual = self.closed || !self.folds.is_empty();
    }

    fn unfold(&mut self, intake: &Intake, unfolded: Unfolded) {
        if self.folds.is_empty() {
            return;
        }
        let folded = match unfolded {
            Unfolded::Due(now) => self.folds.due(now),
            Unfolded::All => self.folds.all(),
        };
        self.write(intake, folded);
    }

    #[cold]
    #[inline(never)]
    fn push_with_more(
        &mut self,
        intake: &Intake,
        finished: &Finished,
        end: u64,
        fields: &[u8],
    ) -> bool {
        self.counts.ended += 1;
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
        // A span too large for a common block gets one of its own size.
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
