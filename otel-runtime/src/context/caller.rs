//! What did a caller say of its trace that a span context cannot hold?
//!
//! A [`SpanContext`] always has a span, and is sampled or not. Other formats than W3C's say more, and
//! less:
//!
//! | header | here |
//! | --- | --- |
//! | `b3: 80f198ee56343ba8-e457b5a2e4d86bd1`, `X-Amzn-Trace-Id: Root=..;Parent=..` | [`Sampling::Undecided`] |
//! | `b3: 80f198ee56343ba8-e457b5a2e4d86bd1-d`, `uber-trace-id: ..:3` | [`Sampling::Debug`] |
//! | `b3: 0` | [`Sampling::Denied`], without a trace or a span |
//! | `X-Amzn-Trace-Id: Root=..` | a trace without a span |

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{SpanId, TraceFlags, TraceId};

/// What was said of recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// Nothing: whoever is called decides.
    Undecided,
    Denied,
    Accepted,
    /// Accepted, and everybody is asked to keep the trace, whatever it costs.
    Debug,
}

impl Sampling {
    pub(crate) fn is_sampled(self) -> bool {
        matches!(self, Sampling::Accepted | Sampling::Debug)
    }

    pub(crate) fn flags(self) -> TraceFlags {
        TraceFlags::NOT_SAMPLED.with_sampled(self.is_sampled())
    }
}

/// A trace, a span in it and a decision. Without a trace, the trace id is invalid, and without a span, the
/// span id is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) sampling: Sampling,
}

impl Caller {
    /// Only a decision.
    pub(super) fn only(sampling: Sampling) -> Caller {
        Caller { trace_id: TraceId::INVALID, span_id: SpanId::INVALID, sampling }
    }

    pub(super) fn has_span(self) -> bool {
        self.trace_id != TraceId::INVALID && self.span_id != SpanId::INVALID
    }

    /// `context` with this caller in it. A caller that names no span does not replace a span that is in
    /// the context already. One that names the same span as the header of another format before leaves what
    /// that said beyond: trace state, further flags, and a decision where there is none here.
    pub(super) fn put_into(self, context: &Context) -> Context {
        if !self.has_span() {
            let has_span = context.span().span_context().is_valid();
            return if has_span { context.clone() } else { context.with_value(self) };
        }
        let Caller { trace_id, span_id, sampling } = self;
        let before = context.span();
        let before = Some(before.span_context()).filter(|it| it.is_remote() && self.is(it));
        if sampling == Sampling::Undecided && before.is_some_and(SpanContext::is_sampled) {
            return context.clone();
        }
        let flags = before.map_or(TraceFlags::NOT_SAMPLED, SpanContext::trace_flags);
        let state = before.map_or(TraceState::NONE, |it| it.trace_state().clone());
        let flags = flags.with_sampled(sampling.is_sampled());
        let span = SpanContext::new(trace_id, span_id, flags, true, state);
        match sampling {
            Sampling::Denied | Sampling::Accepted => context.with_remote_span_context(span),
            Sampling::Undecided | Sampling::Debug => {
                context.with_value(self).with_remote_span_context(span)
            }
        }
    }

    fn is(self, span: &SpanContext) -> bool {
        (self.trace_id, self.span_id) == (span.trace_id(), span.span_id())
    }
}

/// The caller in `context` if it named no span. Once there is a span, that counts.
pub(crate) fn without_span(context: &Context) -> Option<Caller> {
    context.get::<Caller>().copied().filter(|it| !it.has_span() && !context.has_active_span())
}

/// The trace that a caller named without a span in it, for the first span here to begin.
pub(crate) fn trace_without_span(context: &Context) -> Option<TraceId> {
    without_span(context).map(|it| it.trace_id).filter(|it| *it != TraceId::INVALID)
}

/// Whether the span in `context` is that of a caller which left it to others whether to record.
pub(crate) fn is_undecided(context: &Context) -> bool {
    context.get::<Caller>().is_some_and(|it| it.is_undecided_about(context.span().span_context()))
}

impl Caller {
    fn is_undecided_about(self, span: &SpanContext) -> bool {
        // A sampled span of the same ids was read from a header of another format.
        self.sampling == Sampling::Undecided
            && span.is_remote()
            && !span.is_sampled()
            && self.is(span)
    }
}

/// What is to be said in `context` to whoever is called next. `None` where there is nothing to say.
pub(super) fn outgoing(context: &Context) -> Option<Caller> {
    let span = context.span();
    let span = span.span_context();
    if !span.is_valid() {
        return without_span(context);
    }
    let (trace_id, span_id) = (span.trace_id(), span.span_id());
    let decided = if span.is_sampled() { Sampling::Accepted } else { Sampling::Denied };
    let sampling = match context.get::<Caller>() {
        Some(caller) if caller.is_undecided_about(span) => Sampling::Undecided,
        // Debug is of the whole trace, and where no trace was named, of the whole request.
        Some(Caller { sampling: Sampling::Debug, trace_id: of, .. })
            if [trace_id, TraceId::INVALID].contains(of) =>
        {
            Sampling::Debug
        }
        _ => decided,
    };
    Some(Caller { trace_id, span_id, sampling })
}
