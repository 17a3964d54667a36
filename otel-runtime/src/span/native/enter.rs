//! Which context is current in what a span is made for?

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TraceId};

use super::open::OpenSpan;
use super::recorded::Recorded;
use crate::context;
#[cfg(feature = "tracing")]
use crate::context::listed;
use crate::context::mark::Mark;
use crate::context::scoped::Scoped;
use crate::context::values::Values;

/// The context of a span that has started: `base`, or by default the current one, with the span in it, and
/// with the scope that it opens. `recorded_only` is its trace, if that is recorded and not sampled.
#[inline]
pub(super) fn enter(
    span: Box<OpenSpan>,
    base: Option<&Context>,
    opened: Option<Scoped>,
    recorded_only: Option<TraceId>,
) -> Context {
    let mark = span.mark.clone();
    #[cfg(feature = "tracing")]
    let listed = if listed::is_on() { span.listed(base) } else { None };
    let span = Recorded(Some(span));
    let mut context = Context::new();
    match base {
        Some(base) => context = base.with_span(span),
        None => drop(context::current::map(|current| context = current.with_span(span))),
    }
    #[cfg(feature = "tracing")]
    if let Some(listed) = listed {
        context = Values::with_listed(&context, listed);
    }
    if mark.is_some() || opened.is_some() || recorded_only.is_some() {
        with_values(&context, mark, opened, recorded_only)
    } else {
        context
    }
}

#[cold]
fn with_values(
    context: &Context,
    mark: Option<Arc<Mark>>,
    opened: Option<Scoped>,
    recorded_only: Option<TraceId>,
) -> Context {
    let mut values = Values::of(context).cloned().unwrap_or_default();
    values.mark = mark;
    values.scoped = opened.or(values.scoped);
    values.recorded_only = recorded_only.or(values.recorded_only);
    context.with_value(values)
}
