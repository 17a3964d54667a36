//! What is a finished span made of?
//!
//! What every span has is stored in typed fields. What only some spans have is stored as it is going to
//! be sent, as a piece of OTLP's `Span` message, so that it needs no allocation and no encoding later.
//! That piece may hold the name, trace state, attributes, events, links and status, in any order, and how
//! many of each were dropped.

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
pub(crate) mod lookup;
mod rewrite;
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
    /// Whether the name is among the fields; otherwise the span has the function's name.
    pub(crate) named: bool,
    /// Whether the span's `code.*` attributes, if it has any, are among the fields; otherwise it has
    /// those of the function, before its own attributes.
    pub(crate) placed: bool,
}

/// Who made a span.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// An annotated function.
    Function(&'static Function),
    /// Another library. Its spans are `named` and `placed`.
    Library(Arc<InstrumentationScope>),
}

/// What all spans of an annotated function have in common.
#[derive(Debug)]
pub(crate) struct Function {
    /// What its spans are called.
    pub(crate) name: &'static str,
    /// Functions are numbered by their first calls.
    pub(crate) number: u32,
    #[cfg_attr(not(feature = "metrics"), expect(dead_code, reason = "only counts need it"))]
    pub(crate) path: &'static str,
    /// One for all functions with the same scope, so that scopes can be compared by address.
    pub(crate) scope: &'static InstrumentationScope,
    /// `code.function.name`, `code.file.path` and `code.line.number`, as fields.
    pub(crate) place: Box<[u8]>,
    /// How many attributes that is: zero for what is not a function.
    pub(crate) place_count: u32,
}

impl Function {
    /// Whether it is a function of the program, and not a layer of this crate.
    #[cfg(feature = "metrics")]
    pub(crate) fn is_in_code(&self) -> bool {
        self.place_count > 0
    }
}

/// Finished spans, one after the other, in memory that is allocated once.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Slots for spans, of which the first `len` are used.
    slots: Vec<Slot>,
    len: usize,
    fields: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Slot {
    finished: Finished,
    /// Where the span's fields end in the block's fields; they begin where those of the span before end.
    fields_end: usize,
}

/// A finished span in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) finished: &'a Finished,
    pub(crate) fields: &'a [u8],
}

impl Block {
    /// How many bytes a block takes that has room for so many spans and bytes of fields.
    pub(crate) const fn size(spans: usize, fields: usize) -> usize {
        spans * size_of::<Slot>() + fields
    }

    pub(crate) fn with_capacity(spans: usize, fields: usize) -> Block {
        Block { slots: vec![Slot::empty(); spans], len: 0, fields: Vec::with_capacity(fields) }
    }

    /// How many bytes the block takes.
    pub(crate) fn capacity(&self) -> usize {
        Block::size(self.slots.capacity(), self.fields.capacity())
    }

    /// Whether a span with so many bytes of fields fits into the block without a new allocation.
    #[inline]
    pub(crate) fn has_room(&self, fields: usize) -> bool {
        self.len < self.slots.len() && fields <= self.fields.capacity() - self.fields.len()
    }

    /// Adds a copy of a span that ended at `end`; false if there is no room.
    #[inline]
    pub(crate) fn push(&mut self, finished: &Finished, end: u64, fields: &[u8]) -> bool {
        let Some(slot) = self.slots.get_mut(self.len) else { return false };
        self.fields.extend(fields);
        slot.fields_end = self.fields.len();
        slot.finished.set(finished, end);
        self.len += 1;
        true
    }

    /// Adds a copy of a span, and allocates more memory if there is no room: at first no more than the span
    /// needs.
    pub(crate) fn append(&mut self, Span { finished, fields }: Span<'_>) {
        if self.slots.capacity() == 0 {
            self.slots.reserve_exact(1);
            self.fields.reserve_exact(fields.len());
        }
        self.fields.extend_from_slice(fields);
        let slot = Slot { finished: finished.clone(), fields_end: self.fields.len() };
        match self.slots.get_mut(self.len) {
            Some(free) => *free = slot,
            None => self.slots.push(slot),
        }
        self.len += 1;
    }

    /// The spans, in the order in which they were added.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Span<'_>> + Clone {
        (0..self.len).filter_map(|index| self.get(index))
    }

    /// How many bytes of its memory are in use.
    pub(crate) fn needs(&self) -> usize {
        Block::size(self.len, self.fields.len())
    }

    /// Frees the memory that is not in use.
    pub(crate) fn shrink(&mut self) {
        self.slots.truncate(self.len);
        self.slots.shrink_to_fit();
        self.fields.shrink_to_fit();
    }

    /// Writes to the memory, so that the system provides it now and not when the first span is added.
    pub(crate) fn touch(&mut self) {
        self.fields.resize(self.fields.capacity(), 0);
        self.fields.clear();
    }

    /// Removes the spans and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.fields.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The span with this index, in the order in which they were added.
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

/// The function of slots that have no span yet.
static NOBODY: LazyLock<Function> = LazyLock::new(|| Function {
    number: 0,
    path: "",
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

    /// The function's name and `code.*` attributes, each empty if the span has its own among the fields.
    pub(crate) fn common(&self) -> (&'static str, &'static [u8]) {
        match &self.origin {
            Origin::Function(function) => (
                if self.named { "" } else { function.name },
                if self.placed { &[] } else { &function.place },
            ),
            Origin::Library(_) => ("", &[]),
        }
    }

    /// Copies `other`, with this end: field by field, since a read in large pieces of what has just been
    /// written in small ones is slow.
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
