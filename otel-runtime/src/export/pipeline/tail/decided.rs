//! What was decided about traces whose spans may still end?

use std::collections::{HashMap, VecDeque};

use opentelemetry::TraceId;

use super::change::Change;

/// The latest decisions, so many at most.
#[derive(Debug)]
pub(super) struct Decided {
    of_traces: HashMap<TraceId, Remembered>,
    order: VecDeque<TraceId>,
    most: usize,
}

#[derive(Clone, Copy, Debug)]
struct Remembered {
    fate: Fate,
    /// A span of the trace has come since it was decided, or since it was first in line to be forgotten.
    is_used: bool,
}

/// What becomes of the spans of a trace.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Kept(Change),
    Dropped,
}

impl Decided {
    pub(super) fn new(most: usize) -> Self {
        Decided { of_traces: HashMap::new(), order: VecDeque::new(), most }
    }

    pub(super) fn get(&mut self, trace: TraceId) -> Option<Fate> {
        let it = self.of_traces.get_mut(&trace)?;
        it.is_used = true;
        Some(it.fate)
    }

    /// Remembers a decision. If there are too many, the oldest is forgotten whose trace has been quiet.
    pub(super) fn insert(&mut self, trace: TraceId, fate: Fate) {
        if self.most == 0 {
            return;
        }
        while self.order.len() >= self.most
            && let Some(first) = self.order.pop_front()
        {
            match self.of_traces.get_mut(&first) {
                Some(it) if it.is_used => {
                    it.is_used = false;
                    self.order.push_back(first);
                }
                _ => drop(self.of_traces.remove(&first)),
            }
        }
        if self.of_traces.insert(trace, Remembered { fate, is_used: false }).is_none() {
            self.order.push_back(trace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_decision_is_forgotten_unless_its_trace_goes_on() {
        let mut decided = Decided::new(2);
        let [a, b, c, d] = [1_u128, 2, 3, 4].map(TraceId::from);
        decided.insert(a, Fate::Dropped);
        decided.insert(b, Fate::Dropped);
        assert!(decided.get(a).is_some());
        decided.insert(c, Fate::Dropped);
        assert!(decided.get(b).is_none());
        assert!(decided.get(a).is_some() && decided.get(c).is_some());
        decided.insert(d, Fate::Dropped);
        assert_eq!(decided.of_traces.len(), 2);
        assert_eq!(decided.order.len(), 2);
    }
}
