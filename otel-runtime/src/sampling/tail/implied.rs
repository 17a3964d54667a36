//! Does one condition follow from another, or contradict it?
//!
//! Only what can be seen from how they are written: where this says no, it may still be so.

use std::ops::Bound;

use super::super::rules::Pattern;
use super::matcher::is_between;
use super::span_condition::SpanTest;
use super::trace_condition::TraceTest;

/// Whether every trace that meets `one` meets `other`.
pub(super) fn trace_implies(one: &TraceTest, other: &TraceTest) -> bool {
    match (one, other) {
        (one, other) if one == other => true,
        (_, TraceTest::Always) => true,
        (TraceTest::Any(any), other) => any.iter().all(|it| trace_implies(it, other)),
        (one, TraceTest::All(all)) => all.iter().all(|it| trace_implies(one, it)),
        (TraceTest::All(all), other) if all.iter().any(|it| trace_implies(it, other)) => true,
        (one, TraceTest::Any(any)) => any.iter().any(|it| trace_implies(one, it)),
        (TraceTest::SomeSpan(one), TraceTest::SomeSpan(other)) => span_implies(one, other),
        (TraceTest::NoSpan(one), TraceTest::NoSpan(other)) => span_implies(other, one),
        (TraceTest::Not(one), TraceTest::Not(other)) => trace_implies(other, one),
        (TraceTest::Spans { least, most }, TraceTest::Spans { least: few, most: many }) => {
            least >= few && many.is_none_or(|many| most.is_some_and(|most| most <= many))
        }
        (
            TraceTest::Lasts { longer_than, at_most },
            TraceTest::Lasts { longer_than: short, at_most: long },
        ) => longer_than >= short && long.is_none_or(|long| at_most.is_some_and(|it| it <= long)),
        _ => false,
    }
}

/// Whether every span that meets `one` meets `other`.
fn span_implies(one: &SpanTest, other: &SpanTest) -> bool {
    match (one, other) {
        (one, other) if one == other => true,
        (SpanTest::Any(any), other) => any.iter().all(|it| span_implies(it, other)),
        (one, SpanTest::All(all)) => all.iter().all(|it| span_implies(one, it)),
        (SpanTest::All(all), other) if all.iter().any(|it| span_implies(it, other)) => true,
        (one, SpanTest::Any(any)) => any.iter().any(|it| span_implies(one, it)),
        (SpanTest::SlowerThan(one), SpanTest::SlowerThan(other)) => one >= other,
        (SpanTest::Kind(one), SpanTest::Kind(other)) => one.iter().all(|it| other.contains(it)),
        (SpanTest::Parent(one), SpanTest::Parent(other)) => one.iter().all(|it| other.contains(it)),
        (SpanTest::Name(one), SpanTest::Name(other)) => one.iter().all(|it| other.contains(it)),
        (SpanTest::Values { key, values }, SpanTest::Values { key: same, values: wider }) => {
            key == same && values.iter().all(|it| wider.contains(it))
        }
        (SpanTest::Not(one), SpanTest::Not(other)) => span_implies(other, one),
        _ => false,
    }
}

/// Two conditions of a list that no trace meets both, by their places.
pub(super) fn contradiction_of_traces(all: &[TraceTest]) -> Option<(usize, usize)> {
    pair(all, |one, other| match (one, other) {
        (TraceTest::SomeSpan(one), TraceTest::NoSpan(other)) => span_implies(one, other),
        (one, TraceTest::Not(other)) => trace_implies(one, other),
        (TraceTest::Spans { most: Some(most), .. }, TraceTest::Spans { least, .. }) => most < least,
        (TraceTest::Lasts { at_most: Some(most), .. }, TraceTest::Lasts { longer_than, .. }) => {
            most <= longer_than
        }
        _ => false,
    })
}

/// Two conditions of a list that no span meets both, by their places.
pub(super) fn contradiction_of_spans(all: &[SpanTest]) -> Option<(usize, usize)> {
    pair(all, |one, other| match (one, other) {
        (one, SpanTest::Not(other)) => span_implies(one, other),
        (SpanTest::Kind(one), SpanTest::Kind(other)) => !one.iter().any(|it| other.contains(it)),
        (SpanTest::Parent(one), SpanTest::Parent(other)) => {
            !one.iter().any(|it| other.contains(it))
        }
        (
            SpanTest::Number { key, low, high },
            SpanTest::Number { key: same, low: other_low, high: other_high },
        ) => key == same && (is_below(*high, *other_low) || is_below(*other_high, *low)),
        (one, other) => match (texts(one), subject(other)) {
            (Some((of, texts)), Some(same)) => {
                of == same && !texts.iter().any(|text| passes(other, text))
            }
            _ => false,
        },
    })
}

/// What a condition of a text is about.
#[derive(PartialEq)]
enum Subject<'a> {
    Name,
    Attribute(&'a str),
}

fn subject(test: &SpanTest) -> Option<Subject<'_>> {
    match test {
        SpanTest::Name(_) => Some(Subject::Name),
        SpanTest::Values { key, .. }
        | SpanTest::Patterns { key, .. }
        | SpanTest::Number { key, .. } => Some(Subject::Attribute(key)),
        _ => None,
    }
}

/// What it is about and the only texts that meet it, if these are written out.
fn texts(test: &SpanTest) -> Option<(Subject<'_>, Vec<&str>)> {
    let texts: Vec<&str> = match test {
        SpanTest::Name(texts) | SpanTest::Patterns { included: texts, .. } => {
            texts.iter().map(String::as_str).collect()
        }
        SpanTest::Values { values, .. } => {
            let texts = values.iter().map(|value| value.text.as_str()).collect();
            return Some((subject(test)?, texts));
        }
        _ => return None,
    };
    let is_pattern = |text: &&str| text.contains(['*', '?']);
    (!texts.is_empty() && !texts.iter().any(is_pattern)).then_some((subject(test)?, texts))
}

fn passes(condition: &SpanTest, text: &str) -> bool {
    // A pattern that is none is told by what checks it.
    let matches = |pattern: &String| Pattern::new("", pattern).is_ok_and(|it| it.matches(text));
    match condition {
        SpanTest::Name(patterns) => patterns.iter().any(matches),
        SpanTest::Patterns { included, excluded, .. } => {
            (included.is_empty() || included.iter().any(matches)) && !excluded.iter().any(matches)
        }
        SpanTest::Values { values, .. } => values.iter().any(|value| value.text == text),
        SpanTest::Number { low, high, .. } => {
            text.parse().is_ok_and(|number: f64| is_between(number, *low, *high))
        }
        _ => true,
    }
}

fn is_below(high: Bound<f64>, low: Bound<f64>) -> bool {
    match (high, low) {
        (Bound::Included(high), Bound::Included(low)) => high < low,
        (
            Bound::Included(high) | Bound::Excluded(high),
            Bound::Included(low) | Bound::Excluded(low),
        ) => high <= low,
        _ => false,
    }
}

/// The first two of a list, in either order, of which this is so.
fn pair<T>(all: &[T], is_so: impl Fn(&T, &T) -> bool) -> Option<(usize, usize)> {
    let all = || all.iter().enumerate();
    all().find_map(|(at, one)| {
        let before = all().take(at).find(|(_, other)| is_so(one, other) || is_so(other, one));
        before.map(|(other, _)| (other, at))
    })
}
