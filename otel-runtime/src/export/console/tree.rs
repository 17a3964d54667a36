//! In which order are the spans of a trace drawn, and how deep?

use std::collections::HashMap;

use opentelemetry::SpanId;

use super::span::{Parent, ShownSpan};

/// A line of a drawing.
pub(super) struct Row<'a> {
    /// The index of its span.
    pub(super) span: usize,
    /// How many of its ancestors are in the drawing.
    pub(super) depth: usize,
    pub(super) place: Place<'a>,
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

/// Puts the spans in order: each under its parent, siblings by start. `drawn` gives the name of a
/// span that was in an earlier drawing.
///
/// Every span gets one row, whatever its ids say: a trace may be arbitrarily deep, may have cycles, and
/// may have an id twice.
pub(super) fn rows<'a>(
    spans: &[ShownSpan],
    drawn: impl Fn(SpanId) -> Option<&'a str>,
) -> Vec<Row<'a>> {
    let mut by_start: Vec<usize> = (0..spans.len()).collect();
    by_start.sort_by_key(|&span| spans[span].start);

    let by_id: HashMap<SpanId, usize> =
        spans.iter().enumerate().rev().map(|(index, span)| (span.id, index)).collect();
    let mut children = vec![Vec::new(); spans.len()];
    let mut tops = Vec::new();
    for &span in &by_start {
        match parent(&spans[span]).and_then(|parent| by_id.get(&parent)) {
            Some(&parent) => children[parent].push(span),
            None => tops.push(span),
        }
    }

    let mut rows = Vec::with_capacity(spans.len());
    let mut seen = vec![false; spans.len()];
    let mut walk = |top: usize, place| {
        let mut stack = vec![(top, 0, place)];
        while let Some((span, depth, place)) = stack.pop() {
            if std::mem::replace(&mut seen[span], true) {
                continue;
            }
            rows.push(Row { span, depth, place });
            let children = children[span].iter().rev();
            stack.extend(children.map(|&child| (child, depth + 1, Place::Child)));
        }
    };
    for top in tops {
        walk(top, place(spans[top].parent, &drawn));
    }
    // The spans that are left are in cycles: each is its own ancestor.
    for span in by_start {
        walk(span, Place::Orphan);
    }
    rows
}

/// For each row, whether its parent is in this drawing, in an earlier one, or in another process.
pub(super) fn are_placed(rows: &[Row<'_>]) -> Vec<bool> {
    let mut are_placed = vec![false; rows.len()];
    let mut top = Place::Orphan;
    for row in rows {
        if row.place != Place::Child {
            top = row.place;
        }
        are_placed[row.span] = top != Place::Orphan;
    }
    are_placed
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
        Parent::Remote(parent) => Place::Continues(parent),
        Parent::Local(parent) => drawn(parent).map_or(Place::Orphan, Place::Late),
    }
}
