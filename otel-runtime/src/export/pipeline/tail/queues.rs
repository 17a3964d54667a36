//! Which traces come first, of those that have waited since some moment?

use std::collections::VecDeque;
use std::time::Instant;

use opentelemetry::TraceId;

/// Traces in the order of the moments since which they wait. What does not hold any more stays until somebody
/// looks, or there is too much of it.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<(Instant, TraceId)>);

/// How much may be out of date before it is removed.
const FEW: usize = 1024;

impl Waiting {
    /// `since` is never earlier than that of a trace before.
    pub(super) fn push(&mut self, since: Instant, trace: TraceId) {
        self.0.push_back((since, trace));
    }

    /// The first that still `holds`.
    pub(super) fn first(
        &mut self,
        holds: impl Fn(Instant, TraceId) -> bool,
    ) -> Option<(Instant, TraceId)> {
        while let Some((since, trace)) = self.0.front().copied() {
            if holds(since, trace) {
                return Some((since, trace));
            }
            self.0.pop_front();
        }
        None
    }

    /// Removes what is out of date, if that is the larger part. `traces` is how many can hold.
    pub(super) fn tidy(&mut self, traces: usize, holds: impl Fn(Instant, TraceId) -> bool) {
        if self.0.len() > 2 * traces + FEW {
            self.0.retain(|(since, trace)| holds(*since, *trace));
            self.0.shrink_to(2 * traces + FEW);
        }
    }
}
