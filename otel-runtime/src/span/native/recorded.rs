//! How does a span in a context implement OpenTelemetry's `Span`?

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanContext, Status};

#[cfg(feature = "metrics")]
use super::counted;
use super::local::{self, Local};
use super::open::OpenSpan;
use crate::process::refused;
use crate::record::fields::{self, nanoseconds};
use crate::span::exceptions::{self, EXCEPTION, Event, Exception, Told};
use crate::span::keys::{ERROR_TYPE, UNLESS_SET};

/// Used as an end time: the recorder is to read its own clock.
pub(crate) const NOW: SystemTime = UNIX_EPOCH;

/// A span in its context; empty once the span has ended.
#[derive(Debug)]
pub(super) struct Recorded(pub(super) Option<Box<OpenSpan>>);

impl Recorded {
    #[inline]
    fn end(&mut self, time: Option<u64>) {
        if let Some(mut span) = self.0.take() {
            local::with(|local| {
                end(&mut span, local, time);
                local.give_back(span);
            });
        }
    }
}

impl Span for Recorded {
    fn add_event_with_timestamp<T>(&mut self, name: T, time: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        let Some(span) = &mut self.0 else { return };
        let name = name.into();
        match exceptions::event(&name, &attributes) {
            Event::Other => drop(span.add_event(&name, time, &attributes)),
            Event::Told(exception) => span.add_exception(time, &attributes, exception),
            Event::Last(exception) => span.fails(time, &attributes, exception),
        }
    }

    fn span_context(&self) -> &SpanContext {
        self.0.as_ref().map_or(&SpanContext::NONE, |span| &span.context)
    }

    fn is_recording(&self) -> bool {
        self.0.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let Some(span) = &mut self.0 else { return };
        if attribute.key.as_str() == UNLESS_SET {
            span.set_unless_set(ERROR_TYPE, &attribute.value);
        } else {
            span.set_late(&attribute);
        }
    }

    /// An error may come after another one; nothing comes after `Ok`
    /// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status)). An error that describes
    /// nothing, as those of layers, leaves an earlier description.
    fn set_status(&mut self, status: Status) {
        let Some(span) = &mut self.0 else { return };
        if status == Status::Unset {
            exceptions::receive(|| span.told());
        } else if span.status != Status::Ok && !(status == Status::error("") && span.has_failed()) {
            span.status = status;
        }
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = &mut self.0 {
            span.rename(name.into());
        }
    }

    fn add_link(&mut self, to: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(span) = &mut self.0 {
            span.link_to(&to, &attributes);
        }
    }

    fn end_with_timestamp(&mut self, time: SystemTime) {
        self.end((time != NOW).then(|| nanoseconds(time)));
    }
}

impl Drop for Recorded {
    #[inline]
    fn drop(&mut self) {
        self.end(None);
    }
}

/// Ends the span: now, if no time is given.
#[inline]
fn end(span: &mut OpenSpan, local: &mut Local, time: Option<u64>) {
    let end = match time {
        None => span.began.end(&mut local.clock),
        // A time that the program gives may be any, also one before the start.
        Some(time) => span.began.given(&mut local.clock, time).max(span.finished.start),
    };
    #[cfg(feature = "metrics")]
    if let Some(counts) = &span.native.counts {
        local.follow_fork();
        if span.pid == local.pid {
            counted::count(counts, span, local, end);
        }
    }
    let Some(pipeline) = &span.native.pipeline else { return };
    if !span.finished.trace_flags.is_sampled() && !span.native.recorded_only.is_taken() {
        return;
    }
    local.follow_fork();
    if span.pid != local.pid {
        // The span belongs to the parent process, which sends it.
        return;
    }
    let Some(buffer) = local.buffer(pipeline) else { return refused::refuse() };
    if let Some(sieve) = span.sieve {
        sieve.end(span, buffer, end);
    } else {
        span.complete();
        buffer.ended(&span.finished, end, &span.fields);
    }
}

impl OpenSpan {
    /// Adds an event; returns whether it was within the limit.
    fn add_event(&mut self, name: &str, time: SystemTime, attributes: &[KeyValue]) -> bool {
        let limits = &self.native.limits;
        let fits = self.events.one_more(limits.events_per_span);
        if fits {
            let time = local::with(|local| self.began.given(&mut local.clock, nanoseconds(time)));
            fields::event(&mut self.fields, name, time, attributes, 0, limits);
        }
        fits
    }

    /// The exceptions that have an event on this span or below it.
    fn told(&mut self) -> &mut Option<Box<Told>> {
        &mut self.seldom.get_or_insert_default().told
    }

    #[cold]
    fn add_exception(&mut self, time: SystemTime, attributes: &[KeyValue], exception: Exception) {
        if self.add_event(EXCEPTION, time, attributes) {
            self.told().get_or_insert_default().add(exception);
        }
    }

    /// The span ends with this exception, or, without one, with an error that has no event.
    #[cold]
    fn fails(&mut self, time: SystemTime, attributes: &[KeyValue], exception: Option<Exception>) {
        if let Some(exception) = exception
            && !self.told().as_ref().is_some_and(|told| told.has(exception))
        {
            self.add_exception(time, attributes, exception);
        }
        if let Some(seldom) = &mut self.seldom {
            Told::leave(&mut seldom.told, &self.context);
        }
    }
}
