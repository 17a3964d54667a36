//! How many local roots of each trace are open?

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::{SpanId, TraceId};

/// Whether a span is where its trace begins in this process: it has no parent, or one elsewhere.
pub(crate) fn is_local_root(parent_span_id: SpanId, parent_is_remote: bool) -> bool {
    parent_span_id == SpanId::INVALID || parent_is_remote
}

/// The open local roots of this process, told by whoever starts spans.
///
/// Every root that is [`started`](Self::started) either reaches [`Waterfall::ended`] or is
/// [`lost`](Self::lost).
///
/// [`Waterfall::ended`]: super::Waterfall::ended
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenRoots(Arc<Mutex<HashMap<TraceId, usize>>>);

impl OpenRoots {
    /// A local root of `trace` has started.
    pub(crate) fn started(&self, trace: TraceId) {
        *self.counts().entry(trace).or_default() += 1;
    }

    /// A local root of `trace` has ended, and the waterfall will never see it.
    pub(crate) fn lost(&self, trace: TraceId) {
        self.closed(trace);
    }

    /// A local root of `trace` has ended.
    pub(super) fn closed(&self, trace: TraceId) {
        if let Entry::Occupied(mut count) = self.counts().entry(trace) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// Those of the traces that have no open root.
    pub(super) fn without(&self, mut traces: Vec<TraceId>) -> Vec<TraceId> {
        let open = self.counts();
        traces.retain(|trace| !open.contains_key(trace));
        traces
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<TraceId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
