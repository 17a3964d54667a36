//! What is known of a span while it is open?

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::trace::{SpanContext, SpanId, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};

use super::clock::Moment;
use super::function::Sieve;
use super::seldom::Seldom;
use super::shared::Native;
use crate::context::mark::Mark;
use crate::record::fields;
use crate::record::wire::Message;
use crate::record::{Fields, Finished, Function, Origin, attributes, field};
use crate::span::callsite::Description;

/// The flags of a trace that begins here and is not sampled. They say that the trace id is random, which
/// samplers of other services rely on.
pub(super) const RANDOM: TraceFlags = TraceFlags::new(0b10);

/// How many bytes of fields a typical span has: the capacity that a record keeps when it is reused.
const COMMON: usize = 256;
const LARGEST_KEPT: usize = 2048;

/// A span. [`Recorded`](super::recorded::Recorded) gives it the interface of OpenTelemetry's `Span`.
#[derive(Debug)]
pub(crate) struct OpenSpan {
    pub(super) native: &'static Native,
    pub(super) context: SpanContext,
    /// All but the end of the span.
    pub(super) finished: Finished,
    /// When it began, by both clocks: its end is computed from this.
    pub(super) began: Moment,
    /// The id of the process that it began in.
    pub(super) pid: u32,
    /// Both until the span starts. `base`: the context to start in, if not the one that is current then.
    pub(super) decision: Decision,
    pub(super) base: Option<Box<Context>>,
    /// The context of what the call does, where the sampler was asked first, and there is no span.
    pub(super) dropped: Option<Context>,
    pub(super) fields: Fields,
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) status: Status,
    pub(super) attributes: Counted,
    /// What only few spans need.
    pub(super) seldom: Option<Box<Seldom>>,
    pub(super) events: Counted,
    pub(super) links: Counted,
    /// Whether it may not be sent in the end.
    pub(super) sieve: Option<&'static Sieve>,
    pub(super) mark: Option<Arc<Mark>>,
}

/// What is known about whether a span that is about to start is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It hangs under the current span, and the sampler has to be asked, once everything is set that it
    /// may look at.
    Open,
    /// As `Open`, but it hangs already where it is to hang.
    Placed,
    /// It is not recorded, and its context is known.
    Dropped,
    /// As `Dropped`, in the context that is current: there is nothing to do but to count the call.
    #[cfg(feature = "metrics")]
    Stays,
    /// It is recorded, with the attributes of the call alone.
    Recorded,
    /// It is recorded, and the sampler or the context that it starts in may add attributes.
    WithAttributes,
}

impl Decision {
    /// Whether it is not recorded.
    #[inline]
    pub(super) fn is_dropped(self) -> bool {
        match self {
            Decision::Dropped => true,
            #[cfg(feature = "metrics")]
            Decision::Stays => true,
            _ => false,
        }
    }
}

/// How many were kept, and how many were dropped.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) kept: u32,
    dropped: u32,
}

impl Counted {
    /// Whether there was any, kept or dropped.
    pub(super) fn has_any(self) -> bool {
        self.kept != 0 || self.dropped != 0
    }

    /// Counts one more; returns false if it is over the limit.
    #[inline]
    pub(super) fn one_more(&mut self, limit: u32) -> bool {
        let fits = self.kept < limit;
        if fits {
            self.kept += 1;
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        fits
    }
}

impl OpenSpan {
    #[cold]
    pub(super) fn new(native: &'static Native, function: &'static Function) -> OpenSpan {
        OpenSpan {
            native,
            context: SpanContext::NONE,
            finished: Finished::of(function),
            began: Moment::default(),
            pid: 0,
            decision: Decision::Open,
            base: None,
            dropped: None,
            fields: Fields::with_capacity(COMMON),
            name: None,
            status: Status::Unset,
            attributes: Counted::default(),
            seldom: None,
            events: Counted::default(),
            links: Counted::default(),
            sieve: None,
            mark: None,
        }
    }

    #[inline]
    pub(super) fn is_of(
        &mut self,
        native: &'static Native,
        description: &Description,
        function: &'static Function,
        sieve: Option<&'static Sieve>,
    ) {
        self.native = native;
        self.finished.origin = Origin::Function(function);
        self.finished.kind = description.kind.clone();
        self.sieve = sieve;
    }

    /// Sets the parent, and with it the trace.
    #[expect(clippy::inline_always, reason = "every span that begins comes through here")]
    #[inline(always)]
    pub(super) fn hang(&mut self, above: &SpanContext, new_trace_id: impl FnOnce() -> TraceId) {
        let finished = &mut self.finished;
        if above.is_valid() {
            finished.trace_id = above.trace_id();
            finished.trace_flags = above.trace_flags();
            finished.parent_span_id = above.span_id();
            finished.parent_span_is_remote = above.is_remote();
        } else {
            finished.trace_id = new_trace_id();
            finished.trace_flags = RANDOM;
            finished.parent_span_id = SpanId::INVALID;
            finished.parent_span_is_remote = false;
        }
        // Written long before it is copied: a read of what has just been written in smaller parts is
        // slower than it looks.
        self.set_context(above.trace_state().clone());
    }

    /// Puts a span without a parent into the trace that its caller named, if it named one. Whether that id
    /// is random is not known.
    pub(super) fn continue_trace(&mut self, trace_id: TraceId) {
        if trace_id != TraceId::INVALID && self.finished.parent_span_id == SpanId::INVALID {
            self.finished.trace_id = trace_id;
            self.finished.trace_flags = TraceFlags::NOT_SAMPLED;
            self.set_context(self.context.trace_state().clone());
        }
    }

    #[inline]
    pub(super) fn set_context(&mut self, trace_state: TraceState) {
        let Finished { trace_id, span_id, trace_flags, .. } = self.finished;
        self.context = SpanContext::new(trace_id, span_id, trace_flags, false, trace_state);
    }

    pub(super) fn is_under_local_sampled(&self) -> bool {
        self.finished.trace_flags.is_sampled() && !self.finished.parent_span_is_remote
    }

    pub(super) fn function_name(&self) -> &'static str {
        match &self.finished.origin {
            Origin::Function(function) => function.name,
            Origin::Library(_) => "",
        }
    }

    #[inline]
    pub(super) fn begins(&mut self, now: Moment) {
        self.began = now;
        self.finished.start = now.system;
    }

    /// Whether it is recorded and not sampled, and goes to the pipeline all the same.
    #[inline]
    pub(super) fn is_recorded_only(&self) -> bool {
        self.native.recorded_only.is_taken() && !self.finished.trace_flags.is_sampled()
    }

    /// Resets it to a new span, but keeps its memory.
    #[inline]
    pub(super) fn clear(&mut self) {
        let OpenSpan {
            native: _,
            context: _,
            finished,
            began: _,
            pid: _,
            decision: _,
            base,
            dropped,
            fields,
            name,
            status,
            attributes,
            seldom,
            events,
            links,
            sieve,
            mark,
        } = self;
        (finished.named, finished.placed) = (false, false);
        if fields.capacity() > LARGEST_KEPT {
            *fields = Fields::with_capacity(COMMON);
        } else {
            fields.clear();
        }
        *base = None;
        *dropped = None;
        *seldom = None;
        *name = None;
        *status = Status::Unset;
        (*attributes, *events, *links) = Default::default();
        *sieve = None;
        *mark = None;
    }

    pub(super) fn rename(&mut self, name: Cow<'static, str>) {
        self.finished.named = true;
        self.name = Some(name);
    }

    pub(super) fn link_to(&mut self, to: &SpanContext, attributes: &[KeyValue]) {
        let limits = &self.native.limits;
        if self.links.one_more(limits.links_per_span) {
            fields::link(&mut self.fields, to, attributes, 0, limits);
        }
    }

    #[inline]
    pub(super) fn has_failed(&self) -> bool {
        matches!(self.status, Status::Error { .. })
    }

    /// Whether it has failed, or was handed on: to a child, another process, or work that runs elsewhere.
    pub(super) fn says_much(&self) -> bool {
        self.has_failed() || self.mark.as_ref().is_some_and(|mark| mark.is_handed_on())
    }

    /// Writes the fields that could have changed until the end.
    #[inline]
    pub(super) fn complete(&mut self) {
        let fields = &mut self.fields;
        let keys = self.seldom.as_ref().and_then(|seldom| seldom.keys.as_ref());
        if keys.is_some_and(|keys| keys.overridden > 0) {
            attributes::keep_last(fields);
        }
        fields::trace_state(fields, field::span::TRACE_STATE, self.context.trace_state());
        if let Some(name) = &self.name {
            fields.text(field::span::NAME, name);
        }
        if (self.attributes.dropped | self.events.dropped | self.links.dropped) != 0 {
            for (number, counted) in [
                (field::span::DROPPED_ATTRIBUTES, self.attributes),
                (field::span::DROPPED_EVENTS, self.events),
                (field::span::DROPPED_LINKS, self.links),
            ] {
                fields.number(number, u64::from(counted.dropped));
            }
        }
        fields::status(fields, &self.status);
    }
}
