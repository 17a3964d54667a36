//! Of which traces have spans left because one failed, so that those that end later follow?

use std::collections::{HashSet, VecDeque};

use opentelemetry::TraceId;

/// So many are remembered; then the oldest is forgotten.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Followed {
    traces: HashSet<TraceId>,
    order: VecDeque<TraceId>,
}

impl Followed {
    pub(super) fn has(&self, trace: TraceId) -> bool {
        self.traces.contains(&trace)
    }

    pub(super) fn insert(&mut self, trace: TraceId) {
        if !self.traces.insert(trace) {
            return;
        }
        self.order.push_back(trace);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.traces.remove(&oldest);
        }
    }
}
