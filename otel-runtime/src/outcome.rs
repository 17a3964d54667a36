//! What became of a call?

use std::convert::Infallible;
use std::fmt::Display;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status, TraceContextExt};

use crate::context;
use crate::panics;
use crate::unwind::caught;
use crate::value::{Value, text};

/// A result that counts as an error.
pub struct Failure<'a> {
    /// `None` where the result is an error only because `ok_if` or `error_if` says so.
    type_name: Option<&'static str>,
    text: Value<'a>,
}

impl<'a> Failure<'a> {
    /// A failure of the type of `error`, described by `text`.
    pub fn new<E: ?Sized>(_error: &E, text: Value<'a>) -> Self {
        Failure { type_name: Some(std::any::type_name::<E>()), text }
    }
}

/// Looks at a value whose type an expansion cannot know: methods of the type itself come before
/// those of a trait, and a trait for `&Probe` before one for `Probe`.
pub struct Probe<'a, T: ?Sized>(pub &'a T);

impl<'a, T, E> Probe<'a, Result<T, E>> {
    /// The error of a `core::result::Result`.
    #[must_use]
    pub fn error(&self) -> Option<&'a E> {
        self.0.as_ref().err()
    }

    /// The value of a `core::result::Result`.
    #[must_use]
    pub fn returned(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// Any other type that is called `Result` has no error to record.
pub trait NotAResult<'a, T: ?Sized> {
    /// Nothing.
    fn error(&self) -> Option<&'static Infallible> {
        None
    }

    /// The value itself.
    fn returned(&self) -> Option<&'a T>;
}

impl<'a, T: ?Sized> NotAResult<'a, T> for Probe<'a, T> {
    fn returned(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

/// An error that can say what happened.
pub trait Described<'a> {
    /// The failure, with its text.
    fn failure(&self) -> Failure<'a>;
}

impl<'a, E: Display> Described<'a> for &Probe<'a, E> {
    fn failure(&self) -> Failure<'a> {
        Failure::new(self.0, Value::Display(self.0))
    }
}

/// An error that only has a type.
pub trait Undescribed<'a> {
    /// The failure, by its type's name.
    fn failure(&self) -> Failure<'a>;
}

impl<'a, E> Undescribed<'a> for Probe<'a, E> {
    fn failure(&self) -> Failure<'a> {
        Failure::new(self.0, Value::Absent)
    }
}

/// The error of a result, where the attribute says that there is one.
pub fn error_of<T, E>(result: &Result<T, E>) -> Option<&E> {
    result.as_ref().err()
}

/// `err = %`, the default: whether a value whose type is called `Result` holds an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __failure {
    ($result:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::{Described as _, NotAResult as _, Undescribed as _};
        match $crate::__private::Probe($result).error() {
            ::core::option::Option::Some(error) => {
                ::core::option::Option::Some((&&$crate::__private::Probe(error)).failure())
            }
            ::core::option::Option::None => ::core::option::Option::None,
        }
    }};
}
pub use __failure as failure;

/// Status, `error.type` and one exception event, by the
/// [conventions](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/).
#[cold]
pub(crate) fn record_failure(span: &SpanRef<'_>, failure: Failure<'_>, with_text: bool) {
    if !span.is_recording() {
        return;
    }
    let Some(type_name) = failure.type_name else {
        // What the convention has for an error without a type.
        span.set_attribute(KeyValue::new("error.type", "_OTHER"));
        span.set_status(Status::error(""));
        return;
    };
    span.set_attribute(KeyValue::new("error.type", type_name));
    if !with_text {
        span.set_status(Status::error(""));
        return;
    }
    let message = failure.text.record().map(|text| text.to_string());
    let mut event = vec![KeyValue::new("exception.type", type_name)];
    event.extend(message.clone().map(|message| KeyValue::new("exception.message", message)));
    span.add_event("exception", event);
    span.set_status(Status::error(message.unwrap_or_default()));
}

#[cold]
pub(crate) fn record_panic(span: &SpanRef<'_>, with_text: bool) {
    let panic = if with_text {
        panics::unwinding()
    } else {
        panics::keep_private();
        None
    };
    if !span.is_recording() {
        return;
    }
    span.set_attribute(KeyValue::new("error.type", "panic"));
    let Some(panic) = panic else {
        span.set_status(Status::error("panic"));
        return;
    };
    span.add_event(
        "exception",
        vec![
            KeyValue::new("exception.type", "panic"),
            KeyValue::new("exception.message", panic.message.clone()),
            KeyValue::new("code.file.path", panic.file),
            KeyValue::new("code.line.number", i64::from(panic.line)),
        ],
    );
    span.set_status(Status::error(panic.message));
}

#[cold]
pub(crate) fn record_cancellation(span: &SpanRef<'_>) {
    span.set_attribute(KeyValue::new("traced.outcome", "cancelled"));
}

/// `err = |error| ...`: what the closure makes of the error.
pub fn described<E, D: Display>(error: &E, describe: impl FnOnce(&E) -> D) -> Failure<'static> {
    let text = part(error, |error| text(&describe(error)));
    Failure::new(error, text.map_or(Value::Absent, |text| Value::Owned(text.into())))
}

/// `error_if = |ret| ...`: a result is an error where the closure says so, and only there.
pub fn error_if<'a, R>(
    result: &'a R,
    is_error: impl FnOnce(&'a R) -> bool,
    failure: impl FnOnce() -> Option<Failure<'a>>,
) -> Option<Failure<'a>> {
    if part(result, is_error)? { Some(failure().unwrap_or(UNTYPED)) } else { None }
}

/// `ok_if = |ret| ...`: a result is an error unless the closure says otherwise.
pub fn ok_if<'a, R>(
    result: &'a R,
    is_ok: impl FnOnce(&'a R) -> bool,
    failure: impl FnOnce() -> Option<Failure<'a>>,
) -> Option<Failure<'a>> {
    error_if(result, |result| !is_ok(result), failure)
}

const UNTYPED: Failure<'static> = Failure { type_name: None, text: Value::Absent };

/// What a closure of the user's makes of a result, unless it panics: the host is not to fail
/// because a span of it cannot be described.
pub fn part<'a, R, T>(result: &'a R, make: impl FnOnce(&'a R) -> T) -> Option<T> {
    caught(|| make(result)).ok()
}

/// `ret`: records a part of the result on the span that is about to end, which is current.
pub fn record(key: &'static str, value: Value<'_>) {
    if let Some(value) = value.record()
        && let Some(context) = context::current::get()
    {
        context.span().set_attribute(KeyValue::new(key, value));
    }
}

/// `ret`: what a value whose type is called `Result` returns: its `Ok`, or itself if it is not one.
#[doc(hidden)]
#[macro_export]
macro_rules! __returned {
    ($result:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::probes::NotAResult as _;
        $crate::__private::Probe($result).returned()
    }};
}
pub use __returned as returned;
