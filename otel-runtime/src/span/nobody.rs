//! Which context does a call run in that names its parent or has a scope, and has no span?
//!
//! The one that its span would have been in, but without the span: what it calls, starts and sends has
//! the named parent, and the attributes of the scope.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};

use crate::context;
use crate::context::scope::with_scope;
use crate::span::settings::{Parent, Settings};

/// The context that is current where the call begins.
pub(crate) struct ContextOnly {
    current: Context,
}

impl ContextOnly {
    /// `None` while this thread is dying.
    pub(super) fn new() -> Option<ContextOnly> {
        Some(ContextOnly { current: context::current::get()? })
    }

    pub(super) fn start(&self, settings: Option<Box<Settings>>) -> Context {
        let Settings { parent, scoped, .. } = settings.map_or_else(Settings::default, |it| *it);
        let context = self.under(parent);
        if scoped.is_empty() { context } else { with_scope(&context, scoped) }
    }

    pub(super) fn current(&self) -> &Context {
        &self.current
    }

    fn under(&self, parent: Parent) -> Context {
        let current = &self.current;
        match parent {
            // Where telemetry is suppressed, it stays suppressed.
            Parent::Context(context) if current.is_telemetry_suppressed() => {
                context.with_telemetry_suppressed()
            }
            Parent::Context(context) => context,
            Parent::Span(span) if span.is_valid() => current.with_remote_span_context(span),
            // The context may hold values of the program, so only the span is taken out of it, which
            // OpenTelemetry offers no other way to do.
            Parent::Span(_) | Parent::Root if current.has_active_span() => {
                current.with_remote_span_context(SpanContext::NONE)
            }
            Parent::Span(_) | Parent::Root | Parent::Current => current.clone(),
        }
    }
}
