//! Which are the latest spans, so many bytes of them?

use std::collections::{HashSet, VecDeque};

use opentelemetry::TraceId;

use crate::record::{Block, Span};

/// A block takes such a part of the bytes; the oldest is overwritten as a whole.
const PARTS: usize = 64;

/// The latest spans, in the order in which they came.
#[derive(Debug)]
pub(in crate::export::pipeline) struct Ring {
    max_bytes: usize,
    blocks: VecDeque<Block>,
    bytes: usize,
    spans: u64,
    overwritten: u64,
}

impl Ring {
    pub(in crate::export::pipeline) fn new(max_bytes: usize) -> Self {
        Ring { max_bytes, blocks: VecDeque::new(), bytes: 0, spans: 0, overwritten: 0 }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn spans(&self) -> u64 {
        self.spans
    }

    /// How many spans have made room for later ones.
    pub(super) fn overwritten(&self) -> u64 {
        self.overwritten
    }

    /// Adds a span, in place of the oldest ones if there is no room.
    pub(in crate::export::pipeline) fn push(&mut self, span: Span<'_>) {
        let part = self.max_bytes / PARTS;
        let has_room = |last: &Block| last.needs() + Block::size(1, span.fields.len()) <= part;
        if !self.blocks.back().is_some_and(has_room) {
            self.close_last();
            self.blocks.push_back(Block::default());
        }
        if let Some(last) = self.blocks.back_mut() {
            let before = last.capacity();
            last.append(span);
            self.bytes += last.capacity() - before;
            self.spans += 1;
        }
        self.shrink_to(self.max_bytes);
    }

    /// Forgets the oldest spans until no more than so many bytes are taken.
    pub(super) fn shrink_to(&mut self, max_bytes: usize) {
        while self.bytes > max_bytes
            && let Some(oldest) = self.blocks.pop_front()
        {
            self.bytes -= oldest.capacity();
            self.spans -= oldest.len() as u64;
            self.overwritten += oldest.len() as u64;
        }
    }

    /// Adds all that is in `later`, which is newer.
    pub(super) fn append(&mut self, later: &mut Ring) {
        self.close_last();
        self.blocks.append(&mut later.blocks);
        self.bytes += std::mem::take(&mut later.bytes);
        self.spans += std::mem::take(&mut later.spans);
        self.overwritten += std::mem::take(&mut later.overwritten);
        self.shrink_to(self.max_bytes);
    }

    /// Takes out all spans.
    pub(super) fn take_all(&mut self) -> VecDeque<Block> {
        (self.bytes, self.spans) = (0, 0);
        std::mem::take(&mut self.blocks)
    }

    /// Takes out the spans of these traces.
    pub(super) fn take_of(&mut self, traces: &HashSet<TraceId>) -> Block {
        let is_of = |span: &Span<'_>| traces.contains(&span.finished.trace_id);
        let mut taken = Block::default();
        for block in &mut self.blocks {
            if !block.iter().any(|span| is_of(&span)) {
                continue;
            }
            let mut left = Block::default();
            for span in block.iter() {
                let to = if is_of(&span) { &mut taken } else { &mut left };
                to.append(span);
            }
            left.shrink();
            self.bytes -= block.capacity();
            self.bytes += left.capacity();
            self.spans -= (block.len() - left.len()) as u64;
            *block = left;
        }
        self.blocks.retain(|block| block.len() > 0);
        taken
    }

    fn close_last(&mut self) {
        if let Some(last) = self.blocks.back_mut() {
            self.bytes -= last.capacity();
            last.shrink();
            self.bytes += last.capacity();
        }
    }
}
