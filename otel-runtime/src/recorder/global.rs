//! How does an OpenTelemetry tracer provider serve as the recorder?

use opentelemetry::trace::{SpanBuilder, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};

/// A [`TracerProvider`] of any type.
pub(crate) trait Provider: Send + Sync {
    fn tracer(&self, scope: InstrumentationScope) -> Box<dyn Starter>;
}

/// A [`Tracer`] of any type. It keeps the concrete span type to itself, so that a span is boxed
/// once, by the context, where `global::tracer` boxes it twice.
pub(crate) trait Starter: Send + Sync {
    /// Starts a span that is a child of the span in `parent`, and puts it into `base`.
    fn start(&self, builder: SpanBuilder, parent: &Context, base: &Context) -> Context;
}

pub(super) struct Adopted<P>(pub(super) P);

impl<P> Provider for Adopted<P>
where
    P: TracerProvider + Send + Sync,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    fn tracer(&self, scope: InstrumentationScope) -> Box<dyn Starter> {
        Box::new(Scoped(self.0.tracer_with_scope(scope)))
    }
}

struct Scoped<T>(T);

impl<T> Starter for Scoped<T>
where
    T: Tracer + Send + Sync,
    T::Span: Send + Sync + 'static,
{
    fn start(&self, builder: SpanBuilder, parent: &Context, base: &Context) -> Context {
        base.with_span(self.0.build_with_context(builder, parent))
    }
}
