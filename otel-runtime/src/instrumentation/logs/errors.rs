//! How does an error that is only logged get onto its span?

use std::fmt::{Debug, Display};

use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use tracing::dispatcher::Dispatch;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::layer::{self, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::owner::Whole;
use crate::context::current;
use crate::process::unwind::caught;
use crate::span::value::text;

/// What an event of the level `ERROR` does to the span that it belongs to: see [`error_events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Errors {
    /// It becomes an event of the span: its message is the name, its fields are attributes, beside `level` and `target`.
    SpanEvents,
    /// It makes the status of the span an error, described by the message. See [`set_error`](crate::set_error) for what
    /// holds if the function returns an error, or succeeds.
    SpanStatus,
    /// Both.
    SpanEventsAndStatus,
}

/// A layer that puts events of the level `ERROR` onto the span that they belong to, the innermost one, whoever made it:
/// a `#[traced]` function, a span made by hand, an `#[instrument]`.
///
/// `tracing-opentelemetry` does something like it for its own spans only: an `error!` in a `#[traced]` function that is
/// called in an `#[instrument]` goes to the outer one there. Where both layers are in a subscriber, turn that off, as in
/// the example.
///
/// # Examples
///
/// ```
/// use otel_runtime::logs::{Errors, error_events};
/// use tracing_subscriber::Layer;
/// use tracing_subscriber::filter::filter_fn;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// # let tracer = opentelemetry::global::tracer("app");
/// let spans = tracing_opentelemetry::layer()
///     .with_tracer(tracer)
///     .with_filter(filter_fn(|metadata| metadata.is_span())); // no events
/// let subscriber =
///     tracing_subscriber::registry().with(spans).with(error_events(Errors::SpanEvents));
/// # drop(subscriber);
/// ```
#[must_use]
pub fn error_events(errors: Errors) -> ErrorEvents {
    ErrorEvents { errors, whole: Whole::default() }
}

/// The layer that [`error_events`] makes.
#[derive(Debug)]
pub struct ErrorEvents {
    errors: Errors,
    whole: Whole,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ErrorEvents {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.whole.register(subscriber);
    }

    fn on_event(&self, event: &Event<'_>, layer: layer::Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        let context = self.whole.context(event, &layer).or_else(current::get);
        let Some(context) = context.filter(Context::has_active_span) else { return };
        // A span may be of any library, and the values are the program's: both may panic.
        let _ = caught(|| self.tell(event, &context));
    }
}

impl ErrorEvents {
    fn tell(&self, event: &Event<'_>, context: &Context) {
        let span = context.span();
        if !span.is_recording() {
            return;
        }
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        let mut said = Said::default();
        event.record(&mut said);
        let Said { message, mut attributes } = said;
        let message = message.unwrap_or_else(|| event.metadata().name().to_owned());
        if self.errors != Errors::SpanEvents {
            span.set_status(Status::error(message.clone()));
        }
        if self.errors != Errors::SpanStatus {
            attributes.push(KeyValue::new("level", metadata.level().as_str()));
            attributes.push(KeyValue::new("target", metadata.target().to_owned()));
            span.add_event(message, attributes);
        }
    }
}

/// What an event says.
#[derive(Default)]
struct Said {
    message: Option<String>,
    attributes: Vec<KeyValue>,
}

impl Said {
    fn add(&mut self, field: &Field, value: impl Into<opentelemetry::Value>) {
        // What `tracing-log` has the target and the place of a record in.
        if !field.name().starts_with("log.") {
            self.attributes.push(KeyValue::new(field.name(), value));
        }
    }

    fn add_text(&mut self, field: &Field, value: &dyn Display) {
        let value = text(value);
        if field.name() == "message" {
            self.message = Some(value);
        } else {
            self.add(field, value);
        }
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add_text(field, &format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, &value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add_text(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.add(field, value),
            Err(_) => self.add(field, value.to_string()),
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }
}
