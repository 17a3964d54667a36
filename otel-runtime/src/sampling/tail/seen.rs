//! What does a policy see of a trace that is over, and of its spans?

use opentelemetry::trace::SpanKind;

use super::super::rules::ParentKind;
use super::super::threshold::Randomness;

/// A span that has ended. Whoever has spans implements it; nothing here knows how they are stored.
pub(crate) trait FinishedSpan {
    fn name(&self) -> &str;

    fn kind(&self) -> SpanKind;

    fn parent(&self) -> ParentKind;

    /// Its status is Error.
    fn is_error(&self) -> bool;

    /// When it began, in nanoseconds since 1970.
    fn start(&self) -> u64;

    /// When it ended, in nanoseconds since 1970.
    fn end(&self) -> u64;

    /// Whether the attribute with this key passes the test: its value, or any of the elements, if that is an
    /// array. Where a key occurs twice, the last one holds.
    fn any_value(&self, key: &str, test: &mut dyn FnMut(AttributeValue<'_>) -> bool) -> bool;
}

/// The value of an attribute, or an element of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum AttributeValue<'a> {
    Whole(Single<'a>),
    Element(Single<'a>),
}

/// A value that is no array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Single<'a> {
    Text(&'a str),
    Bool(bool),
    I64(i64),
    F64(f64),
}

/// What is known of a trace beside its spans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals {
    /// How many spans it has.
    pub(crate) spans: u64,
    /// How many bytes they take, as they are sent.
    pub(crate) bytes: u64,
    pub(crate) randomness: Randomness,
}

/// How long a span took. A clock that was set back makes it 0.
pub(super) fn duration(span: &impl FinishedSpan) -> u64 {
    span.end().saturating_sub(span.start())
}
