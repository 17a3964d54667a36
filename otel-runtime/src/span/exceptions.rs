//! Which exceptions need no event, since a span below has one already?
//!
//! An error that passes up through several spans is an event of the innermost one that saw it. A span
//! that ends with an error hands on, to the span of its caller, the list of exceptions that have an event
//! on it or below it, called `told` here:
//!
//! ```text
//! load   fails "disk full"           an event            told: [disk full]
//!   ↓
//! save   fails "disk full"           told below          told: [disk full]
//!   ↓
//! order  fails "order 7: disk full"  an event: it grew   told: [disk full, order 7: disk full]
//! ```
//!
//! An OpenTelemetry context hides the type of its span, so a span cannot be asked for that list. Instead,
//! both recorders give two calls of the API a second meaning, which no other span knows. An event with
//! the name [`UNLESS_TOLD`] is added unless its exception is in the list, and the list then leaves the
//! span. And a call that sets the status to `Unset`, which every other span ignores, makes the span take
//! in the list that has left the span below.

use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{SpanContext, SpanRef, Status, TraceContextExt};
use opentelemetry::{KeyValue, TraceId};

use crate::context::current;
use crate::process::unwind::caught;

/// The name of an exception event.
pub(crate) const EXCEPTION: &str = "exception";

/// Takes the place of [`EXCEPTION`] for an event that is added only if no span below has it. Without
/// attributes, as under `skip_pii`, there is no event to add; the list from below is handed on all the
/// same.
const UNLESS_TOLD: &str = "exception, unless told";

/// How many exceptions a span remembers; if there are more, the last ones.
const MOST: usize = 64;

/// Which of the spans that an error or a panic passes have an `exception` event of it. All of them have the
/// status and `error.type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ExceptionEvents {
    /// The innermost one that saw it, as the
    /// [conventions](https://opentelemetry.io/docs/specs/semconv/general/recording-errors/) advise; written
    /// `once`.
    ///
    /// It is the same error as long as its text is the same, whatever type it is converted to. A text that
    /// has grown on the way, by a context that was added, is a new event. It is followed from a span to that
    /// of the caller in the same trace, across threads and tasks: to the span that is current where the
    /// callee's has ended.
    #[default]
    Once,
    /// Every one; written `every_span`.
    EverySpan,
}

/// As it is written in `OTEL_TRACED_EXCEPTION_EVENTS`.
impl fmt::Display for ExceptionEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ExceptionEvents::Once => "once",
            ExceptionEvents::EverySpan => "every_span",
        })
    }
}

/// Whether every span that an error passes has an event.
static ON_EVERY_SPAN: AtomicBool = AtomicBool::new(false);

/// Says which spans have `exception` events from now on, for the whole process: what
/// [`Builder::exception_events`](crate::Builder::exception_events) does for `init`, for a program that calls
/// [`adopt`](crate::adopt), which reads no variables.
///
/// ```
/// otel_runtime::set_exception_events(otel_runtime::ExceptionEvents::EverySpan);
/// ```
pub fn set_exception_events(events: ExceptionEvents) {
    ON_EVERY_SPAN.store(events == ExceptionEvents::EverySpan, Ordering::Relaxed);
}

/// Adds an exception event to a span that is about to end, unless a span below has it. Without attributes
/// there is no event to add.
pub(crate) fn add_last(span: &SpanRef<'_>, attributes: Vec<KeyValue>) {
    if !ON_EVERY_SPAN.load(Ordering::Relaxed) {
        span.add_event(UNLESS_TOLD, attributes);
    } else if !attributes.is_empty() {
        span.add_event(EXCEPTION, attributes);
    }
}

/// What to do with an event.
pub(crate) enum Event {
    /// It is not an exception event.
    Other,
    /// The event is added, and its exception remembered.
    Told(Exception),
    /// The event is added unless its exception was remembered, and the span is about to end.
    Last(Option<Exception>),
}

/// What an event with this name is.
#[inline]
pub(crate) fn event(name: &str, attributes: &[KeyValue]) -> Event {
    if name == EXCEPTION {
        Event::Told(Exception::of(attributes))
    } else if name == UNLESS_TOLD {
        Event::Last((!attributes.is_empty()).then(|| Exception::of(attributes)))
    } else {
        Event::Other
    }
}

/// What distinguishes exceptions: the message, or without one the type; for a panic, also the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exception(u64);

impl Exception {
    fn of(attributes: &[KeyValue]) -> Exception {
        let (mut message, mut exception_type, mut place) = (None, None, NOTHING);
        for KeyValue { key, value, .. } in attributes {
            match key.as_str() {
                "exception.message" => message = Some(value),
                "exception.type" => exception_type = Some(value),
                "code.file.path" | "code.line.number" => place = hash(place, &value.as_str()),
                _ => {}
            }
        }
        // Hashed in different ways, so that a message never equals a type.
        Exception(match (message, exception_type) {
            (Some(message), _) => hash(hash(place, "message"), &message.as_str()),
            (None, Some(exception_type)) => hash(hash(place, "type"), &exception_type.as_str()),
            (None, None) => place,
        })
    }
}

const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, since few and short texts are compared. The last step marks the end of the text, so that `ab`,
/// `c` and `a`, `bc` differ.
fn hash(before: u64, text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    step(text.bytes().fold(before, step), 0xff)
}

/// The exceptions that have an event on a span or below it. Few spans have any.
#[derive(Debug, Default)]
pub(crate) struct Told(VecDeque<Exception>);

impl Told {
    pub(crate) fn has(&self, exception: Exception) -> bool {
        self.0.contains(&exception)
    }

    pub(crate) fn add(&mut self, exception: Exception) {
        if self.has(exception) {
            return;
        }
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(exception);
    }

    /// Takes the whole list out of a span that ends with an error.
    pub(crate) fn leave(this: &mut Option<Box<Told>>, span: &SpanContext) {
        // If the span is not sampled, nobody sees its event either.
        let told = this.take().filter(|_| span.is_sampled());
        leaving(told.map(|told| Leaving { trace_id: span.trace_id(), told }));
    }
}

/// The exceptions of a span that has ended, on their way to the span of its caller.
struct Leaving {
    trace_id: TraceId,
    told: Box<Told>,
}

thread_local! {
    static LEAVING: Cell<Option<Leaving>> = const { Cell::new(None) };
}

/// Called when the status is set to `Unset`: remembers here the exceptions that have left the span below,
/// if any.
pub(crate) fn receive<'a>(here: impl FnOnce() -> &'a mut Option<Box<Told>>) {
    let Some(Leaving { told, .. }) = leaving(None) else { return };
    match here() {
        Some(here) => told.0.iter().for_each(|exception| here.add(*exception)),
        here @ None => *here = Some(told),
    }
}

/// Puts `next` on its way, and returns what was there. On a dying thread there is nothing.
fn leaving(next: Option<Leaving>) -> Option<Leaving> {
    LEAVING.try_with(|leaving| leaving.replace(next)).ok()?
}

/// Called when a span has ended with an error and its caller's is current again: hands the exceptions to
/// that.
#[cold]
pub(crate) fn hand_up() {
    let Some(told) = leaving(None) else { return };
    let Some(caller) = current::get() else { return };
    let span = caller.span();
    // The event is in another trace, where the reader of the caller's trace would not find it.
    if span.span_context().trace_id() != told.trace_id || span.span_context().is_remote() {
        return;
    }
    leaving(Some(told));
    // The span may be of any library, and panic.
    let _ = caught(|| span.set_status(Status::Unset));
    leaving(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_remembers_the_last_exceptions() {
        let mut told = Told::default();
        for number in 0..1000 {
            told.add(Exception(number));
            told.add(Exception(number));
        }
        assert_eq!(told.0.len(), MOST);
        assert!(told.has(Exception(999)) && !told.has(Exception(0)));
    }

    #[test]
    fn exceptions_differ_by_their_message_or_else_their_type_and_panics_by_their_place() {
        let of = |attributes: &[(&'static str, &'static str)]| {
            let attributes = attributes.iter().map(|(key, value)| KeyValue::new(*key, *value));
            Exception::of(&attributes.collect::<Vec<_>>())
        };
        let one = of(&[("exception.type", "A"), ("exception.message", "disk full")]);

        assert_eq!(one, of(&[("exception.type", "B"), ("exception.message", "disk full")]));
        assert_eq!(one, of(&[("exception.message", "disk full"), ("exception.stacktrace", "..")]));
        assert_ne!(one, of(&[("exception.type", "A"), ("exception.message", "a: disk full")]));
        assert_ne!(one, of(&[("exception.type", "disk full")]));
        assert_ne!(of(&[("exception.type", "A")]), of(&[("exception.type", "B")]));
        let panic = |line| of(&[("exception.message", "disk full"), ("code.line.number", line)]);
        assert_ne!(one, panic("1"));
        assert_ne!(panic("1"), panic("2"));
        assert_eq!(panic("1"), panic("1"));
    }
}
