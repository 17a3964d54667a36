//! What becomes of a span of an adopted provider if the system's clock is set or the provider panics?
//!
//! The span ends at its start plus the time that has passed by the monotonic clock; the provider would
//! read the system's clock twice. And a panic of a processor or an exporter, which run when the span
//! ends, is caught here.

use std::borrow::Cow;
use std::sync::Once;
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, SpanContext, Status};

use crate::process::stderr;
use crate::process::unwind::caught;
use crate::span::exceptions::{self, EXCEPTION, Event, Exception, Told};
use crate::span::keys::{ERROR_TYPE, UNLESS_SET};

/// By how much two readings that are taken as the same moment may differ.
const AT_ONCE: Duration = Duration::from_millis(10);

/// A span, and when it began by both clocks, the system's and the monotonic one.
#[derive(Debug)]
pub(super) struct Monotonic<S> {
    span: S,
    start: SystemTime,
    began: Instant,
    /// Whether the program has set `error.type`.
    has_error_type: bool,
    /// The exceptions that have an event on it or below it, if something has failed.
    told: Option<Box<Told>>,
}

impl<S> Monotonic<S> {
    /// Wraps the span that `build` makes, which is given the time to begin at.
    pub(super) fn new(has_error_type: bool, build: impl FnOnce(SystemTime) -> S) -> Self {
        let (start, began) = (SystemTime::now(), Instant::now());
        Monotonic { span: build(start), start, began, has_error_type, told: None }
    }

    /// The time to use in place of `time` for this span. If `time` was just read from the system's clock,
    /// and that has been set since the start, it is the start plus the time that has passed. Any other
    /// time stays: somebody has chosen it.
    fn given(&self, time: SystemTime) -> SystemTime {
        given(time, self.start, self.began.elapsed(), SystemTime::now())
    }
}

fn given(
    time: SystemTime,
    start: SystemTime,
    elapsed: Duration,
    by_the_system: SystemTime,
) -> SystemTime {
    let Some(now) = start.checked_add(elapsed) else { return time };
    if apart(time, now) > AT_ONCE && apart(time, by_the_system) <= AT_ONCE { now } else { time }
}

/// What a call into the adopted provider returns, unless it panics.
pub(super) fn guarded<R>(call: impl FnOnce() -> R) -> Option<R> {
    static TOLD: Once = Once::new();
    let tell = |why: String| {
        TOLD.call_once(|| {
            stderr::warn(&format!(
                "the tracer provider that was adopted {why}; the call is not failed for it, and its span \
                 may be lost",
            ));
        });
    };
    caught(call).map_err(tell).ok()
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

impl<S: Span> Monotonic<S> {
    /// The span ends with this exception, or, without one, with an error that has no event.
    #[cold]
    fn fails(&mut self, time: SystemTime, attributes: Vec<KeyValue>, exception: Option<Exception>) {
        if let Some(exception) = exception
            && !self.told.as_ref().is_some_and(|told| told.has(exception))
        {
            self.told.get_or_insert_default().add(exception);
            guarded(|| self.span.add_event_with_timestamp(EXCEPTION, time, attributes));
        }
        Told::leave(&mut self.told, self.span.span_context());
    }
}

impl<S: Span> Span for Monotonic<S> {
    fn add_event_with_timestamp<T>(&mut self, name: T, time: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        let time = self.given(time);
        let name = name.into();
        match exceptions::event(&name, &attributes) {
            Event::Other => {}
            Event::Told(exception) => self.told.get_or_insert_default().add(exception),
            Event::Last(exception) => return self.fails(time, attributes, exception),
        }
        guarded(|| self.span.add_event_with_timestamp(name, time, attributes));
    }

    fn span_context(&self) -> &SpanContext {
        self.span.span_context()
    }

    fn is_recording(&self) -> bool {
        self.span.is_recording()
    }

    fn set_attribute(&mut self, mut attribute: KeyValue) {
        match attribute.key.as_str() {
            UNLESS_SET if self.has_error_type => return,
            UNLESS_SET => attribute.key = ERROR_TYPE.into(),
            ERROR_TYPE => self.has_error_type = true,
            _ => {}
        }
        guarded(|| self.span.set_attribute(attribute));
    }

    fn set_status(&mut self, status: Status) {
        if status == Status::Unset {
            exceptions::receive(|| &mut self.told);
        }
        guarded(|| self.span.set_status(status));
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        guarded(|| self.span.update_name(name));
    }

    fn add_link(&mut self, to: SpanContext, attributes: Vec<KeyValue>) {
        guarded(|| self.span.add_link(to, attributes));
    }

    fn end_with_timestamp(&mut self, time: SystemTime) {
        let time = self.given(time);
        guarded(|| self.span.end_with_timestamp(time));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_changes_no_duration_of_an_adopted_span() {
        let hour = Duration::from_secs(3600);
        let start = SystemTime::UNIX_EPOCH + 100 * hour;
        let second = Duration::from_secs(1);

        for by_the_system in [start + hour, start - hour, start - 200 * hour] {
            let end = given(by_the_system, start, second, by_the_system);
            assert_eq!(end, start + second);
            let chosen = start + Duration::from_millis(300);
            assert_eq!(given(chosen, start, second, by_the_system), chosen);
        }
        let read = start + second + Duration::from_nanos(7);
        assert_eq!(given(read, start, second, read), read, "nobody has set the clock");
    }
}
