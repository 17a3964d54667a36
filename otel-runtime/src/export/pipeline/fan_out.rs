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
//!
//! Where spans go through [stages](super::stages) before, what is collected waits for the thread that takes
//! it through them; a flush then leaves a mark, and is told when all before it is handed on:
//!
//! ```text
//! thread's buffer ┐                               ┌→ queue of exporter A
//! thread's buffer ┼→ staged → the stages → hand_on ─┤
//! thread's buffer ┘                               └→ queue of exporter B
//! ```

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::Thread;
use std::time::Instant;

use super::buffer::{Buffer, Counts, Unfolded};
use super::flight::{self, FlightStats, Request};
use super::intake::Intake;
use super::outlet::{Outlet, Totals};
use super::staged::{Mark, Staged};
use super::tail;
use crate::export::settings::Batching;
use crate::record::{Block, Piece};

/// Stands between the threads that end spans and the exporters' queues.
pub(super) struct FanOut {
    pub(super) intake: Intake,
    state: Mutex<State>,
    /// In the order in which the exporters were chosen.
    outlets: OnceLock<Box<[Weak<dyn Outlet>]>>,
    /// The thread that takes spans through the stages, if there are any.
    stager: OnceLock<Thread>,
    /// That thread is asked to collect now.
    pub(super) is_asked: AtomicBool,
    /// Something is kept by the tail for which no exporter has room.
    pub(super) wants_room: AtomicBool,
    pub(super) has_tail: bool,
    /// Somebody asks for all that the flight recorder holds.
    pub(super) dump: Request,
}

/// What the stages hold back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Nothing,
    /// Spans that were not sampled.
    Unsampled,
    /// All spans, until their traces are decided about.
    Traces,
}

#[derive(Default)]
pub(super) struct State {
    /// The buffers of all threads that may have ended a span, and the counts of buffers whose thread is
    /// gone.
    pub(super) buffers: Vec<Arc<Buffer>>,
    gone: Counts,
    /// Those of threads that are gone, whose starts nobody has taken yet.
    pub(super) left: Vec<Arc<Buffer>>,
    /// How many of the exporters take no more spans.
    closed: usize,
    /// The buffers take no more spans.
    is_closed: bool,
    pub(super) staged: Staged,
}

impl FanOut {
    /// With a tail, somebody has to know of every span that begins, too.
    pub(super) fn new(exporters: &[Batching], holds: Holds) -> Self {
        FanOut {
            has_tail: holds == Holds::Traces,
            dump: Request::default(),
            intake: Intake::new(exporters, holds != Holds::Nothing),
            state: Mutex::default(),
            outlets: OnceLock::new(),
            stager: OnceLock::new(),
            is_asked: AtomicBool::new(false),
            wants_room: AtomicBool::new(false),
        }
    }

    /// Sets the thread that takes spans through stages, once, before the first span.
    pub(super) fn is_staged_by(&self, stager: Thread) {
        let _ = self.stager.set(stager.clone());
        self.intake.wakes(stager);
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
        let buffer = Arc::new(Buffer::new(state.is_closed, self.has_tail));
        state.buffers.push(Arc::clone(&buffer));
        self.intake.shared_by(state.buffers.len());
        buffer
    }

    /// Collects the spans that all threads have ended. `by` is the exporter whose export thread calls
    /// this: it is not woken, since it looks at its queue next. If there are stages, their thread is asked
    /// to collect, but not by an export thread: it knows itself when to.
    pub(super) fn collect(&self, by: Option<usize>) {
        match (self.is_staged(), by) {
            (false, _) => self.collect_from(&mut self.lock(), by, due()),
            (true, None) => self.ask(),
            (true, Some(_)) => {}
        }
    }

    /// Collects, with all that is folded, then calls `begin`, before anybody else can collect: a flush of
    /// this exporter begins. If there are stages, [`Outlet::reached`] is called later.
    pub(super) fn collect_and<R: Copy + Into<u64>>(
        &self,
        outlet: usize,
        decides: bool,
        begin: impl FnOnce(&Totals) -> R,
    ) -> R {
        self.begin(self.lock(), outlet, decides, begin)
    }

    /// Closes the buffers to new spans, then does as [`collect_and`](Self::collect_and), for a shutdown.
    pub(super) fn close_and<R: Copy + Into<u64>>(
        &self,
        outlet: usize,
        begin: impl FnOnce(&Totals) -> R,
    ) -> R {
        let mut state = self.lock();
        state.is_closed = true;
        self.begin(state, outlet, true, begin)
    }

    fn begin<R: Copy + Into<u64>>(
        &self,
        mut state: MutexGuard<'_, State>,
        outlet: usize,
        decides: bool,
        begin: impl FnOnce(&Totals) -> R,
    ) -> R {
        self.collect_from(&mut state, None, Unfolded::All);
        let totals = state.totals(self.is_staged());
        let interval = begin(&totals);
        if !totals.is_whole {
            state.staged.mark(Mark { outlet, interval: interval.into(), decides });
            self.ask();
        }
        interval
    }

    /// Calls `look` with the numbers of the spans that are not handed on, while nobody can collect.
    pub(super) fn look<R>(&self, look: impl FnOnce(&Totals) -> R) -> R {
        look(&self.lock().totals(self.is_staged()))
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
            state.staged.give_up();
            self.ask();
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

    pub(super) fn collect_from(&self, state: &mut State, by: Option<usize>, unfolded: Unfolded) {
        let State { buffers, left, gone, is_closed, .. } = state;
        let (mut blocks, mut unseen) = (Vec::new(), Vec::new());
        buffers.retain(|buffer| {
            let taken = buffer.take(&self.intake, unfolded, *is_closed);
            let spans = taken.blocks.iter().map(Block::len).sum();
            self.intake.collected(spans, taken.reported, taken.lease);
            blocks.extend(taken.blocks);
            unseen.extend(taken.unseen);
            if let Some(counts) = taken.last {
                gone.add(&counts);
            }
            if taken.last.is_some() && self.has_tail {
                left.push(Arc::clone(buffer));
            }
            taken.last.is_none()
        });
        self.intake.shared_by(buffers.len());
        if self.is_staged() && !state.staged.is_over() {
            state.staged.collected(blocks, unseen);
        } else {
            self.hand_on(blocks, by);
        }
    }

    /// Hands on these blocks to every exporter, in the order of `outlets`.
    pub(super) fn hand_on(&self, blocks: Vec<Block>, by: Option<usize>) {
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

    /// Whether spans go through stages.
    pub(super) fn is_staged(&self) -> bool {
        self.stager.get().is_some()
    }

    /// What the flight recorder has done, and holds.
    pub(super) fn flight(&self) -> FlightStats {
        self.lock().staged.flight().stats()
    }

    /// What the tail has decided.
    pub(super) fn tail(&self) -> tail::Counts {
        self.lock().staged.tail().clone()
    }

    /// An exporter is done with some spans.
    pub(super) fn made_room(&self) {
        if self.wants_room.load(Ordering::Acquire) {
            self.ask();
        }
    }

    /// Asks the thread of the stages to collect now.
    pub(super) fn ask(&self) {
        if let Some(stager) = self.stager.get() {
            self.is_asked.store(true, Ordering::Release);
            stager.unpark();
        }
    }

    pub(super) fn outlets(&self) -> &[Weak<dyn Outlet>] {
        self.outlets.get().map_or(&[], |outlets| outlets)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has waited long enough by now.
pub(super) fn due() -> Unfolded {
    Unfolded::Due(Instant::now())
}

impl State {
    pub(super) fn totals(&self, is_staged: bool) -> Totals {
        let flight::Counts { taken, sent, .. } = *self.staged.flight();
        let mut totals = Totals {
            counts: self.gone,
            held: self.staged.held(),
            lost: self.staged.lost(),
            sampled_out: self.staged.tail().sampled_out() + taken,
            undecided: self.staged.tail().undecided(),
            is_whole: !is_staged || self.staged.is_over(),
        };
        totals.counts.ended += sent;
        for buffer in &self.buffers {
            let (counts, spans) = buffer.counts();
            totals.counts.add(&counts);
            totals.held += spans as u64;
        }
        totals
    }
}
