//! What is a finished span made of?
//!
//! What every span has is typed; what some have is kept as it is sent, as a piece of OTLP's `Span`
//! message, so that nothing has to be allocated for it and nothing to be encoded later. That piece may
//! hold the name, trace state, attributes, events, links and status, in any order, and how many of each
//! were dropped.

pub(crate) mod attributes;
mod batch;
mod data;
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    allow(dead_code, reason = "only what is sent by OTLP has all of them")
)]
pub(crate) mod field;
pub(crate) mod fields;
mod limits;
#[cfg(any(feature = "console", feature = "testing"))]
pub(crate) mod summary;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod wire;

use std::sync::{Arc, LazyLock};

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanId, SpanKind, TraceFlags, TraceId};

pub(crate) use batch::{Batch, Piece};
pub(crate) use fields::Fields;
pub(crate) use limits::Limits;

/// What every finished span has.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) trace_flags: TraceFlags,
    /// Invalid for a root.
    pub(crate) parent_span_id: SpanId,
    pub(crate) parent_span_is_remote: bool,
    pub(crate) kind: SpanKind,
    /// In nanoseconds since the Unix epoch.
    pub(crate) start: u64,
    /// In nanoseconds since the Unix epoch, never before `start`.
    pub(crate) end: u64,
    pub(crate) origin: Origin,
    /// Whether the fields hold the name; otherwise it is that of the function.
    pub(crate) named: bool,
    /// Whether the fields hold the function's place, or the span has none; otherwise it has the
    /// attributes that are common to all spans of the function, before its own.
    pub(crate) placed: bool,
}

/// Who made a span.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// An annotated function.
    Function(&'static Function),
    /// Another library, whose spans are `named` and `placed`.
    Library(Arc<InstrumentationScope>),
}

/// What all spans of an annotated function have in common.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// One for all functions of a scope, so that its address tells it.
    pub(crate) scope: &'static InstrumentationScope,
    /// `code.function.name`, `code.file.path` and `code.line.number`, as fields.
    pub(crate) place: Box<[u8]>,
    /// How many attributes that is: none of what is no function.
    pub(crate) place_count: u32,
}

/// Finished spans, one behind the other, in memory that is taken once.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Room for spans, of which the first `len` are there.
    slots: Vec<Slot>,
    len: usize,
    fields: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Slot {
    finished: Finished,
    /// Where its fields end in the block's; they begin where those of the one before end.
    fields_end: usize,
}

/// A finished span in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) finished: &'a Finished,
    pub(crate) fields: &'a [u8],
}

impl Block {
    /// How much memory a block takes with room for so much.
    pub(crate) const fn size(spans: usize, fields: usize) -> usize {
        spans * size_of::<Slot>() + fields
    }

    pub(crate) fn with_capacity(spans: usize, fields: usize) -> Block {
        Block { slots: vec![Slot::empty(); spans], len: 0, fields: Vec::with_capacity(fields) }
    }

    /// How much memory it takes.
    pub(crate) fn capacity(&self) -> usize {
        Block::size(self.slots.len(), self.fields.capacity())
    }

    /// Whether a span with as many bytes of fields fits into the memory that it has.
    #[inline]
    pub(crate) fn has_room(&self, fields: usize) -> bool {
        self.len < self.slots.len() && fields <= self.fields.capacity() - self.fields.len()
    }

    /// Takes in a copy of a span that ended then; false if it has no room.
    #[inline]
    pub(crate) fn push(&mut self, finished: &Finished, end: u64, fields: &[u8]) -> bool {
        let Some(slot) = self.slots.get_mut(self.len) else { return false };
        self.fields.extend(fields);
        slot.fields_end = self.fields.len();
        slot.finished.set(finished, end);
        self.len += 1;
        true
    }

    /// How much of its memory it needs.
    pub(crate) fn needs(&self) -> usize {
        Block::size(self.len, self.fields.len())
    }

    /// Gives up what memory it does not need.
    pub(crate) fn shrink(&mut self) {
        self.slots.truncate(self.len);
        self.slots.shrink_to_fit();
        self.fields.shrink_to_fit();
    }

    /// Lets the system find the memory now, which it does when it is first written to.
    pub(crate) fn touch(&mut self) {
        self.fields.resize(self.fields.capacity(), 0);
        self.fields.clear();
    }

    /// Forgets the spans and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.fields.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The span with this index, in the order in which they came.
    pub(crate) fn get(&self, index: usize) -> Option<Span<'_>> {
        let slots = &self.slots[..self.len];
        let Slot { finished, fields_end } = slots.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| slots[before].fields_end);
        Some(Span { finished, fields: &self.fields[start..*fields_end] })
    }
}

impl Slot {
    fn empty() -> Slot {
        Slot { finished: Finished::of(&NOBODY), fields_end: 0 }
    }
}

/// Whose the spans are that are not there yet.
static NOBODY: LazyLock<Function> = LazyLock::new(|| Function {
    name: "",
    scope: Box::leak(Box::default()),
    place: Box::default(),
    place_count: 0,
});

impl Finished {
    /// A span of `function` of which nothing else is known.
    pub(crate) fn of(function: &'static Function) -> Finished {
        Finished {
            trace_id: TraceId::INVALID,
            span_id: SpanId::INVALID,
            trace_flags: TraceFlags::NOT_SAMPLED,
            parent_span_id: SpanId::INVALID,
            parent_span_is_remote: false,
            kind: SpanKind::Internal,
            start: 0,
            end: 0,
            origin: Origin::Function(function),
            named: false,
            placed: false,
        }
    }

    /// The name and the place that are the function's and not among the fields; empty otherwise.
    pub(crate) fn common(&self) -> (&'static str, &'static [u8]) {
        match &self.origin {
            Origin::Function(function) => (
                if self.named { "" } else { function.name },
                if self.placed { &[] } else { &function.place },
            ),
            Origin::Library(_) => ("", &[]),
        }
    }

    /// Makes this one equal to another that ended then: field by field, since what has just been
    /// written in small parts is slow to read in large ones.
    #[inline]
    fn set(&mut self, other: &Finished, end: u64) {
        let Finished {
            trace_id,
            span_id,
            trace_flags,
            parent_span_id,
            parent_span_is_remote,
            ref kind,
            start,
            end: _,
            ref origin,
            named,
            placed,
        } = *other;
        self.trace_id = trace_id;
        self.span_id = span_id;
        self.trace_flags = trace_flags;
        self.parent_span_id = parent_span_id;
        self.parent_span_is_remote = parent_span_is_remote;
        self.kind.clone_from(kind);
        self.start = start;
        self.end = end;
        self.origin.clone_from(origin);
        self.named = named;
        self.placed = placed;
    }
}

impl Origin {
    pub(crate) fn scope(&self) -> &InstrumentationScope {
        match self {
            Origin::Function(function) => function.scope,
            Origin::Library(scope) => scope,
        }
    }
}
