//! What is exported at once?

use std::ops::Range;
use std::sync::Arc;

use crate::record::{Block, Span};

/// Finished spans, in the order in which they came in.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) pieces: Vec<Piece>,
}

/// Some of the spans of a block; the rest may be in another batch.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) block: Arc<Block>,
    pub(super) range: Range<usize>,
}

impl Batch {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Span<'_>> {
        self.pieces
            .iter()
            .flat_map(|piece| piece.range.clone().filter_map(|index| piece.block.get(index)))
    }
}
