//! Which local traces are open?
//!
//! A trace is open in this process while one of its local roots has not ended. A local root is a span
//! that has no parent in this process.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(any(feature = "console", test))]
use std::time::Duration;
use std::time::Instant;

use opentelemetry::{SpanId, TraceId};

/// So many locks, so that threads with spans of different traces seldom wait for the same one.
const SHARDS: usize = 16;

/// Whether a span is where its trace begins in this process: it has no parent, or one in another
/// process.
pub(crate) fn is_local_root(parent_span_id: SpanId, parent_is_remote: bool) -> bool {
    parent_span_id == SpanId::INVALID || parent_is_remote
}

/// The traces that are open in this process.
///
/// Every local root that was [`started`](Self::started) is either [`closed`](Self::closed) by the
/// exporter that waits for its trace, or [`lost`](Self::lost) if it does not get there.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenTraces(Arc<[Shard; SHARDS]>);

/// Some of the traces.
type Shard = Mutex<HashMap<TraceId, Open>>;

/// A trace that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// How many of its local roots are open.
    roots: usize,
    #[cfg_attr(not(any(feature = "console", test)), expect(dead_code, reason = "nobody looks"))]
    since: Instant,
}

impl OpenTraces {
    /// A local root of `trace` has started.
    pub(crate) fn started(&self, trace: TraceId) {
        let new = || Open { roots: 0, since: Instant::now() };
        self.shard(trace).entry(trace).or_insert_with(new).roots += 1;
    }

    /// A local root of `trace` has ended, and will not get to the exporter.
    pub(crate) fn lost(&self, trace: TraceId) {
        self.closed(trace);
    }

    /// A local root of `trace` has ended, and got to the exporter.
    pub(crate) fn closed(&self, trace: TraceId) {
        if let Entry::Occupied(mut open) = self.shard(trace).entry(trace) {
            open.get_mut().roots -= 1;
            if open.get().roots == 0 {
                open.remove();
            }
        }
    }

    /// Whether a local root of `trace` is open.
    #[cfg(any(feature = "console", test))]
    pub(crate) fn is_open(&self, trace: TraceId) -> bool {
        self.shard(trace).contains_key(&trace)
    }

    /// The traces that have been open for at least `time`, each with how long.
    #[cfg(any(feature = "console", test))]
    pub(crate) fn open_for(&self, time: Duration) -> Vec<(TraceId, Duration)> {
        let mut open = Vec::new();
        for shard in &*self.0 {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let of_shard = shard.iter().map(|(trace, open)| (*trace, open.since.elapsed()));
            open.extend(of_shard.filter(|(_, elapsed)| *elapsed >= time));
        }
        open
    }

    /// Whether no trace is open.
    #[cfg(any(feature = "console", test))]
    pub(crate) fn is_empty(&self) -> bool {
        let is_empty =
            |shard: &Shard| shard.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        self.0.iter().all(is_empty)
    }

    fn shard(&self, trace: TraceId) -> MutexGuard<'_, HashMap<TraceId, Open>> {
        // If an id has random bytes, the last one is among them.
        let [.., last] = trace.to_bytes();
        self.0[usize::from(last) % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_open_until_the_last_of_its_roots_has_ended() {
        let open = OpenTraces::default();
        // The first two ids share a lock.
        let [one, same, other] = [1, 1 + SHARDS as u128, 2].map(TraceId::from);
        for trace in [one, one, same, other] {
            open.started(trace);
        }

        open.closed(one);
        open.lost(same);
        assert_eq!([one, same, other].map(|trace| open.is_open(trace)), [true, false, true]);
        open.closed(one);
        open.closed(one);
        assert!(!open.is_open(one), "also if one is told twice");
        open.started(one);
        assert!(open.is_open(one));

        let mut for_long: Vec<TraceId> =
            open.open_for(Duration::ZERO).into_iter().map(|(trace, _)| trace).collect();
        for_long.sort_unstable_by_key(|trace| trace.to_bytes());
        assert_eq!(for_long, [one, other]);
        assert_eq!(open.open_for(Duration::from_secs(3_600)), []);
        open.closed(one);
        assert!(!open.is_empty());
        open.closed(other);
        assert!(open.is_empty());
    }
}
