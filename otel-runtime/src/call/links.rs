//! Which spans is a span linked to, beside its parent?

use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};

/// What `links(...)` may list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be linked to",
    label = "not a span, nor several",
    note = "give an `opentelemetry::trace::SpanContext`, an `opentelemetry::Context`, a reference to one, or an \
            `Option`, a collection or an iterator of them",
    note = "a variable is only referred to: an iterator in one has to be `Clone`, or is taken by `{{ variable }}`"
)]
pub trait IntoLinks<Number> {
    /// The spans to link to.
    fn into_links(self) -> impl Iterator<Item = SpanContext>;
}

/// One span.
pub trait IntoLink {
    /// The span to link to.
    fn into_link(self) -> SpanContext;
}

/// Of [`IntoLinks`]: the value is one span.
pub struct One;

/// Of [`IntoLinks`]: the value is a collection.
pub struct Several;

/// Of [`IntoLinks`]: the value is a reference to a reference to a collection, as for a parameter that is
/// a reference itself.
pub struct Referred;

/// Of [`IntoLinks`]: the value is a reference to an iterator, as for a variable that is an iterator.
pub struct Repeated;

impl IntoLink for SpanContext {
    fn into_link(self) -> SpanContext {
        self
    }
}

impl IntoLink for &SpanContext {
    fn into_link(self) -> SpanContext {
        self.clone()
    }
}

impl IntoLink for Context {
    fn into_link(self) -> SpanContext {
        (&self).into_link()
    }
}

impl IntoLink for &Context {
    fn into_link(self) -> SpanContext {
        self.span().span_context().clone()
    }
}

/// A parameter that is a reference already, by reference.
#[diagnostic::do_not_recommend]
impl<'a, T> IntoLink for &&'a T
where
    &'a T: IntoLink,
{
    fn into_link(self) -> SpanContext {
        (*self).into_link()
    }
}

// Without this the message would be about `IntoLink` or `Iterator`, which users need not know.
#[diagnostic::do_not_recommend]
impl<T: IntoLink> IntoLinks<One> for T {
    fn into_links(self) -> impl Iterator<Item = SpanContext> {
        std::iter::once(self.into_link())
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoLinks<Several> for T
where
    T: IntoIterator,
    T::Item: IntoLink,
{
    fn into_links(self) -> impl Iterator<Item = SpanContext> {
        self.into_iter().map(IntoLink::into_link)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: ?Sized> IntoLinks<Referred> for &&'a T
where
    &'a T: IntoIterator,
    <&'a T as IntoIterator>::Item: IntoLink,
{
    fn into_links(self) -> impl Iterator<Item = SpanContext> {
        (*self).into_iter().map(IntoLink::into_link)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoLinks<Repeated> for &T
where
    T: Iterator + Clone,
    T::Item: IntoLink,
{
    fn into_links(self) -> impl Iterator<Item = SpanContext> {
        self.clone().map(IntoLink::into_link)
    }
}

/// Links to those of `spans` whose context is valid.
pub(crate) fn valid<N>(spans: impl IntoLinks<N>) -> impl Iterator<Item = Link> {
    spans.into_links().filter(SpanContext::is_valid).map(Link::with_context)
}
