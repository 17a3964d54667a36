//! Does a span meet a condition?

use std::borrow::Cow;

use opentelemetry::trace::{SpanContext, SpanKind};
use opentelemetry::{Array, Key, KeyValue, Value};

use super::super::composite::Candidate;
use super::pattern::Pattern;

/// Where the parent of a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentKind {
    /// There is none: a trace begins.
    None,
    /// In this process.
    Local,
    /// In another process.
    Remote,
}

/// What a span has to be for a rule to decide about it. All of it must be so of one and the same span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conditions {
    /// Bits of [`kind`]; all, where any will do.
    pub(super) kinds: u8,
    /// Bits of [`ParentKind`]; all, where any will do.
    pub(super) parents: u8,
    /// Empty, where any will do.
    pub(super) names: Vec<Pattern>,
    pub(super) attributes: Vec<OfAttribute>,
}

/// A condition of an attribute: it must be there, and of an array any element will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfAttribute {
    pub(super) key: Key,
    pub(super) test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// It is one of these.
    OneOf(Vec<Wanted>),
    /// One of the first matches, where there are any, and none of the others.
    Matches { included: Vec<Pattern>, excluded: Vec<Pattern> },
}

/// A value in its string form; if that is a number's, the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) text: String,
    number: Option<i64>,
}

pub(super) const ANY: u8 = u8::MAX;

pub(in crate::sampling) fn kind(kind: &SpanKind) -> u8 {
    match kind {
        SpanKind::Client => 1,
        SpanKind::Server => 1 << 1,
        SpanKind::Producer => 1 << 2,
        SpanKind::Consumer => 1 << 3,
        SpanKind::Internal => 1 << 4,
    }
}

impl ParentKind {
    fn of(parent: Option<&SpanContext>) -> Self {
        match parent {
            None => ParentKind::None,
            Some(parent) if parent.is_remote() => ParentKind::Remote,
            Some(_) => ParentKind::Local,
        }
    }

    pub(in crate::sampling) fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Conditions {
    #[inline]
    pub(super) fn are_met(&self, span: &Candidate<'_>) -> bool {
        (self.kinds == ANY || self.kinds & kind(span.kind()) != 0)
            && (self.parents == ANY || self.parents & ParentKind::of(span.parent()).bit() != 0)
            && (self.names.is_empty() || any(&self.names, span.name()))
            && self.attributes.iter().all(|condition| condition.is_met(span.attributes()))
    }

    /// Whether every span meets them.
    pub(super) fn are_none(&self) -> bool {
        let any_name = self.names.is_empty() || self.names.iter().any(Pattern::is_any);
        self.kinds == ANY && self.parents == ANY && any_name && self.attributes.is_empty()
    }
}

impl OfAttribute {
    /// Where a key occurs twice, the last one holds, as in the span.
    #[inline]
    fn is_met(&self, attributes: &[KeyValue]) -> bool {
        attributes
            .iter()
            .rfind(|attribute| attribute.key == self.key)
            .is_some_and(|attribute| self.test.passes(&attribute.value))
    }
}

impl Test {
    fn passes(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.passes_text(text.as_str()),
            Value::I64(number) => self.passes_number(*number),
            Value::F64(number) => self.passes_text(&number.to_string()),
            Value::Bool(is) => self.passes_text(if *is { "true" } else { "false" }),
            Value::Array(Array::String(texts)) => {
                texts.iter().any(|text| self.passes_text(text.as_str()))
            }
            Value::Array(Array::I64(numbers)) => numbers.iter().any(|it| self.passes_number(*it)),
            Value::Array(Array::F64(numbers)) => {
                numbers.iter().any(|it| self.passes_text(&it.to_string()))
            }
            Value::Array(Array::Bool(values)) => {
                values.iter().any(|it| self.passes_text(if *it { "true" } else { "false" }))
            }
            // A kind of value that is not known yet.
            _ => false,
        }
    }

    #[inline]
    pub(super) fn passes_text(&self, text: &str) -> bool {
        match self {
            Test::OneOf(wanted) => wanted.iter().any(|wanted| wanted.text == text),
            Test::Matches { included, excluded } => {
                (included.is_empty() || any(included, text)) && !any(excluded, text)
            }
        }
    }

    fn passes_number(&self, number: i64) -> bool {
        match self {
            Test::OneOf(wanted) => wanted.iter().any(|wanted| wanted.number == Some(number)),
            Test::Matches { .. } => self.passes_text(&number.to_string()),
        }
    }
}

impl Wanted {
    pub(super) fn new(value: &Value) -> Self {
        let text: Cow<'_, str> = value.as_str();
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        Wanted { text: text.into_owned(), number }
    }
}

fn any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(text))
}
