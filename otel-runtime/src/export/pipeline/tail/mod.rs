//! Which traces does the tail hold back, and when does it decide about them?
//!
//! ```text
//! starts ──┐                            ┌→ kept ─→ outbox ─→ exporters' queues
//!          ├→ undecided, by trace ─→ policy
//! ends ────┘                            └→ dropped, and counted
//!                                           (later spans follow what was decided)
//! ```
//!
//! A trace is over when as many of its spans have ended as have begun, and then nothing happened for the
//! grace. It is decided before that if it is open for too long, takes too many bytes, or is the oldest when
//! all of them together do. The spans are copied, so that they take no room of the exporters' queues.
//!
//! Three quarters of the bytes are for what is undecided, a quarter for what is kept and waits for room in the
//! queues. While the latter is full, nothing is decided that can wait.

mod change;
mod counts;
mod decided;
mod queues;
mod traces;
mod view;

#[cfg(test)]
mod tests;

use std::time::Instant;

use opentelemetry::TraceId;

pub(super) use counts::Counts;
pub use counts::{Early, Late, TailStats, Undecided};

use super::flight::Ring;
use super::marks::Marks;
use super::outbox::{Outbox, Room};
use super::staged::{Mark, Swept};
use crate::export::open_traces::is_local_root;
use crate::export::settings::Tail as Settings;
use crate::process::unwind::caught;
use crate::record::{Block, Span};
use crate::sampling::tail::{Decision, ThresholdChange, Totals, randomness};
use change::Change;
use decided::{Decided, Fate};
use traces::{Trace, Traces};
use view::View;

/// Holds spans back until their traces are decided.
#[derive(Debug)]
pub(super) struct Tail {
    settings: Settings,
    traces: Traces,
    decided: Decided,
    outbox: Outbox,
    counts: Counts,
    /// Kept spans that were lost, since nothing took them and there was no room left; not told yet.
    lost: u64,
    /// Traces of dropped local roots that are not told yet.
    dropped_roots: Vec<TraceId>,
    /// Somebody wants to know of them.
    tells_roots: bool,
    /// Traces with smaller numbers are to be decided as soon as there is room for those that are kept.
    decide_before: u64,
    marks: Marks,
    /// What is dropped, for the flight recorder, if there is one.
    pub(super) dropped: Option<Ring>,
    began: Instant,
}

/// What is not handed on.
#[derive(Debug, Default)]
pub(super) struct Withheld {
    pub(super) lost: u64,
    pub(super) dropped_roots: Vec<TraceId>,
}

/// Why a trace is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Over,
    TooLong,
    TooLarge,
    MemoryFull,
    Asked,
}

impl Tail {
    pub(super) fn new(settings: Settings, tells_roots: bool, now: Instant) -> Self {
        Tail {
            decided: Decided::new(settings.remembered),
            settings,
            traces: Traces::default(),
            outbox: Outbox::default(),
            counts: Counts::default(),
            lost: 0,
            dropped_roots: Vec::new(),
            tells_roots,
            decide_before: 0,
            marks: Marks::default(),
            dropped: None,
            began: now,
        }
    }

    /// Takes in what was collected, and decides what can be decided at `now`.
    pub(super) fn take_in(&mut self, blocks: &[Block], swept: Swept, now: Instant) {
        for block in blocks {
            for span in block.iter() {
                self.ended(span, now);
            }
            self.make_room(now);
        }
        let Swept { unseen, starts, missed } = swept;
        for (trace, spans) in unseen {
            if self.is_undecided(trace) {
                self.traces.ended_unseen(trace, spans, now);
            }
        }
        for trace in starts {
            if self.is_undecided(trace) {
                self.traces.started(trace, now);
            }
        }
        if !missed.is_empty() {
            self.traces.missed(|trace| missed.may_have(trace));
        }
        self.make_room(now);
        self.traces.settle(now);
        self.decide_due(now);
    }

    /// A flush or a shutdown began, before which everything was taken in. With `decides`, it waits until all
    /// that is undecided now is decided.
    pub(super) fn mark(&mut self, mark: Mark, now: Instant) {
        let decided = if mark.decides { self.traces.count() } else { 0 };
        self.decide_before = self.decide_before.max(decided);
        self.marks.push(mark, decided);
        self.decide_due(now);
    }

    /// Takes out what is kept, as far as there is room, and the marks before which nothing is left.
    pub(super) fn release(&mut self, room: Room, now: Instant) -> (Vec<Block>, Vec<Mark>) {
        let mut released = self.outbox.release(room);
        // What was full before may have had too little room for decisions.
        self.decide_due(now);
        released.extend(self.outbox.release(room.less(&released)));
        let oldest = self.traces.oldest().map_or(u64::MAX, |(_, number, _)| number);
        let reached = self.marks.reached(oldest, self.outbox.pushed, self.outbox.released);
        (released, reached)
    }

    /// What was withheld since the last call.
    pub(super) fn withheld(&mut self) -> Withheld {
        Withheld {
            lost: std::mem::take(&mut self.lost),
            dropped_roots: std::mem::take(&mut self.dropped_roots),
        }
    }

    pub(super) fn counts(&mut self) -> Counts {
        self.counts.undecided = Undecided {
            traces: self.traces.len() as u64,
            spans: self.traces.spans(),
            bytes: (self.traces.bytes() + self.outbox.bytes()) as u64,
        };
        self.counts.clone()
    }

    /// Whether anything is undecided, or waits for room.
    pub(super) fn is_holding(&self) -> bool {
        self.traces.len() > 0 || self.wants_room()
    }

    /// Whether something is kept for which there is no room.
    pub(super) fn wants_room(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn ended(&mut self, span: Span<'_>, now: Instant) {
        let id = span.finished.trace_id;
        if !self.traces.has(id)
            && let Some(fate) = self.decided.get(id)
        {
            return self.ended_late(span, fate);
        }
        if self.traces.ended(id, span, now) > self.settings.max_trace_bytes {
            self.decide(id, Why::TooLarge, now);
        }
    }

    fn ended_late(&mut self, span: Span<'_>, fate: Fate) {
        match fate {
            Fate::Kept(change) => {
                self.counts.late.kept += 1;
                match change.of(span) {
                    Some(fields) => self.keep_span(Span { fields: &fields, ..span }),
                    None => self.keep_span(span),
                }
            }
            Fate::Dropped => {
                self.counts.late.dropped += 1;
                self.counts.late.dropped_errors += u64::from(span.is_error());
                self.drop_span(span);
            }
        }
    }

    /// Whether the policy is still to be asked about this trace.
    fn is_undecided(&mut self, trace: TraceId) -> bool {
        self.traces.has(trace) || self.decided.get(trace).is_none()
    }

    fn decide_due(&mut self, now: Instant) {
        let Settings { grace, max_duration, .. } = self.settings;
        while !self.is_full()
            && let Some((since, trace)) = self.traces.first_quiet()
            && now.saturating_duration_since(since) >= grace
        {
            self.decide(trace, Why::Over, now);
        }
        while !self.is_full()
            && let Some((since, number, trace)) = self.traces.oldest()
        {
            let why = if number < self.decide_before {
                Why::Asked
            } else if now.saturating_duration_since(since) >= max_duration {
                Why::TooLong
            } else {
                break;
            };
            self.decide(trace, why, now);
        }
    }

    /// Decides the oldest traces while the undecided ones take too many bytes.
    fn make_room(&mut self, now: Instant) {
        let all = self.settings.max_bytes;
        let is_too_much = |this: &Self| {
            let undecided = this.traces.bytes();
            undecided > all - all / 4 || undecided + this.outbox.bytes() > all
        };
        while is_too_much(self) {
            match self.traces.oldest() {
                Some((_, _, trace)) => self.decide(trace, Why::MemoryFull, now),
                None if self.traces.forget_empty() => {}
                None => break,
            }
        }
    }

    /// Whether as much waits for the exporters as may.
    fn is_full(&self) -> bool {
        self.outbox.bytes() >= self.settings.max_bytes / 4
    }

    fn decide(&mut self, id: TraceId, why: Why, now: Instant) {
        let Some(trace) = self.traces.remove(id) else { return };
        let Early { too_long, too_large, memory_full, asked } = &mut self.counts.early;
        match why {
            Why::Over => {}
            Why::TooLong => *too_long += 1,
            Why::TooLarge => *too_large += 1,
            Why::MemoryFull => *memory_full += 1,
            Why::Asked => *asked += 1,
        }
        let fate = match self.ask(id, &trace, now) {
            Some(Decision::Keep { reason, threshold }) => {
                self.counts.keep(reason);
                let implied = self.settings.implied.filter(|_| trace.begins_here);
                Fate::Kept(Change { threshold, implied })
            }
            Some(Decision::Drop { reason }) => {
                self.counts.drop(reason);
                Fate::Dropped
            }
            // A policy that panics loses nothing.
            None => Fate::Kept(Change { threshold: ThresholdChange::AsItWas, implied: None }),
        };
        self.decided.insert(id, fate);
        match fate {
            Fate::Kept(change) => self.keep(trace, change),
            Fate::Dropped => trace.spans.iter().for_each(|span| self.drop_span(span)),
        }
    }

    /// What the policy says; `None` if it panics.
    fn ask(&self, id: TraceId, trace: &Trace, now: Instant) -> Option<Decision> {
        let state = trace.spans.get(0).map(|span| span.trace_state()).unwrap_or_default();
        let totals = Totals {
            spans: trace.spans.len() as u64,
            bytes: trace.sent_len,
            randomness: randomness(id, state),
        };
        let now = now.saturating_duration_since(self.began);
        caught(|| self.settings.policy.decide(&trace.spans.iter().map(View), &totals, now)).ok()
    }

    fn keep(&mut self, trace: Trace, change: Change) {
        if self.is_full() {
            self.lost += trace.spans.len() as u64;
            trace.spans.iter().for_each(|span| self.tell_root(span));
            return;
        }
        let mut changed: Option<Block> = None;
        for (at, span) in trace.spans.iter().enumerate() {
            if let Some(fields) = change.of(span) {
                let block = changed.get_or_insert_with(|| {
                    let mut block = Block::with_capacity(trace.spans.len(), trace.spans.capacity());
                    trace.spans.iter().take(at).for_each(|span| block.append(span));
                    block
                });
                block.append(Span { fields: &fields, ..span });
            } else if let Some(block) = &mut changed {
                block.append(span);
            }
        }
        let mut block = changed.unwrap_or(trace.spans);
        block.shrink();
        self.outbox.push(block);
    }

    fn keep_span(&mut self, span: Span<'_>) {
        if self.is_full() {
            self.lost += 1;
            self.tell_root(span);
        } else {
            self.outbox.push_span(span);
        }
    }

    fn drop_span(&mut self, span: Span<'_>) {
        self.counts.sampled_out += 1;
        if let Some(dropped) = &mut self.dropped {
            dropped.push(span);
        }
        self.tell_root(span);
    }

    fn tell_root(&mut self, span: Span<'_>) {
        let of = span.finished;
        if self.tells_roots && is_local_root(of.parent_span_id, of.parent_span_is_remote) {
            self.dropped_roots.push(of.trace_id);
        }
    }
}
