//! What is held of traces that are not decided yet?
//!
//! A trace that nothing has ended of is only counted. The others are in two orders: by the moment at which
//! their first span ended, and, if no span of theirs is open, by that since which none has been.

use std::collections::HashMap;
use std::time::Instant;

use opentelemetry::TraceId;

use super::queues::Waiting;
use crate::record::{Block, Span};

/// About how much memory a trace takes beside its spans.
const OVERHEAD: usize = 2 * size_of::<(TraceId, Trace)>() + 6 * size_of::<(Instant, TraceId)>();

#[derive(Debug)]
pub(super) struct Trace {
    /// How many spans have begun, less those that have ended. Negative where a start is missing.
    open: i64,
    /// Whether it is over can only be told by the time.
    is_by_time: bool,
    /// When the first of its spans ended, and as the how-manieth trace to have one.
    first: Option<(Instant, u64)>,
    quiet_since: Option<Instant>,
    is_touched: bool,
    pub(super) spans: Block,
    /// How many bytes they take when they are sent.
    pub(super) sent_len: u64,
    pub(super) begins_here: bool,
}

#[derive(Debug, Default)]
pub(super) struct Traces {
    all: HashMap<TraceId, Trace>,
    by_age: Waiting,
    quiet: Waiting,
    /// Those of which nothing has ended.
    empty: Waiting,
    touched: Vec<TraceId>,
    bytes: usize,
    spans: u64,
    count: u64,
}

impl Traces {
    pub(super) fn has(&self, trace: TraceId) -> bool {
        self.all.contains_key(&trace)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn spans(&self) -> u64 {
        self.spans
    }

    /// How many traces have ever had a span that ended.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn started(&mut self, id: TraceId, now: Instant) {
        self.touch(id, now).open += 1;
    }

    /// So many spans ended that are sent nowhere.
    pub(super) fn ended_unseen(&mut self, id: TraceId, spans: u32, now: Instant) {
        self.touch(id, now).open -= i64::from(spans);
    }

    /// A span ended. Returns how many bytes its trace takes.
    pub(super) fn ended(&mut self, id: TraceId, span: Span<'_>, now: Instant) -> usize {
        let count = self.count;
        let trace = self.touch(id, now);
        trace.open -= 1;
        let before = trace.spans.capacity();
        trace.spans.append(span);
        trace.sent_len += span.sent_len() as u64;
        trace.begins_here |= span.begins_trace();
        let is_first = trace.first.is_none();
        if is_first {
            trace.first = Some((now, count));
        }
        let after = trace.spans.capacity();
        self.bytes += after - before;
        self.spans += 1;
        if is_first {
            self.count += 1;
            self.by_age.push(now, id);
        }
        after
    }

    fn touch(&mut self, id: TraceId, now: Instant) -> &mut Trace {
        let trace = self.all.entry(id).or_insert_with(|| {
            self.bytes += OVERHEAD;
            self.empty.push(now, id);
            Trace {
                open: 0,
                is_by_time: false,
                first: None,
                quiet_since: None,
                is_touched: false,
                spans: Block::default(),
                sent_len: 0,
                begins_here: false,
            }
        });
        if !trace.is_touched {
            trace.is_touched = true;
            self.touched.push(id);
        }
        trace
    }

    /// Starts or ends of these traces are missing.
    pub(super) fn missed(&mut self, may_miss: impl Fn(TraceId) -> bool) {
        for (id, trace) in &mut self.all {
            trace.is_by_time |= may_miss(*id);
        }
    }

    /// All that happened up to `now` has been told: which of the traces that it was about are quiet?
    pub(super) fn settle(&mut self, now: Instant) {
        let mut touched = std::mem::take(&mut self.touched);
        for id in touched.drain(..) {
            let Some(trace) = self.all.get_mut(&id) else { continue };
            trace.is_touched = false;
            trace.quiet_since = None;
            trace.is_by_time |= trace.open < 0;
            if trace.open == 0 && trace.first.is_none() {
                // All of its spans were left out, and none is open.
                self.remove(id);
            } else if trace.open == 0 && !trace.is_by_time {
                trace.quiet_since = Some(now);
                self.quiet.push(now, id);
            }
        }
        self.touched = touched;
        let Traces { all, by_age, quiet, empty, .. } = self;
        by_age.tidy(all.len(), |since, id| is_of_age(all, since, id));
        quiet.tidy(all.len(), |since, id| is_quiet(all, since, id));
        empty.tidy(all.len(), |_, id| is_empty(all, id));
    }

    /// The trace that has been quiet for the longest time, and since when.
    pub(super) fn first_quiet(&mut self) -> Option<(Instant, TraceId)> {
        let Traces { all, quiet, .. } = self;
        quiet.first(|since, id| is_quiet(all, since, id))
    }

    /// The trace whose first span ended before that of any other: when that was, and its number.
    pub(super) fn oldest(&mut self) -> Option<(Instant, u64, TraceId)> {
        let Traces { all, by_age, .. } = self;
        let (since, id) = by_age.first(|since, id| is_of_age(all, since, id))?;
        let (_, number) = all.get(&id)?.first?;
        Some((since, number, id))
    }

    /// Forgets the oldest trace of which nothing has ended; false if there is none.
    pub(super) fn forget_empty(&mut self) -> bool {
        let Traces { all, empty, .. } = self;
        let first = empty.first(|_, id| is_empty(all, id));
        first.is_some_and(|(_, id)| self.remove(id).is_some())
    }

    pub(super) fn remove(&mut self, id: TraceId) -> Option<Trace> {
        let trace = self.all.remove(&id)?;
        self.bytes -= OVERHEAD + trace.spans.capacity();
        self.spans -= trace.spans.len() as u64;
        Some(trace)
    }
}

fn is_of_age(all: &HashMap<TraceId, Trace>, since: Instant, id: TraceId) -> bool {
    all.get(&id).and_then(|trace| trace.first).is_some_and(|(first, _)| first == since)
}

fn is_quiet(all: &HashMap<TraceId, Trace>, since: Instant, id: TraceId) -> bool {
    all.get(&id).is_some_and(|trace| trace.quiet_since == Some(since) && !trace.is_by_time)
}

fn is_empty(all: &HashMap<TraceId, Trace>, id: TraceId) -> bool {
    all.get(&id).is_some_and(|trace| trace.first.is_none())
}
