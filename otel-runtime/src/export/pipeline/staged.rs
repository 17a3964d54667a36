//! What is on its way between the threads' buffers and the exporters' queues?
//!
//! ```text
//! threads' buffers ─→ waiting ─→ in the stages ─→ exporters' queues
//!                     ╰────────── held ──────────╯
//! ```

use opentelemetry::TraceId;

use super::starts::Missed;
use super::stats::Dropped;
use super::{flight, tail};
use crate::record::Block;

/// The spans that were collected and not handed on yet, while some thread takes them through the stages.
#[derive(Default)]
pub(super) struct Staged {
    /// What the thread of the stages has not taken yet.
    waiting: Vec<Block>,
    /// Spans that ended and are in no block.
    unseen: Vec<(TraceId, u32)>,
    marks: Vec<Mark>,
    /// How many spans are held: those that wait, and those that are in the stages.
    held: u64,
    lost: Dropped,
    /// What the tail has counted.
    tail: tail::Counts,
    flight: flight::Counts,
    /// Nobody takes spans through the stages any more.
    is_over: bool,
}

/// What the thread of the stages has to do.
#[derive(Default)]
pub(super) struct Work {
    pub(super) blocks: Vec<Block>,
    pub(super) swept: Swept,
    /// Those whose spans are all in `blocks`, or were in earlier ones.
    pub(super) marks: Vec<Mark>,
    pub(super) is_over: bool,
}

/// What is known of spans beside those that are in blocks.
#[derive(Default)]
pub(super) struct Swept {
    /// Spans that ended and go nowhere: how many of which trace.
    pub(super) unseen: Vec<(TraceId, u32)>,
    /// The trace of each span that began. They are collected after the ends, so that no span has ended before
    /// it began.
    pub(super) starts: Vec<TraceId>,
    /// Of which traces some of these may be missing.
    pub(super) missed: Missed,
}

/// A flush or a shutdown of one exporter, which waits until what was collected before it is handed on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The place of the exporter among all exporters.
    pub(super) outlet: usize,
    /// What the exporter's queue calls it.
    pub(super) interval: u64,
    /// All that the tail holds is to be decided, too.
    pub(super) decides: bool,
}

/// What came out of the stages.
#[derive(Default)]
pub(super) struct Passed {
    pub(super) blocks: Vec<Block>,
    pub(super) lost: Dropped,
    /// What the tail has counted since the start, if there is one.
    pub(super) tail: Option<tail::Counts>,
    /// What the flight recorder has, if there is one.
    pub(super) flight: Option<flight::Counts>,
    /// Traces with local roots that go to no exporter.
    pub(super) dropped_roots: Vec<TraceId>,
    /// The marks before which everything is handed on, once `blocks` are.
    pub(super) marks: Vec<Mark>,
}

impl Staged {
    pub(super) fn collected(&mut self, blocks: Vec<Block>, unseen: Vec<(TraceId, u32)>) {
        self.unseen.extend(unseen);
        self.held += blocks.iter().map(|block| block.len() as u64).sum::<u64>();
        self.waiting.extend(blocks);
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// Moves all that waits into `work`.
    pub(super) fn take(&mut self, work: &mut Work) {
        work.blocks.append(&mut self.waiting);
        work.swept.unseen.append(&mut self.unseen);
        work.marks.append(&mut self.marks);
        work.is_over = self.is_over;
    }

    /// Counts what came out of the stages; false if it was given up before, so that it goes nowhere.
    pub(super) fn passed(&mut self, passed: &Passed) -> bool {
        if self.is_over {
            return false;
        }
        if let Some(flight) = &passed.flight {
            self.held += flight.sent - self.flight.sent;
            self.held -= flight.taken - self.flight.taken;
            self.flight = *flight;
        }
        let spans: usize = passed.blocks.iter().map(Block::len).sum();
        self.held -= spans as u64 + passed.lost.total();
        if let Some(tail) = &passed.tail {
            self.held -= tail.sampled_out() - self.tail.sampled_out();
            self.tail = tail.clone();
        }
        self.lost = [self.lost, passed.lost].into_iter().sum();
        true
    }

    /// No exporter takes spans any more: what is still held is lost, as the time for the shutdown is over.
    pub(super) fn give_up(&mut self) {
        self.lost.shutdown_timeout += std::mem::take(&mut self.held);
        self.waiting.clear();
        self.unseen.clear();
        self.is_over = true;
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn held(&self) -> u64 {
        self.held
    }

    pub(super) fn lost(&self) -> Dropped {
        self.lost
    }

    pub(super) fn flight(&self) -> &flight::Counts {
        &self.flight
    }

    pub(super) fn tail(&self) -> &tail::Counts {
        &self.tail
    }
}
