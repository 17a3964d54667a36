//! What can be asked of a trace?

use std::time::Duration;

use super::span_condition::{SpanCondition, SpanTest};

/// What a trace has to be, by its spans in this process.
///
/// A [`SpanCondition`] becomes one: some span meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceCondition(pub(crate) TraceTest);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TraceTest {
    Always,
    SomeSpan(SpanTest),
    NoSpan(SpanTest),
    /// So many spans, both included.
    Spans {
        least: u32,
        most: Option<u32>,
    },
    /// From the earliest start to the latest end, in whole milliseconds.
    Lasts {
        longer_than: Duration,
        at_most: Option<Duration>,
    },
    All(Vec<TraceTest>),
    Any(Vec<TraceTest>),
    Not(Box<TraceTest>),
}

impl TraceTest {
    /// One condition is itself.
    pub(crate) fn all(mut all: Vec<TraceTest>) -> TraceTest {
        if all.len() == 1 { all.remove(0) } else { TraceTest::All(all) }
    }

    /// One condition is itself.
    pub(crate) fn any(mut any: Vec<TraceTest>) -> TraceTest {
        if any.len() == 1 { any.remove(0) } else { TraceTest::Any(any) }
    }
}

impl TraceCondition {
    /// Some span meets this.
    #[must_use]
    pub fn some_span(condition: SpanCondition) -> Self {
        TraceCondition(TraceTest::SomeSpan(condition.0))
    }

    /// No span meets this.
    #[must_use]
    pub fn no_span(condition: SpanCondition) -> Self {
        TraceCondition(TraceTest::NoSpan(condition.0))
    }

    /// Every span meets this.
    #[must_use]
    pub fn every_span(condition: SpanCondition) -> Self {
        TraceCondition::no_span(SpanCondition::not(condition))
    }

    /// There are at least so many spans, more than 0.
    #[must_use]
    pub fn spans_at_least(least: u32) -> Self {
        TraceCondition(TraceTest::Spans { least, most: None })
    }

    /// There are so many spans, both numbers included.
    #[must_use]
    pub fn spans_between(least: u32, most: u32) -> Self {
        TraceCondition(TraceTest::Spans { least, most: Some(most) })
    }

    /// From the earliest start to the latest end it takes more than this, in whole milliseconds. So two quick
    /// spans that are far apart meet it; for one slow span there is [`SpanCondition::slower_than`].
    #[must_use]
    pub fn lasts_longer_than(duration: Duration) -> Self {
        TraceCondition(TraceTest::Lasts { longer_than: duration, at_most: None })
    }

    /// As [`lasts_longer_than`](TraceCondition::lasts_longer_than), and not more than `at_most`.
    #[must_use]
    pub fn lasts_between(longer_than: Duration, at_most: Duration) -> Self {
        TraceCondition(TraceTest::Lasts { longer_than, at_most: Some(at_most) })
    }

    /// The trace meets all of these, each by any of its spans.
    #[must_use]
    pub fn all_of(conditions: impl IntoIterator<Item = TraceCondition>) -> Self {
        TraceCondition(TraceTest::all(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// The trace meets one of these.
    #[must_use]
    pub fn any_of(conditions: impl IntoIterator<Item = TraceCondition>) -> Self {
        TraceCondition(TraceTest::any(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// The trace does not meet this.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "beside all_of and any_of")]
    pub fn not(condition: TraceCondition) -> Self {
        TraceCondition(TraceTest::Not(Box::new(condition.0)))
    }
}

impl From<SpanCondition> for TraceCondition {
    fn from(condition: SpanCondition) -> Self {
        TraceCondition::some_span(condition)
    }
}
