//! How does a layer give a request a span?

#![cfg_attr(
    not(feature = "tower"),
    allow(dead_code, reason = "messages need less of it than requests")
)]

use std::borrow::Cow;
use std::mem;

#[cfg(feature = "messaging")]
use opentelemetry::trace::Link;
use opentelemetry::trace::{SpanContext, SpanRef, Status, TraceContextExt};
use opentelemetry::{Context, ContextGuard, Key, KeyValue, Value};

use crate::call::lost;
use crate::call::open::{Current, Open};
use crate::call::outcome::{self, Failure};
use crate::call::stack::Guard;
use crate::call::start::Start;
use crate::context::current::current;
use crate::context::switch;
use crate::process::unwind::caught;
use crate::span::callsite::Callsite;

/// What a closure of the program returns. If it panics, the value is left out and counted, and
/// stderr says so once.
pub(crate) fn asked<R>(callsite: &'static Callsite, closure: impl FnOnce() -> R) -> Option<R> {
    let answer = caught(closure);
    if answer.is_err() {
        lost::count(callsite);
    }
    answer.ok()
}

/// A request, a call or a message that goes through a layer, with its span, if it has one. Without a span (the
/// filter leaves it out, tracing is disabled), it may still have its caller's context, as a function with
/// `parent` has.
///
/// It may be moved to other threads, and ends once: by [`end`](Operation::end), by a panic inside
/// [`run`](Operation::run), or, dropped before that, as cancelled.
#[derive(Default)]
pub(crate) struct Operation {
    state: State,
    /// Whether being cancelled counts as an error.
    cancelled_is_error: bool,
    /// The sampler was asked first, and has dropped its span, whose ids are in the context all the same.
    is_dropped: bool,
}

#[derive(Default)]
enum State {
    /// It has neither a span nor a context of its own, or has them no longer.
    #[default]
    Nothing,
    Open(Open),
    /// It is being dropped, and its span is current, at this depth of the thread's stack of contexts.
    Leaving(usize),
}

impl Operation {
    /// Starts a span, if `callsite` is on. `describe` sets what the sampler is to see: name, parent, links and
    /// attributes. Where it sets a parent, it need not evaluate the rest unless the span
    /// [`is_wanted`](Start::is_wanted) under it.
    #[inline]
    pub(crate) fn start(
        callsite: &'static Callsite,
        describe: impl FnOnce(&mut Start),
    ) -> Operation {
        if callsite.is_off() {
            return Operation::default();
        }
        let Some(mut start) = Start::new(callsite) else { return Operation::default() };
        if !start.is_dropped() {
            describe(&mut start);
        }
        let is_dropped = start.is_dropped();
        let mut operation = Operation::of(start.open());
        operation.is_dropped = is_dropped;
        operation
    }

    /// Has no span, and nothing that runs in it has one. The caller's `context` is still passed on.
    pub(crate) fn left_out(context: &Context) -> Operation {
        if !switch::is_on() {
            return Operation::default();
        }
        Operation::of(Open::context_only(context.with_telemetry_suppressed()))
    }

    fn of(open: Open) -> Operation {
        Operation { state: State::Open(open), cancelled_is_error: false, is_dropped: false }
    }

    /// By the HTTP conventions, a server whose response could not be handed over has failed, for whatever reason.
    pub(crate) fn cancelled_is_error(mut self) -> Operation {
        self.cancelled_is_error = true;
        self
    }

    fn open(&self) -> Option<&Open> {
        match &self.state {
            State::Open(open) => Some(open),
            State::Nothing | State::Leaving(_) => None,
        }
    }

    fn take(&mut self) -> Option<Open> {
        match mem::take(&mut self.state) {
            State::Open(open) => Some(open),
            State::Nothing => None,
            State::Leaving(depth) => {
                self.state = State::Leaving(depth);
                None
            }
        }
    }

    /// The span, unless it belongs to somebody else, such as the caller.
    fn span(&self) -> Option<SpanRef<'_>> {
        self.open().filter(|open| open.is_span()).map(|open| open.context().span())
    }

    /// Whether the span is recorded, so that it is worth evaluating attributes.
    pub(crate) fn is_recording(&self) -> bool {
        self.span().is_some_and(|span| span.is_recording())
    }

    /// The ids of the span, sampled or not; `None` without a span.
    pub(crate) fn span_context(&self) -> Option<SpanContext> {
        let open = self.open().filter(|open| open.is_span() || self.is_dropped)?;
        Some(open.context().span().span_context().clone()).filter(SpanContext::is_valid)
    }

    /// The context of what runs in it: its own, or else the current one.
    pub(crate) fn context(&self) -> Context {
        self.open().map_or_else(current, |open| open.context().clone())
    }

    /// Calls, polls or drops what belongs to it, in its context. If that panics, it ends with the panic,
    /// which goes on.
    #[inline]
    pub(crate) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        self.run_or(work, |_| {})
    }

    /// The same; if `work` panics, `at_panic` may set attributes before the end.
    #[inline]
    pub(crate) fn run_or<R>(&mut self, work: impl FnOnce() -> R, at_panic: fn(&Operation)) -> R {
        let attached = self.open().and_then(Open::attach);
        let mut unwinding = Unwinding { operation: self, attached, at_panic };
        let result = work();
        let attached = unwinding.attached.take();
        mem::forget(unwinding);
        drop(attached);
        result
    }

    /// Sets an attribute. The last value of a key stays.
    pub(crate) fn set(&self, key: impl Into<Key>, value: impl Into<Value>) {
        if let Some(span) = self.span() {
            span.set_attribute(KeyValue::new(key, value));
        }
    }

    /// Links it to another span.
    #[cfg(feature = "messaging")]
    pub(crate) fn link(&self, link: Link) {
        if let Some(span) = self.span() {
            span.add_link(link.span_context, link.attributes);
        }
    }

    /// Gives it another name.
    #[allow(dead_code, reason = "a call by gRPC may turn out to have no method that is known")]
    pub(crate) fn rename(&self, name: impl Into<Cow<'static, str>>) {
        if let Some(span) = self.span() {
            span.update_name(name);
        }
    }

    /// Marks it as an error, with this `error.type` unless one was set before, and without a text.
    pub(crate) fn fail_as(&self, error_type: impl Into<Cow<'static, str>>) {
        if let Some(span) = self.span() {
            outcome::set_error_type(&span, error_type.into());
            span.set_status(Status::error(""));
        }
    }

    /// Marks it as cancelled: nobody waits for it any more.
    pub(crate) fn cancel(&self) {
        if let Some(span) = self.span() {
            outcome::record_cancellation(&span);
            if self.cancelled_is_error {
                outcome::set_error_type(&span, "cancelled".into());
                span.set_status(Status::error(""));
            }
        }
    }

    /// Ends it.
    pub(crate) fn end(&mut self) {
        if let Some(open) = self.take() {
            open.finish(None, None);
        }
    }

    /// Ends it, but keeps its context, in which what goes on, such as a body, still runs.
    pub(crate) fn end_and_stay(&mut self) {
        if let Some(open) = self.take() {
            let context = open.context().clone();
            open.finish(None, None);
            self.state = State::Open(Open::context_only(context));
        }
    }

    /// Ends it as an error, with an exception event.
    pub(crate) fn end_failed(&mut self, failure: Failure<'_>) {
        if let Some(open) = self.take() {
            open.finish(Some(failure), None);
        }
    }

    /// To be called when the struct that holds it is about to be dropped. Its context is current while the fields
    /// before it are dropped, and it ends when it is dropped itself.
    #[cold]
    pub(crate) fn leave(&mut self) {
        if let Some(open) = self.take() {
            self.state = State::Leaving(Guard::new(Current::new(open)).into_depth());
        }
    }

    /// Whether it can still end.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }
}

impl Drop for Operation {
    #[inline]
    fn drop(&mut self) {
        match self.state {
            State::Nothing => {}
            State::Open(_) => {
                self.cancel();
                self.end();
            }
            State::Leaving(depth) => drop(Guard::at(depth)),
        }
    }
}

/// Is dropped only if what runs in the operation panics; then ends the operation with that panic.
struct Unwinding<'a> {
    operation: &'a mut Operation,
    attached: Option<ContextGuard>,
    at_panic: fn(&Operation),
}

impl Drop for Unwinding<'_> {
    #[cold]
    fn drop(&mut self) {
        (self.at_panic)(self.operation);
        if let Some(open) = self.operation.take() {
            open.panicked(self.attached.take());
        }
    }
}
