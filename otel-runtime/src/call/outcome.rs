//! What became of a call?

use std::borrow::Cow;
use std::fmt::Display;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status};

use crate::call::causes::Facts;
use crate::call::probe::Probe;
use crate::process::panics;
use crate::process::unwind::caught;
use crate::process::values;
use crate::span::exceptions;
use crate::span::keys::UNLESS_SET;
use crate::span::value::{Value, text};

/// A result that counts as an error.
// In a box: few calls fail, and every call returns an `Option` of this.
pub struct Failure<'a>(Box<Parts<'a>>);

/// What is known of a failure.
struct Parts<'a> {
    /// `None` where the result is an error only because `ok_if` or `error_if` says so.
    type_name: Option<&'static str>,
    text: Value<'a>,
    facts: Facts<'a>,
    with_causes: bool,
    /// What `error_type` says.
    error_type: Option<String>,
}

impl<'a> Failure<'a> {
    /// A failure of the type of `error`, described by `text`.
    #[cold]
    pub fn new<E: ?Sized>(_error: &E, text: Value<'a>) -> Self {
        Failure::of(Some(std::any::type_name::<E>()), text)
    }

    fn of(type_name: Option<&'static str>, text: Value<'a>) -> Self {
        let (facts, with_causes, error_type) = (Facts::Unknown, false, None);
        Failure(Box::new(Parts { type_name, text, facts, with_causes, error_type }))
    }

    /// Adds what [`facts!`](crate::__facts) has found out about the error.
    #[must_use]
    pub fn about(mut self, facts: Facts<'a>) -> Self {
        self.0.facts = facts;
        self
    }

    /// Sets this `error.type`, whatever else was set.
    #[cfg(feature = "tower")]
    #[must_use]
    pub(crate) fn of_type(mut self, error_type: &str) -> Self {
        self.0.error_type = Some(error_type.to_owned());
        self
    }

    /// Appends the causes of the error to the text.
    #[must_use]
    pub fn with_causes(mut self) -> Self {
        self.0.with_causes = true;
        self
    }
}

/// What the conventions have for an error without a type.
const OTHER: Cow<'static, str> = Cow::Borrowed("_OTHER");

/// The `error.type` of a call that panicked.
pub(crate) const PANIC: Cow<'static, str> = Cow::Borrowed("panic");

impl Failure<'_> {
    /// The `error.type` of the call.
    pub(crate) fn error_type(mut self, with_text: bool) -> Cow<'static, str> {
        let given = self.0.error_type.take().map(Cow::Owned);
        given.or_else(|| self.0.exception_type(with_text)).unwrap_or(OTHER)
    }
}

impl Parts<'_> {
    /// The type of the error, as well as it is known.
    fn exception_type(&self, with_text: bool) -> Option<Cow<'static, str>> {
        let known = self.facts.error_type(with_text).map(Cow::Owned);
        known.or_else(|| self.type_name.map(Cow::Borrowed))
    }

    fn message(self) -> Option<String> {
        let mut message = self.text.record()?.to_string();
        if self.with_causes {
            self.facts.add_causes(&mut message);
        }
        Some(message)
    }
}

/// An error that can say what happened.
pub trait Described<'a> {
    /// The failure, with its text.
    fn __otel_failure(&self) -> Failure<'a>;
}

impl<'a, E: Display> Described<'a> for &Probe<'a, E> {
    fn __otel_failure(&self) -> Failure<'a> {
        Failure::new(self.0, Value::Display(self.0))
    }
}

/// An error that only has a type.
pub trait Undescribed<'a> {
    /// The failure, by its type's name.
    fn __otel_failure(&self) -> Failure<'a>;
}

impl<'a, E> Undescribed<'a> for Probe<'a, E> {
    fn __otel_failure(&self) -> Failure<'a> {
        Failure::new(self.0, Value::Absent)
    }
}

/// A `Result`, also under the name of an alias.
#[diagnostic::on_unimplemented(
    message = "`err` is about the error of a `Result`, and this function returns `{Self}`",
    label = "no `Result`",
    note = "take `err` away, or say by `error_if = |ret| ..` what counts as an error"
)]
pub trait ResultOf {
    /// The error.
    type Error;

    /// The error, if the result is one.
    fn __otel_error(&self) -> Option<&Self::Error>;
}

impl<T, E> ResultOf for Result<T, E> {
    type Error = E;

    fn __otel_error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// The error of a result, where the attribute says that there is one.
pub fn error_of<R: ResultOf>(result: &R) -> Option<&R::Error> {
    result.__otel_error()
}

/// Status, `error.type`, and an exception event unless a span below has it, by the
/// [conventions](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/).
#[cold]
pub(crate) fn record_failure(span: &SpanRef<'_>, failure: Failure<'_>, with_text: bool) {
    if !span.is_recording() {
        return;
    }
    let mut failure = *failure.0;
    let exception_type = failure.exception_type(with_text);
    match failure.error_type.take() {
        Some(error_type) => span.set_attribute(KeyValue::new("error.type", error_type)),
        None => set_error_type(span, exception_type.clone().unwrap_or(OTHER)),
    }
    let message = if with_text { failure.message() } else { None };
    let mut event = Vec::new();
    if with_text && let Some(exception_type) = exception_type {
        event.push(KeyValue::new("exception.type", exception_type));
        event.extend(message.clone().map(|message| KeyValue::new("exception.message", message)));
    }
    exceptions::add_last(span, event);
    span.set_status(Status::error(message.unwrap_or_default()));
}

/// Sets `error.type`, unless the program has set it: it knows better.
pub(crate) fn set_error_type(span: &SpanRef<'_>, error_type: Cow<'static, str>) {
    span.set_attribute(KeyValue::new(UNLESS_SET, error_type));
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
    set_error_type(span, PANIC);
    let Some(panic) = panic else {
        exceptions::add_last(span, Vec::new());
        span.set_status(Status::error("panic"));
        return;
    };
    exceptions::add_last(
        span,
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

/// `err = |error| ...`: what the closure makes of the error, which may borrow from it.
pub fn described<'a, E, D: Display + 'a>(
    error: &'a E,
    describe: impl FnOnce(&'a E) -> D,
) -> Failure<'static> {
    let text = part(error, |error| text(&describe(error)));
    Failure::new(error, text.map_or(Value::Absent, |text| Value::Owned(text.into())))
}

/// `error_if = |ret| ...`: a result is an error if the closure says so, and only then. If the closure gives
/// a text, that replaces the error's own text.
pub fn error_if<'a, R, J: Judgement>(
    result: &'a R,
    is_error: impl FnOnce(&'a R) -> J,
    failure: impl FnOnce() -> Option<Failure<'a>>,
) -> Option<Failure<'a>> {
    let description = part(result, |result| is_error(result).description())??;
    let mut failure = failure().unwrap_or_else(|| Failure::of(None, Value::Absent));
    if let Description::Text(text) = description {
        failure.0.text = Value::Owned(text.into());
        failure.0.with_causes = false;
    }
    Some(failure)
}

/// What the closure of `error_if` may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a result is an error",
    label = "not a `bool`, nor a description of an error",
    note = "return a `bool`, an `Option` of what describes the error, or a `Result` with the error as its `Err`"
)]
pub trait Judgement {
    /// `None` if it is no error.
    fn description(self) -> Option<Description>;
}

/// What is said of an error.
pub enum Description {
    /// Nothing, except that there is one.
    None,
    /// This text.
    Text(String),
}

impl Judgement for bool {
    fn description(self) -> Option<Description> {
        self.then_some(Description::None)
    }
}

/// Spells `!` where the never type is not stable: `<fn() -> ! as Out>::Output`.
pub trait Out {
    /// What a function pointer of this type returns.
    type Output;
}

impl<T> Out for fn() -> T {
    type Output = T;
}

/// A closure that never returns is accepted.
#[diagnostic::do_not_recommend]
impl Judgement for <fn() -> ! as Out>::Output {
    fn description(self) -> Option<Description> {
        self
    }
}

impl<D: Display> Judgement for Option<D> {
    fn description(self) -> Option<Description> {
        self.map(|description| Description::Text(text(&description)))
    }
}

impl<T, D: Display> Judgement for Result<T, D> {
    fn description(self) -> Option<Description> {
        self.err().description()
    }
}

/// `ok_if = |ret| ...`: a result is an error unless the closure says otherwise.
pub fn ok_if<'a, R>(
    result: &'a R,
    is_ok: impl FnOnce(&'a R) -> bool,
    failure: impl FnOnce() -> Option<Failure<'a>>,
) -> Option<Failure<'a>> {
    error_if(result, |result| !is_ok(result), failure)
}

/// `error_type = |ret| ...`: the `error.type` of a result that counts as an error, whatever else was
/// set. An empty text sets none.
pub fn error_type<'a, R, D: Display>(
    result: &'a R,
    error_type: impl FnOnce(&'a R) -> D,
    failure: Option<Failure<'a>>,
) -> Option<Failure<'a>> {
    let mut failure = failure?;
    let given = part(result, |result| text(&error_type(result)));
    failure.0.error_type = given.filter(|given| !given.is_empty());
    Some(failure)
}

/// The value of a closure of the user's for a result, or `None` if it panics: the function must not fail
/// because its span cannot be described.
pub fn part<'a, R, T>(result: &'a R, make: impl FnOnce(&'a R) -> T) -> Option<T> {
    let part = caught(|| make(result));
    if part.is_err() {
        values::lose();
    }
    part.ok()
}
