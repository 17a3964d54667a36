//! What can be asked of one span?

use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use opentelemetry::trace::SpanKind;

use super::super::rules::ParentKind;

const ROUTE: &str = "http.route";

/// What one span has to be. However it is put together, it is about one and the same span: a root that is
/// `/orders`, with a child that is a client, does not meet "root and client".
///
/// What is written is checked by [`TailPolicyBuilder::build`](super::TailPolicyBuilder::build).
#[derive(Clone, Debug, PartialEq)]
pub struct SpanCondition(pub(crate) SpanTest);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SpanTest {
    Error,
    SlowerThan(Duration),
    /// Any of these patterns.
    Name(Vec<String>),
    Kind(Vec<SpanKind>),
    Parent(Vec<ParentKind>),
    /// The attribute is one of these.
    Values {
        key: String,
        values: Vec<Value>,
    },
    /// One of the first matches, where there are any, and none of the others.
    Patterns {
        key: String,
        included: Vec<String>,
        excluded: Vec<String>,
    },
    /// The attribute is a number between these.
    Number {
        key: String,
        low: Bound<f64>,
        high: Bound<f64>,
    },
    All(Vec<SpanTest>),
    Any(Vec<SpanTest>),
    Not(Box<SpanTest>),
}

/// What an attribute is compared with: a text and, where it is written as the text says, a number or a truth
/// value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) meaning: Meaning,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meaning {
    Text,
    Bool(bool),
    I64(i64),
    F64(f64),
}

impl Value {
    pub(crate) fn new(text: impl Into<String>) -> Value {
        let text = text.into();
        let is_same = |other: &dyn ToString| other.to_string() == text;
        let meaning = if let Some(number) = text.parse().ok().filter(|it: &i64| is_same(it)) {
            Meaning::I64(number)
        } else if let Some(number) =
            text.parse().ok().filter(|it: &f64| it.is_finite() && is_same(it))
        {
            Meaning::F64(number)
        } else if let Some(is) = text.parse().ok().filter(|it: &bool| is_same(it)) {
            Meaning::Bool(is)
        } else {
            Meaning::Text
        };
        Value { text, meaning }
    }
}

impl SpanTest {
    /// One condition is itself.
    pub(crate) fn all(mut all: Vec<SpanTest>) -> SpanTest {
        if all.len() == 1 { all.remove(0) } else { SpanTest::All(all) }
    }

    /// One condition is itself.
    pub(crate) fn any(mut any: Vec<SpanTest>) -> SpanTest {
        if any.len() == 1 { any.remove(0) } else { SpanTest::Any(any) }
    }
}

impl SpanCondition {
    /// The status is Error.
    #[must_use]
    pub fn error() -> Self {
        SpanCondition(SpanTest::Error)
    }

    /// It took longer than this, more than 0: one that took exactly as long does not meet it.
    #[must_use]
    pub fn slower_than(duration: Duration) -> Self {
        SpanCondition(SpanTest::SlowerThan(duration))
    }

    /// The local trace begins with it: it has no parent, or one in another process.
    #[must_use]
    pub fn root() -> Self {
        SpanCondition::parents([ParentKind::None, ParentKind::Remote])
    }

    /// The parent is one of these.
    #[must_use]
    pub fn parents(parents: impl IntoIterator<Item = ParentKind>) -> Self {
        SpanCondition(SpanTest::Parent(parents.into_iter().collect()))
    }

    /// The kind is one of these.
    #[must_use]
    pub fn kinds(kinds: impl IntoIterator<Item = SpanKind>) -> Self {
        SpanCondition(SpanTest::Kind(kinds.into_iter().collect()))
    }

    /// The name matches one of these patterns: `*` stands for any characters, also none, and `?` for one.
    #[must_use]
    pub fn names<P: Into<String>>(patterns: impl IntoIterator<Item = P>) -> Self {
        SpanCondition(SpanTest::Name(patterns.into_iter().map(Into::into).collect()))
    }

    /// The attribute has this value: text, a number or a truth value, also if it was recorded in the other
    /// form (`500`, and `"500"`). Of an array one element is enough.
    #[must_use]
    pub fn attribute(key: impl Into<String>, value: impl Into<opentelemetry::Value>) -> Self {
        SpanCondition::attribute_values(key, [value])
    }

    /// The attribute has one of these values, as in [`attribute`](SpanCondition::attribute).
    #[must_use]
    pub fn attribute_values<V: Into<opentelemetry::Value>>(
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(|value| Value::new(value.into().as_str()));
        SpanCondition(SpanTest::Values { key: key.into(), values: values.collect() })
    }

    /// The attribute is there, matches one of `included`, or anything where that is empty, and none of
    /// `excluded`. Numbers and truth values are matched in their string form; an array matches nothing.
    #[must_use]
    pub fn attribute_patterns<I: Into<String>, E: Into<String>>(
        key: impl Into<String>,
        included: impl IntoIterator<Item = I>,
        excluded: impl IntoIterator<Item = E>,
    ) -> Self {
        SpanCondition(SpanTest::Patterns {
            key: key.into(),
            included: included.into_iter().map(Into::into).collect(),
            excluded: excluded.into_iter().map(Into::into).collect(),
        })
    }

    /// The attribute is a number in this range, such as `500.0..600.0`. A text is no number, and an array is none.
    #[must_use]
    pub fn attribute_in(key: impl Into<String>, range: impl RangeBounds<f64>) -> Self {
        let (low, high) = (range.start_bound().cloned(), range.end_bound().cloned());
        SpanCondition(SpanTest::Number { key: key.into(), low, high })
    }

    /// The route, `http.route`, matches this pattern.
    #[must_use]
    pub fn route(pattern: impl Into<String>) -> Self {
        SpanCondition::attribute_patterns(ROUTE, [pattern.into()], [""; 0])
    }

    /// The span meets all of these.
    #[must_use]
    pub fn all_of(conditions: impl IntoIterator<Item = SpanCondition>) -> Self {
        SpanCondition(SpanTest::all(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// The span meets one of these.
    #[must_use]
    pub fn any_of(conditions: impl IntoIterator<Item = SpanCondition>) -> Self {
        SpanCondition(SpanTest::any(conditions.into_iter().map(|it| it.0).collect()))
    }

    /// The span does not meet this. It is still about a span: "some span is not an error" is so of nearly every
    /// trace. For "no span is an error" there is [`TraceCondition::no_span`](super::TraceCondition::no_span).
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "beside all_of and any_of")]
    pub fn not(condition: SpanCondition) -> Self {
        SpanCondition(SpanTest::Not(Box::new(condition.0)))
    }
}
