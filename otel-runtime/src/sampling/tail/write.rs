//! How is a policy written as the text that it can be read from?

use std::fmt::{self, Display, Formatter, Write};
use std::ops::Bound;

use opentelemetry::trace::SpanKind;

use super::super::rules::ParentKind;
use super::rule::{Larger, Limit, RateLimit, TailRule, Written};
use super::span_condition::{SpanCondition, SpanTest};
use super::trace_condition::{TraceCondition, TraceTest};
use super::words::{Any, Key, Listed, Time};

impl Display for Written {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for rule in &self.drop {
            write!(f, "{comma}")?;
            let dropped = |f: &mut Formatter<'_>| write!(f, "drop({})", rule.condition);
            named(f, rule, dropped)?;
            comma = ", ";
        }
        for rule in &self.keep {
            write!(f, "{comma}")?;
            named(f, rule, |f| kept(f, rule))?;
            comma = ", ";
        }
        Ok(())
    }
}

fn named(
    f: &mut Formatter<'_>,
    rule: &TailRule,
    write: impl Fn(&mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    let Some(name) = &rule.name else { return write(f) };
    write!(f, "named({name}, ")?;
    write(f)?;
    f.write_char(')')
}

fn kept(f: &mut Formatter<'_>, rule: &TailRule) -> fmt::Result {
    match (&rule.condition, &rule.limit) {
        (TraceTest::Always, limit) => write!(f, "{limit}"),
        (condition, Limit::All) => write!(f, "{condition}"),
        (condition, limit) => write!(f, "{condition} => {limit}"),
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Limit::All => f.write_str("keep"),
            Limit::Ratio(ratio) => write!(f, "ratio={ratio}"),
            Limit::Spans(limit) => write!(f, "rate={limit}"),
            Limit::Bytes(limit) => write!(f, "bytes={limit}"),
        }
    }
}

impl Display for RateLimit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let RateLimit { per_second, burst, larger } = self;
        write!(f, "{per_second}")?;
        if let Some(burst) = burst {
            write!(f, " burst={burst}")?;
        }
        if *larger == Larger::Refused {
            f.write_str(" refuse_larger")?;
        }
        Ok(())
    }
}

impl Display for TraceCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for SpanCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for TraceTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TraceTest::Always => f.write_str("keep"),
            TraceTest::SomeSpan(test) if is_one_word(test) => write!(f, "{test}"),
            TraceTest::SomeSpan(test) => write!(f, "span({})", Together(test)),
            TraceTest::NoSpan(SpanTest::Not(test)) => write!(f, "every_span({})", Together(test)),
            TraceTest::NoSpan(test) => write!(f, "no_span({})", Together(test)),
            TraceTest::Spans { least, most: None } => write!(f, "spans={least}"),
            TraceTest::Spans { least, most: Some(most) } => write!(f, "spans={least}..{most}"),
            TraceTest::Lasts { longer_than, at_most: None } => {
                write!(f, "lasts={}", Time(*longer_than))
            }
            TraceTest::Lasts { longer_than, at_most: Some(at_most) } => {
                write!(f, "lasts={}..{}", Time(*longer_than), Time(*at_most))
            }
            TraceTest::All(all) => write!(f, "all({})", Listed(all)),
            TraceTest::Any(any) => write!(f, "any({})", Listed(any)),
            // Of which spans it speaks has to be said.
            TraceTest::Not(test) => match &**test {
                TraceTest::SomeSpan(test) => write!(f, "not(span({}))", Together(test)),
                test => write!(f, "not({test})"),
            },
        }
    }
}

/// Whether it may stand for "some span" by itself.
fn is_one_word(test: &SpanTest) -> bool {
    match test {
        SpanTest::All(_) | SpanTest::Any(_) | SpanTest::Not(_) => false,
        SpanTest::Patterns { excluded, .. } => excluded.is_empty(),
        test => !is_two(test),
    }
}

/// Whether it is written as two conditions with a comma between them.
fn is_two(test: &SpanTest) -> bool {
    match test {
        SpanTest::Patterns { included, excluded, .. } => {
            !included.is_empty() && !excluded.is_empty()
        }
        SpanTest::Number { low, high, .. } => {
            !matches!((low, high), (Bound::Unbounded, _) | (_, Bound::Unbounded))
        }
        _ => false,
    }
}

/// Conditions of one span, in a list that means all of them.
struct Together<'a>(&'a SpanTest);

impl Display for Together<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            SpanTest::All(all) => {
                for (at, test) in all.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    if is_two(test) { pair(f, test)? } else { write!(f, "{test}")? }
                }
                Ok(())
            }
            test if is_two(test) => pair(f, test),
            test => write!(f, "{test}"),
        }
    }
}

/// `key>=1, key<2`
fn pair(f: &mut Formatter<'_>, test: &SpanTest) -> fmt::Result {
    match test {
        SpanTest::Patterns { key, included, excluded } => {
            let key = Key(key);
            write!(f, "{key}={}, {key}!={}", Any(included), Any(excluded))
        }
        SpanTest::Number { key, low, high } => {
            low_end(f, key, *low)?;
            f.write_str(", ")?;
            high_end(f, key, *high)
        }
        test => write!(f, "{test}"),
    }
}

impl Display for SpanTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            test if is_two(test) => {
                f.write_str("all(")?;
                pair(f, test)?;
                f.write_char(')')
            }
            SpanTest::Error => f.write_str("error"),
            SpanTest::SlowerThan(duration) => write!(f, "slower={}", Time(*duration)),
            SpanTest::Name(patterns) => write!(f, "name={}", Any(patterns)),
            SpanTest::Kind(kinds) => {
                let words = kinds.iter().map(word_of_kind);
                write!(f, "kind={}", words.collect::<Vec<_>>().join("|"))
            }
            SpanTest::Parent(parents) if is_root(parents) => f.write_str("root"),
            SpanTest::Parent(parents) => {
                let words = parents.iter().map(|parent| match parent {
                    ParentKind::None => "none",
                    ParentKind::Local => "local",
                    ParentKind::Remote => "remote",
                });
                write!(f, "parent={}", words.collect::<Vec<_>>().join("|"))
            }
            SpanTest::Values { key, values } => {
                let texts: Vec<_> = values.iter().map(|value| value.text.clone()).collect();
                write!(f, "{}=={}", Key(key), Any(&texts))
            }
            SpanTest::Patterns { key, included, excluded } if included.is_empty() => {
                write!(f, "{}!={}", Key(key), Any(excluded))
            }
            SpanTest::Patterns { key, included, excluded: _ } => {
                write!(f, "{}={}", Key(key), Any(included))
            }
            SpanTest::Number { key, low: Bound::Unbounded, high } => high_end(f, key, *high),
            SpanTest::Number { key, low, high: _ } => low_end(f, key, *low),
            SpanTest::All(all) => write!(f, "all({})", Listed(all)),
            SpanTest::Any(any) => write!(f, "any({})", Listed(any)),
            SpanTest::Not(test) => write!(f, "not({test})"),
        }
    }
}

fn is_root(parents: &[ParentKind]) -> bool {
    parents == [ParentKind::None, ParentKind::Remote]
}

pub(crate) fn word_of_kind(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
        SpanKind::Internal => "internal",
    }
}

fn low_end(f: &mut Formatter<'_>, key: &str, low: Bound<f64>) -> fmt::Result {
    match low {
        Bound::Included(low) => write!(f, "{}>={low}", Key(key)),
        Bound::Excluded(low) => write!(f, "{}>{low}", Key(key)),
        Bound::Unbounded => Ok(()),
    }
}

fn high_end(f: &mut Formatter<'_>, key: &str, high: Bound<f64>) -> fmt::Result {
    match high {
        Bound::Included(high) => write!(f, "{}<={high}", Key(key)),
        Bound::Excluded(high) => write!(f, "{}<{high}", Key(key)),
        Bound::Unbounded => Ok(()),
    }
}
