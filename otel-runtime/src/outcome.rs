//! What became of a call?

use std::convert::Infallible;
use std::fmt::Display;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status};

use crate::panics;
use crate::value::{Value, text};

/// A result that counts as an error.
pub struct Failure<'a> {
    type_name: &'static str,
    text: Value<'a>,
}

impl<'a> Failure<'a> {
    /// A failure of the type of `error`, described by `text`.
    pub fn new<E: ?Sized>(_error: &E, text: Value<'a>) -> Self {
        Failure { type_name: std::any::type_name::<E>(), text }
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
}

/// Any other type that is called `Result` has no error to record.
pub trait NotAResult {
    /// Nothing.
    fn error(&self) -> Option<&'static Infallible> {
        None
    }
}

impl<T: ?Sized> NotAResult for Probe<'_, T> {}

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
    span.set_attribute(KeyValue::new("error.type", failure.type_name));
    if !with_text {
        span.set_status(Status::error(""));
        return;
    }
    let message = failure.text.record().map(|text| text.to_string());
    let mut event = vec![KeyValue::new("exception.type", failure.type_name)];
    event.extend(message.clone().map(|message| KeyValue::new("exception.message", message)));
    span.add_event("exception", event);
    span.set_status(Status::error(message.unwrap_or_default()));
}

#[cold]
pub(crate) fn record_panic(span: &SpanRef<'_>, with_text: bool) {
    if !span.is_recording() {
        return;
    }
    span.set_attribute(KeyValue::new("error.type", "panic"));
    let panic = if with_text { panics::last() } else { None };
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
    let description = describe(error);
    Failure::new(error, Value::Owned(text(&description).into()))
}
