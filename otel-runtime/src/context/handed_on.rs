//! Which spans are known outside the call that made them?
//!
//! A span that says little, such as a short one with a `min_duration`, is left out, unless it was handed on:
//! to a child, to another process, or to work that runs elsewhere. If it were left out then, their parent
//! would be missing from the trace. So such a span puts a mark into its context, and everything that makes
//! the span a parent sets that mark.

use opentelemetry::Context;
#[cfg(feature = "sdk")]
use opentelemetry::trace::{SpanContext, TraceContextExt};

#[cfg(feature = "sdk")]
use super::values::Values;

/// Marks the span of `context` as handed on.
#[cfg(feature = "sdk")]
#[inline]
pub(crate) fn hand_on(context: &Context) {
    hand_on_span(context, context.span().span_context());
}

/// Without the recorder of this crate, no span is left out.
#[cfg(not(feature = "sdk"))]
pub(crate) fn hand_on(_: &Context) {}

/// Marks `span` as handed on, if the mark in `context` is its own. Returns whether spans that begin in
/// `context` have attributes of their surroundings: both are found by one look.
#[cfg(feature = "sdk")]
#[inline]
pub(crate) fn hand_on_span(context: &Context, span: &SpanContext) -> bool {
    match Values::of(context) {
        None => false,
        Some(values) => {
            if let Some(mark) = &values.mark {
                mark.hand_on(span.span_id());
            }
            values.scoped.is_some()
        }
    }
}
