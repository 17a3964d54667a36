//! How do the spans of a trace hang together?

use std::collections::HashMap;

use opentelemetry::SpanId;

use super::span::{Parent, ShownSpan};

/// The spans of a drawing as trees. Each is under its parent, siblings by start.
pub(super) struct Forest<'a> {
    /// Those under no span of the drawing, in the order in which they are drawn, and why.
    pub(super) tops: Vec<(usize, Place<'a>)>,
    /// For each span its children.
    pub(super) children: Vec<Vec<usize>>,
    /// All spans, each after its parent.
    pub(super) order: Vec<usize>,
}

/// How a span is related to the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Under another span of the drawing.
    Child,
    /// Where the trace began.
    Root,
    /// Under a span of another process.
    Continues(SpanId),
    /// Under a span of that name in an earlier drawing.
    Late(&'a str),
    /// Under a span that did not come.
    Orphan,
}

impl<'a> Forest<'a> {
    /// `drawn` gives the name of a span that was in an earlier drawing.
    ///
    /// Every span has one place, whatever its ids say: a trace may be arbitrarily deep, may have cycles,
    /// and may have an id twice.
    pub(super) fn new(
        spans: &[ShownSpan],
        drawn: impl Fn(SpanId) -> Option<&'a str>,
    ) -> Forest<'a> {
        let mut by_start: Vec<usize> = (0..spans.len()).collect();
        by_start.sort_by_key(|&span| spans[span].start);
        let by_id: HashMap<SpanId, usize> =
            spans.iter().enumerate().rev().map(|(index, span)| (span.id, index)).collect();

        let mut below = vec![Vec::new(); spans.len()];
        let mut tops = Vec::new();
        for &span in &by_start {
            match parent(&spans[span]).and_then(|parent| by_id.get(&parent)) {
                Some(&parent) => below[parent].push(span),
                None => tops.push((span, place(spans[span].parent, &drawn))),
            }
        }
        tops.sort_by_key(|(_, place)| rank(*place));

        let mut forest = Forest {
            tops: Vec::with_capacity(tops.len()),
            children: vec![Vec::new(); spans.len()],
            order: Vec::with_capacity(spans.len()),
        };
        let mut seen = vec![false; spans.len()];
        // The spans that no top leads to are in cycles: each is its own ancestor.
        let cycles = by_start.into_iter().map(|span| (span, Place::Orphan));
        for (top, place) in tops.into_iter().chain(cycles) {
            if seen[top] {
                continue;
            }
            seen[top] = true;
            forest.tops.push((top, place));
            let mut stack = vec![top];
            while let Some(span) = stack.pop() {
                forest.order.push(span);
                let mut children = std::mem::take(&mut below[span]);
                children.retain(|&child| !std::mem::replace(&mut seen[child], true));
                stack.extend(children.iter().rev());
                forest.children[span] = children;
            }
        }
        forest
    }

    /// For each span, whether its top is where the trace began, or under a span that is known.
    pub(super) fn are_placed(&self, is_known: impl Fn(Place<'_>) -> bool) -> Vec<bool> {
        let mut are_placed = vec![false; self.children.len()];
        for (top, place) in &self.tops {
            are_placed[*top] = is_known(*place);
        }
        for &span in &self.order {
            for &child in &self.children[span] {
                are_placed[child] = are_placed[span];
            }
        }
        are_placed
    }
}

/// Where the trace begins is drawn first, what nobody knows the place of last.
fn rank(place: Place<'_>) -> u8 {
    match place {
        Place::Root | Place::Child => 0,
        Place::Continues(_) => 1,
        Place::Late(_) => 2,
        Place::Orphan => 3,
    }
}

fn parent(span: &ShownSpan) -> Option<SpanId> {
    match span.parent {
        Parent::None => None,
        Parent::Local(parent) | Parent::Remote(parent) => Some(parent),
    }
}

fn place<'a>(parent: Parent, drawn: impl Fn(SpanId) -> Option<&'a str>) -> Place<'a> {
    match parent {
        Parent::None => Place::Root,
        Parent::Remote(parent) => drawn(parent).map_or(Place::Continues(parent), Place::Late),
        Parent::Local(parent) => drawn(parent).map_or(Place::Orphan, Place::Late),
    }
}
