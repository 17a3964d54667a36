//! Which exceptions need no event any more, since a span below has one?
//!
//! An error that passes up through several spans is an event of the innermost one that saw it. A span that
//! ends with an error hands to the span that is current then, which is that of its caller, whatever was told
//! on it and below it:
//!
//! ```text
//! load   fails "disk full"           an event            told: [disk full]
//!   ↓
//! save   fails "disk full"           told below          told: [disk full]
//!   ↓
//! order  fails "order 7: disk full"  an event: it grew   told: [disk full, order 7: disk full]
//! ```
//!
//! A span is nobody's to ask: an OpenTelemetry context hides of which type it is. So both recorders know two
//! calls that mean more than they say, and that mean nothing to any other span. An event by the name
//! [`UNLESS_TOLD`] is added unless it was told, and what was told leaves the span. To set a status that is
//! unset, which no span heeds, is to take what has left the span below.

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

/// Takes the place of [`EXCEPTION`] where the event is one only if nobody has told it. Without attributes
/// nothing is to be told, as under `skip_pii`; what was told below is handed on all the same.
const UNLESS_TOLD: &str = "exception, unless told";

/// How many exceptions a span remembers: of more, the last.
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

/// Adds the event of an exception to a span that is about to end, unless a span below has it. Without
/// attributes there is none to add.
pub(crate) fn add_last(span: &SpanRef<'_>, attributes: Vec<KeyValue>) {
    if !ON_EVERY_SPAN.load(Ordering::Relaxed) {
        span.add_event(UNLESS_TOLD, attributes);
    } else if !attributes.is_empty() {
        span.add_event(EXCEPTION, attributes);
    }
}

/// What is to become of an event.
pub(crate) enum Event {
    /// It is none of an exception.
    Other,
    /// It is added, and what it tells remembered.
    Told(Exception),
    /// It is added unless it was told, and the span ends.
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

/// What tells one exception from another: its message, or without one its type; of a panic, its place too.
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
        // A message is none that is equal to a type.
        Exception(match (message, exception_type) {
            (Some(message), _) => hash(hash(place, "message"), &message.as_str()),
            (None, Some(exception_type)) => hash(hash(place, "type"), &exception_type.as_str()),
            (None, None) => place,
        })
    }
}

const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: few texts are compared, and short ones. The last step keeps two texts from being one.
fn hash(before: u64, text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    step(text.bytes().fold(before, step), 0xff)
}

/// What was told on a span and below it. Few spans have any.
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

    /// Lets all of it leave a span that ends with an error.
    pub(crate) fn leave(this: &mut Option<Box<Told>>, span: &SpanContext) {
        // Of a span that nobody sees, nobody sees the event.
        let told = this.take().filter(|_| span.is_sampled());
        leaving(told.map(|told| Leaving { trace_id: span.trace_id(), told }));
    }
}

/// What was told on a span that has ended, on its way to the span of its caller.
struct Leaving {
    trace_id: TraceId,
    told: Box<Told>,
}

thread_local! {
    static LEAVING: Cell<Option<Leaving>> = const { Cell::new(None) };
}

/// A status that is unset was set: what has left the span below, if anything has, is remembered here.
pub(crate) fn receive<'a>(here: impl FnOnce() -> &'a mut Option<Box<Told>>) {
    let Some(Leaving { told, .. }) = leaving(None) else { return };
    match here() {
        Some(here) => told.0.iter().for_each(|exception| here.add(*exception)),
        here @ None => *here = Some(told),
    }
}

/// Puts this on its way, in place of what was. Nothing is on a dying thread.
fn leaving(next: Option<Leaving>) -> Option<Leaving> {
    LEAVING.try_with(|leaving| leaving.replace(next)).ok()?
}

/// A span has ended with an error, and its caller's is current again: what was told is handed to that.
#[cold]
pub(crate) fn hand_up() {
    let Some(told) = leaving(None) else { return };
    let Some(caller) = current::get() else { return };
    let span = caller.span();
    // Whoever looks at another trace finds no event of this one there.
    if span.span_context().trace_id() != told.trace_id || span.span_context().is_remote() {
        return;
    }
    leaving(Some(told));
    // It may be anybody's.
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
