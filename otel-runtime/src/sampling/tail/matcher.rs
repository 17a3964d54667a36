//! Does a span, or a trace, meet a condition?

use std::ops::Bound;

use super::super::rules::{Pattern, kind};
use super::seen::{AttributeValue, FinishedSpan, Single, Totals, duration};
use super::span_condition::{Meaning, Value};

/// A checked condition of a span.
#[derive(Debug)]
pub(super) enum SpanMatcher {
    Error,
    /// In nanoseconds.
    SlowerThan(u64),
    Name(Vec<Pattern>),
    /// Bits of [`kind`].
    Kind(u8),
    /// Bits of [`ParentKind`](super::super::rules::ParentKind).
    Parent(u8),
    Attribute(String, ValueMatcher),
    All(Vec<SpanMatcher>),
    Any(Vec<SpanMatcher>),
    Not(Box<SpanMatcher>),
}

#[derive(Debug)]
pub(super) enum ValueMatcher {
    OneOf(Vec<Value>),
    Patterns { included: Vec<Pattern>, excluded: Vec<Pattern> },
    Number { low: Bound<f64>, high: Bound<f64> },
}

/// A checked condition of a trace.
#[derive(Debug)]
pub(super) enum TraceMatcher {
    Always,
    SomeSpan(SpanMatcher),
    NoSpan(SpanMatcher),
    Spans {
        least: u64,
        most: Option<u64>,
    },
    /// In milliseconds.
    Lasts {
        longer_than: u64,
        at_most: Option<u64>,
    },
    All(Vec<TraceMatcher>),
    Any(Vec<TraceMatcher>),
    Not(Box<TraceMatcher>),
}

impl TraceMatcher {
    pub(super) fn is_met<S: FinishedSpan>(
        &self,
        spans: &(impl Iterator<Item = S> + Clone),
        totals: &Totals,
    ) -> bool {
        match self {
            TraceMatcher::Always => true,
            TraceMatcher::SomeSpan(span) => spans.clone().any(|it| span.is_met(&it)),
            TraceMatcher::NoSpan(span) => !spans.clone().any(|it| span.is_met(&it)),
            TraceMatcher::Spans { least, most } => {
                totals.spans >= *least && most.is_none_or(|most| totals.spans <= most)
            }
            TraceMatcher::Lasts { longer_than, at_most } => {
                let lasts = extent(spans.clone()) / 1_000_000;
                lasts > *longer_than && at_most.is_none_or(|most| lasts <= most)
            }
            TraceMatcher::All(all) => all.iter().all(|it| it.is_met(spans, totals)),
            TraceMatcher::Any(any) => any.iter().any(|it| it.is_met(spans, totals)),
            TraceMatcher::Not(condition) => !condition.is_met(spans, totals),
        }
    }
}

/// From the earliest start to the latest end, in nanoseconds.
fn extent<S: FinishedSpan>(spans: impl Iterator<Item = S>) -> u64 {
    let times = spans.map(|span| (span.start(), span.end()));
    let whole = times.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    whole.map_or(0, |(start, end)| end.saturating_sub(start))
}

impl SpanMatcher {
    pub(super) fn is_met(&self, span: &impl FinishedSpan) -> bool {
        match self {
            SpanMatcher::Error => span.is_error(),
            SpanMatcher::SlowerThan(nanoseconds) => duration(span) > *nanoseconds,
            SpanMatcher::Name(patterns) => matches_any(patterns, span.name()),
            SpanMatcher::Kind(bits) => bits & kind(&span.kind()) != 0,
            SpanMatcher::Parent(bits) => bits & span.parent().bit() != 0,
            SpanMatcher::Attribute(key, test) => {
                span.any_value(key, &mut |value| test.passes(value))
            }
            SpanMatcher::All(all) => all.iter().all(|it| it.is_met(span)),
            SpanMatcher::Any(any) => any.iter().any(|it| it.is_met(span)),
            SpanMatcher::Not(condition) => !condition.is_met(span),
        }
    }
}

impl ValueMatcher {
    fn passes(&self, value: AttributeValue<'_>) -> bool {
        match (self, value) {
            (
                ValueMatcher::OneOf(values),
                AttributeValue::Whole(it) | AttributeValue::Element(it),
            ) => values.iter().any(|value| is_same(value, it)),
            (ValueMatcher::Number { low, high }, AttributeValue::Whole(it)) => {
                number(it).is_some_and(|it| is_between(it, *low, *high))
            }
            (ValueMatcher::Patterns { included, excluded }, AttributeValue::Whole(it)) => {
                with_text(it, |text| {
                    (included.is_empty() || matches_any(included, text))
                        && !matches_any(excluded, text)
                })
            }
            // As in the Collector, which knows the elements of an array by equality alone.
            (_, AttributeValue::Element(_)) => false,
        }
    }

    /// Whether a text passes that somebody wrote.
    pub(super) fn passes_text(&self, text: &str) -> bool {
        self.passes(AttributeValue::Whole(Single::Text(text)))
    }
}

#[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "as the Collector compares")]
fn is_same(wanted: &Value, found: Single<'_>) -> bool {
    match (found, wanted.meaning) {
        (Single::Text(text), _) => wanted.text == text,
        (Single::Bool(found), Meaning::Bool(wanted)) => wanted == found,
        (Single::I64(found), Meaning::I64(wanted)) => wanted == found,
        (Single::I64(found), Meaning::F64(wanted)) => wanted == found as f64,
        (Single::F64(found), Meaning::I64(wanted)) => wanted as f64 == found,
        (Single::F64(found), Meaning::F64(wanted)) => wanted == found,
        _ => false,
    }
}

#[expect(clippy::cast_precision_loss, reason = "as the Collector compares")]
fn number(value: Single<'_>) -> Option<f64> {
    match value {
        Single::I64(number) => Some(number as f64),
        Single::F64(number) => Some(number),
        Single::Text(_) | Single::Bool(_) => None,
    }
}

pub(super) fn is_between(number: f64, low: Bound<f64>, high: Bound<f64>) -> bool {
    (match low {
        Bound::Included(low) => number >= low,
        Bound::Excluded(low) => number > low,
        Bound::Unbounded => true,
    }) && (match high {
        Bound::Included(high) => number <= high,
        Bound::Excluded(high) => number < high,
        Bound::Unbounded => true,
    })
}

fn with_text(value: Single<'_>, passes: impl Fn(&str) -> bool) -> bool {
    match value {
        Single::Text(text) => passes(text),
        Single::Bool(is) => passes(if is { "true" } else { "false" }),
        Single::I64(number) => passes(&number.to_string()),
        Single::F64(number) => passes(&number.to_string()),
    }
}

fn matches_any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(text))
}
