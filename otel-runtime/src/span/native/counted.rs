//! How does a call get into the metrics, with a span or without one?

use std::borrow::Cow;

use opentelemetry::trace::{Status, TraceFlags};

use super::local::{self, Local};
use super::open::{Decision, OpenSpan};
use super::shared::Native;
use crate::metrics::counts::Counts;
use crate::metrics::exemplar::Exemplar;
use crate::metrics::total;
use crate::record::{Function, Origin, attributes};
use crate::span::callsite::Description;
use crate::span::keys::ERROR_TYPE;

/// What the conventions have for an error without a type.
const OTHER: &str = "_OTHER";

/// A call that has no span, and is counted. Of the record only the function and the time are used.
#[derive(Debug)]
pub(crate) struct Counted(Box<OpenSpan>);

impl Native {
    /// Whether the calls of a function are counted: not the requests that go through a layer.
    #[inline]
    pub(super) fn counts_calls_of(&self, description: &Description) -> bool {
        self.counts.is_some() && description.is_in_code
    }
}

impl Counted {
    /// The call of this record, if it is counted.
    pub(super) fn of(call: Box<OpenSpan>) -> Option<Counted> {
        let is_in_code = match &call.finished.origin {
            Origin::Function(function) => function.is_in_code(),
            Origin::Library(_) => false,
        };
        if call.native.counts.is_some() && is_in_code {
            return Some(Counted(call));
        }
        local::with(|local| local.give_back(call));
        None
    }

    /// Whether the call has no context of its own.
    #[inline]
    pub(crate) fn stays(&self) -> bool {
        self.0.decision == Decision::Stays
    }

    /// The call ends, with an error of this type if it failed.
    #[inline]
    pub(crate) fn end(self, error_type: Option<&Cow<'static, str>>) {
        let Counted(mut call) = self;
        if let Some(error_type) = error_type {
            call.status = Status::error("");
            call.set_unless_set(ERROR_TYPE, &error_type.clone().into());
        }
        local::with(|local| {
            let end = call.began.end(&mut local.clock);
            local.follow_fork();
            if let Some(counts) = &call.native.counts
                && call.pid == local.pid
            {
                // Whoever is below an unsampled span has a span that is not sampled.
                call.finished.trace_flags = TraceFlags::NOT_SAMPLED;
                count(counts, &call, local, end);
            }
            local.give_back(call);
        });
    }
}

/// Counts the call of a span that ended at `end`. The caller has looked for a fork already.
#[inline]
pub(super) fn count(counts: &Counts, span: &OpenSpan, local: &mut Local, end: u64) {
    let Origin::Function(function) = span.finished.origin else { return };
    if !function.is_in_code() {
        return;
    }
    let nanoseconds = end - span.finished.start;
    let exemplar = Exemplar {
        trace_id: span.finished.trace_id,
        span_id: span.finished.span_id,
        time: end,
        nanoseconds,
    };
    let sampled = span.finished.trace_flags.is_sampled().then_some(&exemplar);
    let own = local.counts(counts);
    if matches!(span.status, Status::Error { .. }) {
        own.failed(&of(function), &error_type(span), nanoseconds, sampled);
    } else {
        own.succeeded(&of(function), nanoseconds, sampled);
    }
}

fn of(function: &'static Function) -> total::Function {
    let Function { number, path, scope, .. } = *function;
    total::Function { number, path, scope }
}

#[cold]
fn error_type(span: &OpenSpan) -> String {
    let known = attributes::attributes(&span.fields).filter(|it| it.key.as_str() == ERROR_TYPE);
    known.last().map_or_else(|| OTHER.to_owned(), |it| it.value.as_str().into_owned())
}
