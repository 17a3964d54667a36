//! Where does a span hang, and in which context is it?

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};

use super::local;
use super::open::{Decision, OpenSpan};
use crate::context;
use crate::context::caller::trace_without_span;
use crate::context::handed_on::{hand_on, hand_on_span};
use crate::span::settings::{Parent, has_invalid_span, without_span};

/// The context that the span is put into; `None` for the current one.
pub(super) fn base<'a>(parent: &'a Parent, stayed: Option<&'a Context>) -> Option<&'a Context> {
    match parent {
        Parent::Context(context) => Some(context),
        Parent::Current | Parent::Span(_) | Parent::Root => stayed,
    }
}

/// Hangs the span under its parent.
pub(super) fn place(span: &mut OpenSpan, parent: &Parent, stayed: Option<&Context>) {
    span.decision = Decision::Placed;
    match parent {
        Parent::Current => {}
        Parent::Context(context) => {
            hand_on(context);
            hang(span, context.span().span_context());
        }
        Parent::Span(above) => {
            let _ = match stayed {
                Some(context) => Some(hand_on_span(context, above)),
                None => context::current::map(|context| hand_on_span(context, above)),
            };
            hang(span, above);
        }
        Parent::Root => hang(span, &SpanContext::NONE),
    }
    if matches!(parent, Parent::Current | Parent::Context(_)) {
        let named = match base(parent, stayed) {
            Some(context) => trace_without_span(context),
            None => context::current::map(trace_without_span).flatten(),
        };
        if let Some(trace_id) = named {
            span.continue_trace(trace_id);
        }
    }
}

fn hang(span: &mut OpenSpan, above: &SpanContext) {
    local::with(|local| span.hang(above, || local.new_trace_id()));
}

/// The context that a sampler is asked about.
pub(super) fn asked_about(parent: &Parent, base: Option<&Context>) -> Context {
    let base = base.cloned().unwrap_or_else(context::current::current);
    match parent {
        Parent::Current | Parent::Context(_) if has_invalid_span(&base) => without_span(&base),
        Parent::Current | Parent::Context(_) => base,
        Parent::Span(span) if span.is_valid() => base.with_remote_span_context(span.clone()),
        Parent::Span(_) | Parent::Root => without_span(&base),
    }
}
