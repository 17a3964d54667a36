//! What is kept, and waits for room in the exporters' queues?

use std::collections::VecDeque;

use crate::record::{Block, Span};

/// How many spans share a block that came one by one.
const FEW: usize = 32;

/// How much an exporter's queue may still take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Room {
    pub(super) spans: usize,
    pub(super) bytes: usize,
    /// It holds nothing, so that what is too large for it now always will be.
    pub(super) is_all: bool,
}

impl Room {
    /// What is left once these are handed on.
    pub(super) fn less(self, blocks: &[Block]) -> Room {
        let spans: usize = blocks.iter().map(Block::len).sum();
        let bytes: usize = blocks.iter().map(Block::capacity).sum();
        Room {
            spans: self.spans.saturating_sub(spans),
            bytes: self.bytes.saturating_sub(bytes),
            is_all: self.is_all && spans == 0,
        }
    }
}

/// Spans that are to leave, in the order in which that was decided.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    blocks: VecDeque<Block>,
    /// How many spans of the first block have been released.
    done: usize,
    bytes: usize,
    /// The last block may take one more span that comes by itself.
    is_open: bool,
    pub(super) pushed: u64,
    pub(super) released: u64,
}

impl Outbox {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub(super) fn push(&mut self, block: Block) {
        self.pushed += block.len() as u64;
        self.bytes += block.capacity();
        self.blocks.push_back(block);
        self.is_open = false;
    }

    pub(super) fn push_span(&mut self, span: Span<'_>) {
        if let Some(last) = self.blocks.back_mut()
            && self.is_open
            && last.len() < FEW
        {
            let before = last.capacity();
            last.append(span);
            self.bytes += last.capacity() - before;
            self.pushed += 1;
            return;
        }
        let mut block = Block::default();
        block.append(span);
        self.push(block);
        self.is_open = true;
    }

    /// Takes out as much as there is room for.
    pub(super) fn release(&mut self, mut room: Room) -> Vec<Block> {
        let mut released = Vec::new();
        while let Some(first) = self.blocks.front() {
            let (left, bytes) = (first.len() - self.done, first.capacity());
            if room.spans == 0 {
                break;
            }
            // A block that fits into no queue at all goes in parts.
            if self.done == 0 && left <= room.spans && bytes <= room.bytes {
                self.bytes -= bytes;
                room.spans -= left;
                room.bytes -= bytes;
                room.is_all = false;
                self.released += left as u64;
                released.extend(self.blocks.pop_front());
                continue;
            }
            let part = self.part(room);
            if part.len() == 0 {
                break;
            }
            room.spans -= part.len();
            room.bytes = room.bytes.saturating_sub(part.capacity());
            room.is_all = false;
            released.push(part);
        }
        released
    }

    /// A copy of the next spans of the first block: at most as many as there is room for.
    fn part(&mut self, room: Room) -> Block {
        let Some(first) = self.blocks.front() else { return Block::default() };
        let (mut spans, mut fields) = (0, 0);
        for at in self.done..first.len() {
            let Some(span) = first.get(at) else { break };
            let bytes = Block::size(spans + 1, fields + span.fields.len());
            let is_too_large = bytes > room.bytes && !(room.is_all && spans == 0);
            if spans == room.spans || is_too_large {
                break;
            }
            (spans, fields) = (spans + 1, fields + span.fields.len());
        }
        let mut part = Block::with_capacity(spans, fields);
        for at in self.done..self.done + spans {
            if let Some(span) = first.get(at) {
                part.push(span.finished, span.finished.end, span.fields);
            }
        }
        self.done += spans;
        self.released += spans as u64;
        if self.done == first.len() {
            self.bytes -= first.capacity();
            self.blocks.pop_front();
            self.done = 0;
        }
        part
    }
}
