//! What is kept of spans that were not sampled, and when do they leave?
//!
//! ```text
//! not sampled ──────────────┐
//!                           ├→ ring: the latest ─┬→ outbox ─→ redaction ─→ exporters' queues
//! dropped by the tail ──────┘                    └→ overwritten
//!                                  an error: its trace
//!                                  a panic, a signal, a call: all
//! ```
//!
//! One ring, on the thread of the stages, which collects the spans of all threads anyhow: a thread that ends a
//! span does for it what it does for one that is sampled, and nothing is shared that was not. The ring and the
//! outbox together take no more than the bytes that were set. What is raw stays in the ring: redaction comes after.

mod counts;
mod followed;
mod ring;
#[cfg(test)]
mod tests;
mod why;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use opentelemetry::{TraceId, Value};

pub(super) use counts::Counts;
pub use counts::FlightStats;
pub(super) use ring::Ring;
pub(super) use why::Request;
pub(crate) use why::Why;

use super::intake::Intake;
use super::marks::Marks;
use super::outbox::{Outbox, Room};
use super::staged::Mark;
use crate::export::open_traces::is_local_root;
use crate::record::{Block, Fields, Limits, Span, field, fields};
use followed::Followed;

/// Everything leaves so seldom.
const INTERVAL: Duration = Duration::from_secs(60);

/// Such a part of the bytes is left to what spans say more once they leave.
const FOR_MARKS: usize = 5;

/// What every span that leaves says: why it did.
const KEY: &str = "traced.flight";

/// Keeps the latest spans that were not sampled.
#[derive(Debug)]
pub(super) struct Flight {
    max_bytes: usize,
    ring: Ring,
    /// Traces in the ring that are to leave: a span of theirs failed.
    failed: HashSet<TraceId>,
    followed: Followed,
    outbox: Outbox,
    marks: Marks,
    dumped: Option<Instant>,
    counts: Counts,
    /// Traces of local roots that go to no exporter for now, and are not told yet.
    roots: Vec<TraceId>,
    /// Somebody wants to know of them.
    tells_roots: bool,
}

impl Flight {
    pub(super) fn new(max_bytes: usize, tells_roots: bool) -> Self {
        Flight {
            max_bytes,
            ring: Ring::new(Self::of_ring(max_bytes)),
            failed: HashSet::new(),
            followed: Followed::default(),
            outbox: Outbox::default(),
            marks: Marks::default(),
            dumped: None,
            counts: Counts::default(),
            roots: Vec::new(),
            tells_roots,
        }
    }

    /// A ring for what the tail drops until it is [taken](Self::keep_dropped).
    pub(super) fn ring_of_tail(max_bytes: usize) -> Ring {
        Ring::new(Self::of_ring(max_bytes))
    }

    fn of_ring(max_bytes: usize) -> usize {
        max_bytes - max_bytes / FOR_MARKS
    }

    /// Keeps those that are not sampled, and returns the others.
    pub(super) fn keep_unsampled(&mut self, blocks: Vec<Block>, intake: &Intake) -> Vec<Block> {
        let mut passed = Vec::with_capacity(blocks.len());
        for block in blocks {
            let is_sampled = |span: &Span<'_>| span.finished.trace_flags.is_sampled();
            let kept = block.iter().filter(|span| !is_sampled(span)).count();
            if kept == 0 {
                passed.push(block);
                continue;
            }
            let mut sampled = Block::default();
            for span in block.iter() {
                if is_sampled(&span) {
                    sampled.append(span);
                } else {
                    self.keep(span);
                }
            }
            if sampled.len() > 0 {
                intake.added(0, sampled.capacity());
                passed.push(sampled);
            }
            intake.copied(kept, block);
        }
        self.send_failed();
        passed
    }

    fn keep(&mut self, span: Span<'_>) {
        let of = span.finished;
        self.counts.taken += 1;
        if span.is_error() || self.followed.has(of.trace_id) {
            self.failed.insert(of.trace_id);
        }
        if self.tells_roots && is_local_root(of.parent_span_id, of.parent_span_is_remote) {
            self.roots.push(of.trace_id);
        }
        self.ring.push(span);
    }

    /// Keeps what the tail has dropped. An error among it does not send its trace: the policy has seen it.
    pub(super) fn keep_dropped(&mut self, dropped: &mut Ring) {
        self.ring.append(dropped);
        self.ring.shrink_to(self.room());
    }

    /// The traces that have failed leave, unless too much waits for the exporters: those stay in the ring.
    fn send_failed(&mut self) {
        let failed = std::mem::take(&mut self.failed);
        if !failed.is_empty() && self.outbox.bytes() < self.max_bytes / 2 {
            let taken = self.ring.take_of(&failed);
            for trace in failed {
                self.followed.insert(trace);
            }
            self.send(&taken, Why::Error);
        }
        self.ring.shrink_to(self.room());
    }

    /// All that is held leaves, unless it did so less than a minute ago.
    pub(super) fn dump(&mut self, why: Why, now: Instant) {
        let is_recent = |at| now.saturating_duration_since(at) < INTERVAL;
        if self.dumped.is_some_and(is_recent) {
            self.counts.stats.too_soon += 1;
            return;
        }
        self.dumped = Some(now);
        self.counts.stats.dumps += 1;
        for block in self.ring.take_all() {
            self.send(&block, why);
        }
    }

    fn send(&mut self, block: &Block, why: Why) {
        let value = Value::from(why.name());
        let mut marked = Block::default();
        for span in block.iter() {
            let mut with = Fields::with_capacity(span.fields.len() + 2 * KEY.len());
            with.extend_from_slice(span.fields);
            fields::attribute(&mut with, field::span::ATTRIBUTES, KEY, &value, &Limits::default());
            marked.append(Span { fields: &with, ..span });
        }
        self.counts.sent += marked.len() as u64;
        marked.shrink();
        self.outbox.push(marked);
    }

    /// How many bytes the ring may take now.
    fn room(&self) -> usize {
        Self::of_ring(self.max_bytes).min(self.max_bytes.saturating_sub(self.outbox.bytes()))
    }

    /// A flush or a shutdown began, before which all that is to leave is in the outbox.
    pub(super) fn mark(&mut self, mark: Mark) {
        self.marks.push(mark, 0);
    }

    /// Takes out what is to leave, as far as there is room, and the marks before which nothing is left.
    pub(super) fn release(&mut self, room: Room) -> (Vec<Block>, Vec<Mark>) {
        let released = self.outbox.release(room);
        let reached = self.marks.reached(u64::MAX, self.outbox.pushed, self.outbox.released);
        (released, reached)
    }

    /// Whether something is to leave for which there is no room.
    pub(super) fn wants_room(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// The traces of local roots that were kept since the last call.
    pub(super) fn roots(&mut self) -> Vec<TraceId> {
        std::mem::take(&mut self.roots)
    }

    pub(super) fn counts(&mut self) -> Counts {
        let stats = &mut self.counts.stats;
        stats.held = self.ring.spans();
        stats.bytes = (self.ring.bytes() + self.outbox.bytes()) as u64;
        stats.overwritten = self.ring.overwritten();
        stats.sent = self.counts.sent;
        self.counts
    }
}
