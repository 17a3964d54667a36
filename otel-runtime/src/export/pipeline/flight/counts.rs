//! What became of spans in the flight recorder, in numbers?

/// What the flight recorder has done since the start, and what it holds.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::export::pipeline) struct Counts {
    /// Spans that came in and were not sampled; without those that a tail has dropped, which counts them itself.
    pub(in crate::export::pipeline) taken: u64,
    /// Spans that left; they are on their way to the exporters, or were there.
    pub(in crate::export::pipeline) sent: u64,
    pub(super) stats: FlightStats,
}

/// What the flight recorder has done, and what it holds: see [`Telemetry::flight`](crate::Telemetry::flight).
///
/// Nothing here is a loss. A span that came in counts as `sampled_out` in [`Stats`](crate::Stats), and one that
/// leaves as another that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlightStats {
    /// Spans that it holds now.
    pub held: u64,
    /// The memory that they take, in bytes, with those that left and wait for room in the exporters' queues.
    pub bytes: u64,
    /// Spans that later ones have overwritten.
    pub overwritten: u64,
    /// Spans that have left.
    pub sent: u64,
    /// How often everything has left: for a panic, a signal or a call.
    pub dumps: u64,
    /// How often it was asked for and has not left, less than a minute after the last time.
    pub too_soon: u64,
}

impl Counts {
    pub(in crate::export::pipeline) fn stats(&self) -> FlightStats {
        self.stats
    }
}
