//! How does a call end that has started?

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard};

use crate::call::outcome::{self, Failure};
use crate::context;
use crate::process::panics;
use crate::span::callsite::Callsite;
use crate::span::exceptions;
use crate::span::recorder;
use crate::span::started::{Counted, Started};

/// A call that has started and not ended, in the context of its span.
pub(crate) struct Open {
    /// `None` where there is only a context, and nobody asks what becomes of the call.
    callsite: Option<&'static Callsite>,
    context: Context,
    /// What counts the call, where it has no span: a span in the context belongs to somebody else.
    counted: Option<Counted>,
}

/// An open span that is the current one of this thread.
pub(crate) struct Current {
    pub(crate) open: Open,
    /// Whether the thread was unwinding already when the function was called: that panic is not the
    /// function's own.
    unwinding: bool,
    /// `None` where the thread is about to end.
    pub(crate) attached: Option<ContextGuard>,
}

impl Open {
    /// A call that has started; without a callsite, only a context.
    pub(super) fn new(callsite: Option<&'static Callsite>, started: Started) -> Open {
        let Started { context, counted } = started;
        Open { callsite, context, counted }
    }

    /// A context without a span of its own. What runs in it may begin spans.
    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn context_only(context: Context) -> Open {
        Open { callsite: None, context, counted: None }
    }

    /// The context that the span is in.
    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Records that the future was dropped before it was done.
    pub(crate) fn cancelled(self) -> Self {
        if self.is_span() {
            outcome::record_cancellation(&self.context.span());
        }
        self
    }

    /// Makes the span the current one of this thread.
    #[inline]
    pub(crate) fn attach(&self) -> Option<ContextGuard> {
        if self.counted.as_ref().is_some_and(Counted::stays) {
            return None;
        }
        panics::forget_what_is_over();
        context::current::attach(self.context.clone())
    }

    /// Whether there is a span on which to record what became of the call.
    #[inline]
    pub(crate) fn is_span(&self) -> bool {
        self.callsite.is_some() && self.counted.is_none()
    }

    /// Whether what becomes of the call is recorded or counted, so that its result is worth a look.
    #[inline]
    pub(crate) fn has_outcome(&self) -> bool {
        self.callsite.is_some()
    }

    /// Ends the span, even if others hold its context, and only then drops the guard `attached`, which
    /// makes the parent current again.
    #[inline]
    pub(crate) fn finish(self, failure: Option<Failure<'_>>, attached: Option<ContextGuard>) {
        match failure {
            None => self.end(attached),
            Some(failure) => self.failed(failure, attached),
        }
    }

    fn end(mut self, attached: Option<ContextGuard>) {
        if let Some(counted) = self.counted.take() {
            counted.end(None);
        } else if self.is_span() {
            recorder::end(&self.context.span());
            panics::forget_what_is_over();
        }
        drop(self);
        drop(attached);
    }

    #[cold]
    fn failed(mut self, failure: Failure<'_>, attached: Option<ContextGuard>) {
        if let Some(counted) = self.counted.take() {
            let with_text = self.callsite.is_some_and(|it| it.description.text);
            counted.end(Some(&failure.error_type(with_text)));
        } else if let Some(callsite) = self.callsite {
            outcome::record_failure(&self.context.span(), failure, callsite.description.text);
        }
        self.end(attached);
        exceptions::hand_up();
    }

    #[cold]
    pub(crate) fn panicked(mut self, attached: Option<ContextGuard>) {
        if let Some(counted) = self.counted.take() {
            counted.end(Some(&outcome::PANIC));
        } else if let Some(callsite) = self.callsite {
            outcome::record_panic(&self.context.span(), callsite.description.text);
        }
        self.end(attached);
        exceptions::hand_up();
    }
}

impl Current {
    pub(crate) fn new(open: Open) -> Current {
        let attached = open.attach();
        Current { open, unwinding: std::thread::panicking(), attached }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.open.context
    }

    #[inline(never)]
    pub(crate) fn finish(self, failure: Option<Failure<'_>>) {
        self.open.finish(failure, self.attached);
    }

    /// The scope of the span is left, by a return or by unwinding.
    pub(crate) fn left(self) {
        if std::thread::panicking() && !self.unwinding {
            self.open.panicked(self.attached);
        } else {
            self.open.finish(None, self.attached);
        }
    }
}
