//! Which spans share a row of the drawing?
//!
//! ```text
//! spans                          rows
//! checkout                       checkout
//! ├ load                         ├ load ×300
//! │ └ SELECT orders              │ └ SELECT orders ×300
//! ├ load
//! │ └ SELECT orders
//! ⋮ 300 in all
//! ```
//!
//! Siblings are equal if they do the same with the same outcome, and so do the spans below them, however
//! many these are.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use super::bar::{Window, since};
use super::span::{Many, ShownOutcome, ShownSpan};
use super::tree::{Forest, Place};

/// So many equal siblings are one row. Three attempts at the same are still worth a row each.
const EQUAL: usize = 4;
/// A drawing has about so many rows, unless all are asked for.
const MOST: usize = 500;
/// The slowest path goes on as long as a row takes at least one in so many parts of the whole time.
const PART: u32 = 10;

/// A row of a drawing.
pub(super) struct Row<'a> {
    /// The spans that share it, the first one first.
    pub(super) spans: Vec<usize>,
    pub(super) depth: usize,
    pub(super) place: Place<'a>,
    pub(super) window: Window,
    /// Whether it is on the path on which the time went.
    pub(super) is_slowest: bool,
    /// Whether a row under it has the same error, so that this one need not say it again.
    pub(super) is_told_below: bool,
    /// How many spans under it have no row, and how long the longest of them took.
    pub(super) left_out: usize,
    pub(super) left_out_longest: Duration,
    parent: Option<usize>,
}

/// The rows of a drawing, in order. With `all`, each span has one.
pub(super) fn rows<'a>(spans: &[ShownSpan], forest: &Forest<'a>, all: bool) -> Vec<Row<'a>> {
    let likes = likes(spans, forest);
    let group = |siblings: Vec<usize>| if all { alone(siblings) } else { equal(siblings, &likes) };
    let mut rows: Vec<Row<'a>> = Vec::with_capacity(spans.len());
    let tops = forest.tops.iter().rev().map(|(top, place)| (vec![*top], None, *place));
    let mut stack: Vec<_> = tops.collect();
    while let Some((members, parent, place)) = stack.pop() {
        let below = members.iter().flat_map(|&span| forest.children[span].iter().copied());
        let below = group(below.collect());
        let at = rows.len();
        stack.extend(below.into_iter().rev().map(|group| (group, Some(at), Place::Child)));
        rows.push(Row {
            window: Window::of(members.iter().map(|&span| &spans[span])),
            spans: members,
            depth: parent.map_or(0, |parent: usize| rows[parent].depth + 1),
            place,
            is_slowest: false,
            is_told_below: false,
            left_out: 0,
            left_out_longest: Duration::ZERO,
            parent,
        });
    }
    mark_slowest(&mut rows);
    mark_told(&mut rows, spans);
    if all { rows } else { leave_out(rows, spans) }
}

impl Row<'_> {
    /// How many spans it stands for, if it is not one.
    pub(super) fn many(&self, spans: &[ShownSpan]) -> Option<Many> {
        let one = |span: &ShownSpan| {
            let took = since(span.end, span.start);
            span.folded.unwrap_or(Many { count: 1, total: took, largest: took })
        };
        let all = self.spans.iter().map(|&span| one(&spans[span]));
        let many = all.reduce(|one, other| Many {
            count: one.count.saturating_add(other.count),
            total: one.total.saturating_add(other.total),
            largest: one.largest.max(other.largest),
        })?;
        (many.count > 1 || self.spans.len() > 1).then_some(many)
    }
}

/// For each span a number that only equal siblings have in common.
fn likes(spans: &[ShownSpan], forest: &Forest<'_>) -> Vec<u64> {
    let mut likes = vec![0; spans.len()];
    for &at in forest.order.iter().rev() {
        let span = &spans[at];
        let mut below: Vec<u64> = forest.children[at].iter().map(|&child| likes[child]).collect();
        below.sort_unstable();
        below.dedup();
        let mut hasher = DefaultHasher::new();
        (&span.name, &span.status, span.service, below).hash(&mut hasher);
        std::mem::discriminant(&span.kind).hash(&mut hasher);
        std::mem::discriminant(&span.outcome).hash(&mut hasher);
        if let ShownOutcome::Failed { error, location } = &span.outcome {
            (error, location).hash(&mut hasher);
        }
        likes[at] = hasher.finish();
    }
    likes
}

fn alone(siblings: Vec<usize>) -> Vec<Vec<usize>> {
    siblings.into_iter().map(|span| vec![span]).collect()
}

/// Puts equal siblings together, if there are enough of them, where the first of them is.
fn equal(siblings: Vec<usize>, likes: &[u64]) -> Vec<Vec<usize>> {
    if siblings.len() < EQUAL {
        return alone(siblings);
    }
    let mut count: HashMap<u64, usize> = HashMap::new();
    for &span in &siblings {
        *count.entry(likes[span]).or_default() += 1;
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: HashMap<u64, usize> = HashMap::new();
    for span in siblings {
        let like = likes[span];
        if let Some(&group) = group_of.get(&like) {
            groups[group].push(span);
            continue;
        }
        if count[&like] >= EQUAL {
            group_of.insert(like, groups.len());
        }
        groups.push(vec![span]);
    }
    groups
}

/// From the first row on to the row under it that took longest, and so on.
fn mark_slowest(rows: &mut [Row<'_>]) {
    let Some(first) = rows.first() else { return };
    let least = first.window.duration / PART;
    // For each row, the one under it that took longest, the first of several.
    let mut longest: Vec<Option<usize>> = vec![None; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let Some(parent) = row.parent else { continue };
        let best = longest[parent].map(|best| rows[best].window.duration);
        if best.is_none_or(|best| row.window.duration > best) {
            longest[parent] = Some(at);
        }
    }
    let mut next = longest[0].filter(|_| least > Duration::ZERO);
    while let Some(at) = next.filter(|&at| rows[at].window.duration >= least) {
        rows[0].is_slowest = true;
        rows[at].is_slowest = true;
        next = longest[at];
    }
}

/// Marks the rows whose error a row under them has, too.
fn mark_told(rows: &mut [Row<'_>], spans: &[ShownSpan]) {
    let error = |row: &Row<'_>| match &spans[*row.spans.first()?].outcome {
        ShownOutcome::Failed { error, .. } => Some(error),
        ShownOutcome::Fine | ShownOutcome::Cancelled => None,
    };
    for at in 0..rows.len() {
        let Some(parent) = rows[at].parent else { continue };
        if error(&rows[at]).is_some_and(|own| error(&rows[parent]) == Some(own)) {
            rows[parent].is_told_below = true;
        }
    }
}

/// Of very many rows, leaves out the shortest, but none that failed or is on the slowest path, and none that
/// is over one which stays.
fn leave_out<'a>(rows: Vec<Row<'a>>, spans: &[ShownSpan]) -> Vec<Row<'a>> {
    if rows.len() <= MOST {
        return rows;
    }
    let mut durations: Vec<Duration> = rows.iter().map(|row| row.window.duration).collect();
    let (_, least, _) = durations.select_nth_unstable_by(MOST - 1, |one, other| other.cmp(one));
    let (least, mut room) = (*least, MOST);
    let mut stays = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let is_failed = row.spans.iter().any(|&span| spans[span].is_failed());
        if room > 0 && (row.is_slowest || is_failed || at == 0) {
            stays[at] = true;
            room -= 1;
        }
    }
    for (at, row) in rows.iter().enumerate() {
        let is_long = row.window.duration >= least && row.parent.is_none_or(|parent| stays[parent]);
        if room > 0 && !stays[at] && is_long {
            stays[at] = true;
            room -= 1;
        }
    }
    for at in (0..rows.len()).rev() {
        if let Some(parent) = rows[at].parent.filter(|_| stays[at]) {
            stays[parent] = true;
        }
    }
    let mut kept: Vec<Row<'a>> = Vec::with_capacity(MOST);
    // For each row, the kept one that is or is over it.
    let mut place: Vec<usize> = Vec::with_capacity(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        if stays[at] {
            place.push(kept.len());
            kept.push(row);
            continue;
        }
        let above = row.parent.map_or(0, |parent| place[parent]);
        place.push(above);
        let above = &mut kept[above];
        above.left_out += row.spans.len();
        above.left_out_longest = above.left_out_longest.max(row.window.duration);
    }
    kept
}
