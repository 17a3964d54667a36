//! Which spans of one parent become one span, so that a loop does not flood the backend?
//!
//! ```text
//! siblings of one function, as they end on this thread:   1 2 .. N | N+1 N+2 N+3 ..
//! what is sent:                                           1 2 .. N | one span for the rest
//! ```
//!
//! The one span is written when the parent ends on this thread, with a flush, or when 10 seconds have passed
//! since the first that it stands for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use opentelemetry::SpanId;

use crate::record::fields::{self, Scalar};
use crate::record::{Fields, Finished, Origin, attributes, field};

/// How long spans wait at most for others that become one with them.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many groups a thread has at most. A sibling for which there is no room is a span of its own.
const MOST: usize = 1024;

/// How many spans one stands for, the sum of their durations, and the largest of these.
const COUNT: &str = "traced.folded.count";
const TOTAL: &str = "traced.folded.total_ns";
const LARGEST: &str = "traced.folded.largest_ns";

/// The siblings of one function that end on one thread.
#[derive(Debug, Default)]
pub(super) struct Folds {
    of_parents: HashMap<SpanId, Vec<Group>>,
    groups: usize,
}

#[derive(Debug)]
struct Group {
    kind: Kind,
    /// How many have ended, those that are spans of their own included.
    ended: u32,
    last: Instant,
    folded: Option<Folded>,
}

/// By what siblings are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    /// The address of the function.
    function: usize,
    /// The name of the span, if it is not that of the function.
    name: Option<Box<str>>,
}

/// Spans that are one now.
#[derive(Debug)]
pub(super) struct Folded {
    /// The first of them, whose id the one span has: nobody else knows it.
    first: Finished,
    end: u64,
    /// The fields that all of them have.
    fields: Fields,
    count: u64,
    total: u64,
    largest: u64,
    since: Instant,
}

/// A span that has ended and may be folded.
pub(crate) struct Sibling<'a> {
    pub(crate) finished: &'a Finished,
    pub(crate) end: u64,
    pub(crate) fields: &'a Fields,
    /// Its name, if it is not that of the function.
    pub(crate) name: Option<&'a str>,
    /// How many siblings are spans of their own.
    pub(crate) first: u32,
    /// It stays a span of its own, whatever came before: it failed, or others refer to it.
    pub(crate) stays: bool,
}

/// What becomes of a sibling.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is a span of its own.
    Stays,
    /// It is folded, `is_first` if none waits yet that it is one with. What waited too long before is to be
    /// written.
    Folded { is_first: bool, due: Option<Folded> },
}

impl Folds {
    pub(super) fn is_empty(&self) -> bool {
        self.of_parents.is_empty()
    }

    /// Counts a sibling, and folds it if there were enough before.
    pub(super) fn ended(&mut self, sibling: &Sibling<'_>, now: Instant) -> Fate {
        let Some(group) = self.group(sibling, now) else { return Fate::Stays };
        group.last = now;
        group.ended = group.ended.saturating_add(1);
        if group.ended <= sibling.first || sibling.stays {
            return Fate::Stays;
        }
        let due = group.folded.take_if(|folded| folded.is_due(now));
        let is_first = group.folded.is_none();
        match &mut group.folded {
            Some(folded) => folded.add(sibling),
            none => *none = Some(Folded::new(sibling, now)),
        }
        Fate::Folded { is_first, due }
    }

    fn group(&mut self, sibling: &Sibling<'_>, now: Instant) -> Option<&mut Group> {
        let Origin::Function(function) = sibling.finished.origin else { return None };
        let kind = Kind {
            function: std::ptr::from_ref(function).addr(),
            name: sibling.name.map(Box::from),
        };
        let parent = sibling.finished.parent_span_id;
        let groups = self.of_parents.get(&parent);
        let at = groups.and_then(|groups| groups.iter().position(|group| group.kind == kind));
        if at.is_none() {
            if self.groups == MOST {
                self.forget(now);
            }
            if self.groups == MOST {
                return None;
            }
            self.groups += 1;
        }
        let groups = self.of_parents.entry(parent).or_default();
        let at = at.unwrap_or_else(|| {
            groups.push(Group { kind, ended: 0, last: now, folded: None });
            groups.len() - 1
        });
        groups.get_mut(at)
    }

    /// Takes what waits for the end of this span, which has come.
    pub(super) fn of_parent(&mut self, parent: SpanId) -> Vec<Folded> {
        let groups = self.of_parents.remove(&parent).unwrap_or_default();
        self.groups -= groups.len();
        groups.into_iter().filter_map(|group| group.folded).collect()
    }

    /// Takes what has waited long enough at `now`.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Folded> {
        let groups = self.of_parents.values_mut().flatten();
        let due =
            groups.filter_map(|group| group.folded.take_if(|folded| folded.is_due(now))).collect();
        self.forget(now);
        due
    }

    /// Takes all that waits. Siblings that end later are counted on.
    pub(super) fn all(&mut self) -> Vec<Folded> {
        self.of_parents.values_mut().flatten().filter_map(|group| group.folded.take()).collect()
    }

    /// Forgets the siblings of parents that are quiet, and may have ended elsewhere.
    fn forget(&mut self, now: Instant) {
        self.of_parents.retain(|_, groups| {
            groups.retain(|group| {
                group.folded.is_some() || now.saturating_duration_since(group.last) < PATIENCE
            });
            !groups.is_empty()
        });
        self.groups = self.of_parents.values().map(Vec::len).sum();
    }
}

impl Folded {
    fn new(sibling: &Sibling<'_>, now: Instant) -> Folded {
        let Sibling { finished, end, fields, .. } = *sibling;
        let took = end.saturating_sub(finished.start);
        Folded {
            first: finished.clone(),
            end,
            fields: fields.clone(),
            count: 1,
            total: took,
            largest: took,
            since: now,
        }
    }

    fn add(&mut self, Sibling { finished, end, fields, .. }: &Sibling<'_>) {
        let took = end.saturating_sub(finished.start);
        self.first.start = self.first.start.min(finished.start);
        self.end = self.end.max(*end);
        self.count += 1;
        self.total = self.total.saturating_add(took);
        self.largest = self.largest.max(took);
        attributes::keep_common(&mut self.fields, fields);
    }

    fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= PATIENCE
    }

    /// The one span: how it is, when it ends, and its fields.
    pub(super) fn into_span(self) -> (Finished, u64, Fields) {
        let Folded { first, end, mut fields, count, total, largest, .. } = self;
        for (key, value) in [(COUNT, count), (TOTAL, total), (LARGEST, largest)] {
            let value = Scalar::Int(i64::try_from(value).unwrap_or(i64::MAX));
            fields::scalar(&mut fields, field::span::ATTRIBUTES, key, value);
        }
        (first, end, fields)
    }
}

#[cfg(test)]
mod tests;
