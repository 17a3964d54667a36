//! What can a call set on its span, beside attributes?

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};
use opentelemetry::{Context, KeyValue};

use crate::context::Incoming;
use crate::context::scope::in_current_scope;

/// What the call has set.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) parent: Parent,
    pub(crate) links: Vec<Link>,
    /// Attributes of the span, and of every span inside.
    pub(crate) scoped: Vec<KeyValue>,
}

/// What the parent of a span is.
#[derive(Default)]
pub enum Parent {
    /// Under the current span.
    #[default]
    Current,
    /// Under the span of this context, whose baggage and values come along.
    Context(Context),
    /// Under this span, in the current context.
    Span(SpanContext),
    /// Nowhere: a new trace in the current context.
    Root,
}

/// What `parent = ...` may be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parent of a span",
    label = "not a parent",
    note = "give an `opentelemetry::Context`, an `opentelemetry::trace::SpanContext` or what \
            `otel_runtime::context::receive` returns, by value or by reference"
)]
pub trait IntoParent {
    /// The parent that this value stands for.
    fn to_parent(&self) -> Parent;

    /// The span that this value names beside the parent, which gets a link.
    fn link(&self) -> Option<SpanContext> {
        None
    }
}

impl IntoParent for Context {
    fn to_parent(&self) -> Parent {
        Parent::Context(self.clone())
    }
}

impl IntoParent for SpanContext {
    fn to_parent(&self) -> Parent {
        Parent::Span(self.clone())
    }
}

impl IntoParent for Incoming {
    fn to_parent(&self) -> Parent {
        Parent::Context(in_current_scope(self.parent.clone()))
    }

    fn link(&self) -> Option<SpanContext> {
        self.link.clone()
    }
}

/// A pointer to a parent is that parent.
macro_rules! pointers {
    ($($ty:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: IntoParent + ?Sized> IntoParent for $ty {
            fn to_parent(&self) -> Parent {
                (**self).to_parent()
            }

            fn link(&self) -> Option<SpanContext> {
                (**self).link()
            }
        }
    )*};
}
pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

/// What `name = ...` may be where it is a place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the name of a span",
    label = "not a name",
    note = "give text: a `String`, a `&str` or a `Cow<str>`"
)]
pub trait SpanName {
    /// The name, as the span keeps it.
    fn span_name(&self) -> Cow<'static, str>;
}

impl SpanName for str {
    fn span_name(&self) -> Cow<'static, str> {
        self.to_owned().into()
    }
}

impl SpanName for String {
    fn span_name(&self) -> Cow<'static, str> {
        self.clone().into()
    }
}

impl SpanName for Cow<'_, str> {
    fn span_name(&self) -> Cow<'static, str> {
        self.clone().into_owned().into()
    }
}

macro_rules! names {
    ($($ty:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: SpanName + ?Sized> SpanName for $ty {
            fn span_name(&self) -> Cow<'static, str> {
                (**self).span_name()
            }
        }
    )*};
}
names!(&T &mut T Box<T> Rc<T> Arc<T>);

/// Whether the context holds an invalid span: children of it begin a trace.
pub(crate) fn has_invalid_span(context: &Context) -> bool {
    context.has_active_span() && !context.span().span_context().is_valid()
}

/// The same context without its span. An invalid span would do as well by the specification, but
/// OpenTelemetry's parent-based sampler takes that for a parent that is not sampled.
pub(crate) fn without_span(context: &Context) -> Context {
    let baggage = context.baggage();
    Context::new().with_baggage(baggage.iter().map(|(key, (value, metadata))| {
        opentelemetry::baggage::KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
    }))
}
