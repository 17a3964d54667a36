//! What is exported at once?

use std::ops::Range;
use std::sync::Arc;

use super::{Block, Span};

/// Finished spans, in the order in which they came in.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) pieces: Vec<Piece>,
}

/// Some of the spans of a block; the rest may be in another batch.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) block: Arc<Block>,
    pub(crate) range: Range<usize>,
}

impl Batch {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Span<'_>> {
        self.pieces.iter().flat_map(Piece::iter)
    }
}

impl Piece {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Span<'_>> {
        self.range.clone().filter_map(|index| self.block.get(index))
    }
}
