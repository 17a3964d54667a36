//! Can a condition ever be met?

use std::ops::Bound;
use std::time::Duration;

use super::super::error::SamplerError;
use super::super::rules::{Pattern, kind};
use super::implied::{contradiction_of_spans, contradiction_of_traces};
use super::matcher::{SpanMatcher, TraceMatcher, ValueMatcher, is_between};
use super::span_condition::SpanTest;
use super::trace_condition::TraceTest;

/// How deep conditions stand in each other at most.
const DEEPEST: usize = 16;

pub(super) type Result<T> = std::result::Result<T, SamplerError>;

pub(super) fn trace(field: &str, test: &TraceTest) -> Result<TraceMatcher> {
    trace_within(field, test, 0)
}

fn trace_within(field: &str, test: &TraceTest, depth: usize) -> Result<TraceMatcher> {
    not_too_deep(field, depth)?;
    let list = |name: &str, all: &[TraceTest]| -> Result<Vec<TraceMatcher>> {
        let field = format!("{field}.{name}");
        not_empty(&field, all)?;
        let each = all.iter().enumerate();
        each.map(|(at, it)| trace_within(&format!("{field}[{at}]"), it, depth + 1)).collect()
    };
    Ok(match test {
        TraceTest::Always => TraceMatcher::Always,
        TraceTest::SomeSpan(test) => TraceMatcher::SomeSpan(span(field, test, depth)?),
        TraceTest::NoSpan(test) => {
            TraceMatcher::NoSpan(span(&format!("{field}.no_span"), test, depth)?)
        }
        TraceTest::Spans { least, most } => {
            let field = format!("{field}.spans");
            if *least == 0 {
                return Err(wrong(&field, 0, "every trace has a span: write 1 or more"));
            }
            if most.is_some_and(|most| most < *least) {
                let range = format!("{least}..{}", most.unwrap_or_default());
                return Err(wrong(&field, range, "no number is left: write the smaller one first"));
            }
            TraceMatcher::Spans { least: (*least).into(), most: most.map(u64::from) }
        }
        TraceTest::Lasts { longer_than, at_most } => {
            let field = format!("{field}.lasts");
            let longer_than = milliseconds(&field, *longer_than)?;
            let at_most = at_most.map(|it| milliseconds(&field, it)).transpose()?;
            if at_most.is_some_and(|most| most <= longer_than) {
                let range = format!("{longer_than}ms..{}ms", at_most.unwrap_or_default());
                return Err(wrong(&field, range, "no time is left: write the smaller one first"));
            }
            TraceMatcher::Lasts { longer_than, at_most }
        }
        TraceTest::All(all) => {
            let matchers = list("all", all)?;
            if let Some((one, other)) = contradiction_of_traces(all) {
                return Err(contradicts(&format!("{field}.all"), one, other));
            }
            TraceMatcher::All(matchers)
        }
        TraceTest::Any(any) => TraceMatcher::Any(list("any", any)?),
        TraceTest::Not(test) => {
            TraceMatcher::Not(Box::new(trace_within(&format!("{field}.not"), test, depth + 1)?))
        }
    })
}

pub(super) fn wrong(
    field: &str,
    value: impl std::fmt::Display,
    remedy: impl Into<String>,
) -> SamplerError {
    SamplerError::new(field, value, remedy)
}

fn contradicts(field: &str, one: usize, other: usize) -> SamplerError {
    let remedy = format!("no trace meets both this and {field}[{one}]: leave one of them out");
    wrong(&format!("{field}[{other}]"), "a contradiction", remedy)
}

/// Whole, and more than 0: the Collector knows no smaller part.
fn milliseconds(field: &str, duration: Duration) -> Result<u64> {
    let remedy = "write whole milliseconds, more than 0";
    let whole = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if whole == 0 || !duration.subsec_nanos().is_multiple_of(1_000_000) {
        return Err(wrong(field, format_args!("{duration:?}"), remedy));
    }
    Ok(whole)
}

fn span(field: &str, test: &SpanTest, depth: usize) -> Result<SpanMatcher> {
    not_too_deep(field, depth)?;
    let list = |name: &str, all: &[SpanTest]| -> Result<Vec<SpanMatcher>> {
        let field = format!("{field}.{name}");
        not_empty(&field, all)?;
        let each = all.iter().enumerate();
        each.map(|(at, it)| span(&format!("{field}[{at}]"), it, depth + 1)).collect()
    };
    Ok(match test {
        SpanTest::Error => SpanMatcher::Error,
        SpanTest::SlowerThan(duration) => {
            let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
            if nanoseconds == 0 {
                let remedy = "write a time of more than 0, such as 250ms";
                return Err(wrong(&format!("{field}.slower"), "0", remedy));
            }
            SpanMatcher::SlowerThan(nanoseconds)
        }
        SpanTest::Name(names) => {
            let field = format!("{field}.name");
            not_empty(&field, names)?;
            SpanMatcher::Name(patterns(&field, names)?)
        }
        SpanTest::Kind(kinds) => {
            not_empty(&format!("{field}.kind"), kinds)?;
            SpanMatcher::Kind(kinds.iter().map(kind).fold(0, |bits, bit| bits | bit))
        }
        SpanTest::Parent(parents) => {
            not_empty(&format!("{field}.parent"), parents)?;
            SpanMatcher::Parent(parents.iter().map(|it| it.bit()).fold(0, |bits, bit| bits | bit))
        }
        SpanTest::Values { key, values } => {
            let field = attribute(field, key)?;
            not_empty(&field, values)?;
            SpanMatcher::Attribute(key.clone(), ValueMatcher::OneOf(values.clone()))
        }
        SpanTest::Patterns { key, included, excluded } => {
            let field = attribute(field, key)?;
            if included.is_empty() && excluded.is_empty() {
                not_empty(&field, included)?;
            }
            let matcher = ValueMatcher::Patterns {
                included: patterns(&format!("{field}.included"), included)?,
                excluded: patterns(&format!("{field}.excluded"), excluded)?,
            };
            leaves_some(&field, &matcher, included, excluded)?;
            SpanMatcher::Attribute(key.clone(), matcher)
        }
        SpanTest::Number { key, low, high } => {
            let field = attribute(field, key)?;
            let (low, high) = (*low, *high);
            number_range(&field, low, high)?;
            SpanMatcher::Attribute(key.clone(), ValueMatcher::Number { low, high })
        }
        SpanTest::All(all) => {
            let matchers = list("all", all)?;
            if let Some((one, other)) = contradiction_of_spans(all) {
                return Err(contradicts(&format!("{field}.all"), one, other));
            }
            SpanMatcher::All(matchers)
        }
        SpanTest::Any(any) => SpanMatcher::Any(list("any", any)?),
        SpanTest::Not(test) => {
            SpanMatcher::Not(Box::new(span(&format!("{field}.not"), test, depth + 1)?))
        }
    })
}

fn not_too_deep(field: &str, depth: usize) -> Result<()> {
    if depth < DEEPEST {
        return Ok(());
    }
    Err(wrong(field, "too deep", format!("there are more than {DEEPEST} conditions in each other")))
}

fn not_empty<T>(field: &str, list: &[T]) -> Result<()> {
    if list.is_empty() {
        let remedy = "write at least one, or leave the condition out";
        return Err(wrong(field, "empty", remedy));
    }
    Ok(())
}

fn attribute(field: &str, key: &str) -> Result<String> {
    if key.is_empty() {
        let remedy = "write the key of an attribute, such as url.path";
        return Err(wrong(&format!("{field}.attribute"), "empty", remedy));
    }
    Ok(format!("{field}.{key}"))
}

fn patterns(field: &str, texts: &[String]) -> Result<Vec<Pattern>> {
    let pattern = |(at, text): (usize, &String)| {
        let field = format!("{field}[{at}]");
        if text.is_empty() {
            return Err(wrong(&field, "empty", "write a pattern, such as /api/*"));
        }
        Pattern::new(&field, text)
    };
    texts.iter().enumerate().map(pattern).collect()
}

/// What is excluded leaves something that is included.
fn leaves_some(
    field: &str,
    matcher: &ValueMatcher,
    included: &[String],
    excluded: &[String],
) -> Result<()> {
    let is_out = |text: &String| {
        excluded.contains(text) || (!text.contains(['*', '?']) && !matcher.passes_text(text))
    };
    let none_is_left = !included.is_empty() && included.iter().all(is_out);
    let all_are_out = excluded.iter().any(|text| text.chars().all(|it| it == '*'));
    if none_is_left || all_are_out {
        let remedy = "no value is left: exclude less than is included";
        return Err(wrong(&format!("{field}.excluded"), "everything", remedy));
    }
    Ok(())
}

fn number_range(field: &str, low: Bound<f64>, high: Bound<f64>) -> Result<()> {
    let value = |bound| match bound {
        Bound::Included(it) | Bound::Excluded(it) => Some(it),
        Bound::Unbounded => None,
    };
    if let Some(wrong_one) =
        [value(low), value(high)].into_iter().flatten().find(|it| !it.is_finite())
    {
        return Err(wrong(field, wrong_one, "write a number"));
    }
    let is_some = match (value(low), value(high)) {
        (None, None) => {
            return Err(wrong(field, "empty", "say what the number is compared with"));
        }
        (Some(low_end), Some(high_end)) => low_end < high_end || is_between(low_end, low, high),
        _ => true,
    };
    if is_some {
        return Ok(());
    }
    Err(wrong(field, "a range without numbers", "write the smaller number first"))
}
