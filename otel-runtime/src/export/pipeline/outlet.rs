//! How are spans handed on to an exporter, and what is it told of those that are not?

use opentelemetry::TraceId;

use super::buffer::Counts;
use super::outbox::Room;
use super::stats::Dropped;
use crate::record::Piece;

/// An exporter's queue, as what hands spans on sees it.
pub(super) trait Outlet: Send + Sync {
    /// Takes in collected spans, which come after all those that it took in before. With `wakes`, wakes
    /// the export thread if they fill a batch; without, that thread is the caller, and looks by itself.
    fn accept(&self, pieces: Vec<Piece>, wakes: bool);

    /// Wakes the export thread, so that it looks again.
    fn wake(&self);

    /// All that was collected before this flush or shutdown began is handed on.
    fn reached(&self, interval: u64, totals: &Totals);

    /// How much it may take in now.
    fn room(&self) -> Room;

    /// Whether it wants to know of local roots that it is not handed.
    fn follows_traces(&self) -> bool;

    /// A local root of this trace is not handed on.
    fn root_dropped(&self, trace: TraceId);
}

/// What became of the spans that were not handed on to the exporters.
pub(super) struct Totals {
    pub(super) counts: Counts,
    /// How many wait in buffers, or are in the stages.
    pub(super) held: u64,
    /// Lost in the stages.
    pub(super) lost: Dropped,
    /// Dropped by the policy of the tail.
    pub(super) sampled_out: u64,
    /// How many of `held` the tail has not decided about.
    pub(super) undecided: u64,
    /// Whether all that was collected is handed on: there are no stages, or they are given up.
    pub(super) is_whole: bool,
}
