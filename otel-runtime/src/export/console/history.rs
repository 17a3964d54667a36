//! Which spans have been drawn already?

use std::collections::{HashMap, VecDeque};

use opentelemetry::{SpanId, TraceId};

use super::span::ShownSpan;

/// The names of the spans that were drawn last, for those that come late and belong under them.
pub(super) struct History {
    names: HashMap<TraceId, HashMap<SpanId, String>>,
    oldest: VecDeque<TraceId>,
    spans: usize,
    limit: usize,
}

impl History {
    /// Remembers whole traces, the last ones, while they have no more than `limit` spans together.
    pub(super) fn new(limit: usize) -> Self {
        Self { names: HashMap::new(), oldest: VecDeque::new(), spans: 0, limit }
    }

    pub(super) fn name(&self, trace: TraceId, span: SpanId) -> Option<&str> {
        self.names.get(&trace)?.get(&span).map(String::as_str)
    }

    pub(super) fn remember(&mut self, trace: TraceId, spans: Vec<ShownSpan>) {
        let names = self.names.entry(trace).or_insert_with(|| {
            self.oldest.push_back(trace);
            HashMap::new()
        });
        let before = names.len();
        names.extend(spans.into_iter().map(|span| (span.id, span.name)));
        self.spans += names.len() - before;

        while self.spans > self.limit {
            let Some(oldest) = self.oldest.pop_front() else { break };
            self.spans -= self.names.remove(&oldest).map_or(0, |names| names.len());
        }
    }
}
