//! Which span hangs under which?

use std::collections::{HashMap, HashSet};

use opentelemetry::SpanId;
use opentelemetry::trace::SpanContext;
use opentelemetry_sdk::trace::SpanData;

use super::ended::Ended;
use super::order::Beginning;

/// A span in a list in which each stands after its parent.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) data: SpanData,
    pub(super) beginning: Beginning,
    pub(super) place: Place,
    pub(super) depth: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It has no parent in this capture.
    Root,
    /// Its parent has this index.
    Child(usize),
    /// Its parent has not ended; neither has that of the orphans next to it, if it is the same.
    Orphan,
}

/// Puts each of `spans` after its parent; siblings keep their order. A span whose parent is `origin` is
/// a root.
pub(super) fn arrange(spans: Vec<Ended>, origin: &SpanContext) -> Vec<Node> {
    let ended: HashSet<SpanId> =
        spans.iter().map(|span| span.data.span_context.span_id()).collect();
    let mut below: HashMap<SpanId, Vec<Ended>> = HashMap::new();
    let (mut roots, mut orphans) = (Vec::new(), Vec::new());
    for span in spans {
        let parent = span.data.parent_span_id;
        if ended.contains(&parent) {
            below.entry(parent).or_default().push(span);
        } else if is_root(&span.data, origin) {
            roots.push(span);
        } else {
            orphans.push(span);
        }
    }

    let mut parents: Vec<SpanId> = Vec::new();
    orphans.sort_by_cached_key(|orphan: &Ended| {
        let parent = orphan.data.parent_span_id;
        let known = parents.iter().position(|known| *known == parent);
        known.unwrap_or_else(|| {
            parents.push(parent);
            parents.len() - 1
        })
    });

    let tops = roots.into_iter().map(|root| (root, Place::Root, 0));
    let tops = tops.chain(orphans.into_iter().map(|orphan| (orphan, Place::Orphan, 1)));
    let mut nodes = Vec::new();
    for top in tops {
        // Without recursion: a trace may be deeper than the stack of a test allows.
        let mut stack = vec![top];
        while let Some((Ended { data, beginning }, place, depth)) = stack.pop() {
            let children = below.remove(&data.span_context.span_id()).unwrap_or_default();
            let place_below = Place::Child(nodes.len());
            stack.extend(children.into_iter().rev().map(|child| (child, place_below, depth + 1)));
            nodes.push(Node { data, beginning, place, depth });
        }
    }
    nodes
}

/// Whether it has no parent in this process.
fn is_root(span: &SpanData, origin: &SpanContext) -> bool {
    let is_own = span.span_context.trace_id() == origin.trace_id();
    span.parent_span_id == SpanId::INVALID
        || span.parent_span_id == origin.span_id()
        // A trace that links to the capture may have begun in another process.
        || !is_own && span.parent_span_is_remote
}
