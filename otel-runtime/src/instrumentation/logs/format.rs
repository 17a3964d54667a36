//! How does a line say which span it belongs to?

use std::cell::Cell;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use opentelemetry::Key;
use tracing::field::Field;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::found::{Found, KEYS, write_pair};
use super::json::{self, Members};
use super::owner::{Owner, context_in_format};
use crate::context::{current, listed};
use crate::process::stderr;

/// Wraps the format of a layer, or of a subscriber, of [`tracing_subscriber::fmt`](mod@tracing_subscriber::fmt): each line gets `trace_id`, `span_id`
/// and `trace_flags` of the span that its event belongs to.
///
/// A line of text gets a prefix, as `trace_id=4bf9.. span_id=00f0.. trace_flags=01 `, and one of JSON three members more,
/// all strings, in front. The format may be any: those of `tracing-subscriber`, with or without colours, or your own.
/// Whether one of your own writes JSON is seen by its first line.
///
/// | the event | has the ids of |
/// | --- | --- |
/// | `info!(..)` | the span that is current for OpenTelemetry: of a `#[traced]` function, made by hand, or of an `#[instrument]` that `tracing-opentelemetry` bridges, whichever is the innermost |
/// | `info!(parent: &span, ..)` | that span, if `tracing-opentelemetry` bridges it, else none; with a subscriber that is not the global one, this takes [`explicit_parents`](super::explicit_parents) |
/// | `info!(parent: None, ..)`, or where no span is | none: the line is as it would be without |
/// | what `with_span_events` adds | the span that it tells of; a `new` has none |
///
/// An event with a parent of its own starts that span: give it its remote parent before. The ids of a trace that is not
/// sampled are there too, with `trace_flags` `00`.
///
/// In a line of JSON each key is there once, also where an event has a field like `trace_id`, or `level` with
/// `flatten_event`: the event's holds. What looks like JSON and is none stays as it is, and a line on stderr says so,
/// once.
///
/// A line takes no allocation more; where two keys have to be told apart, and in JSON of a format of your own, the line is
/// parsed, which takes some.
///
/// # Examples
///
/// ```
/// use otel_runtime::logs::with_trace_context;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let on_the_terminal = tracing_subscriber::fmt::layer().map_event_format(with_trace_context);
/// let for_machines = tracing_subscriber::fmt::layer()
///     .json()
///     .map_event_format(|format| with_trace_context(format).attributes(["tenant.id"]));
/// let subscriber = tracing_subscriber::registry().with(on_the_terminal).with(for_machines);
/// # tracing::subscriber::with_default(subscriber, || tracing::info!("here"));
/// ```
#[must_use]
pub fn with_trace_context<F>(format: F) -> WithTraceContext<F> {
    let form = AtomicU8::new(Form::of(std::any::type_name::<F>()) as u8);
    WithTraceContext { format, form, keys: Vec::new(), has_told: AtomicBool::new(false) }
}

/// A format whose lines say which span they belong to: see [`with_trace_context`].
#[derive(Debug)]
pub struct WithTraceContext<F> {
    format: F,
    /// A [`Form`].
    form: AtomicU8,
    /// Of the attributes that lines show.
    keys: Vec<String>,
    has_told: AtomicBool,
}

/// What the lines of a format are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nobody has seen one yet.
    Unknown,
    Text,
    /// JSON of `tracing-subscriber`, which is an object for sure, with keys that are known.
    Json,
    /// JSON of another format.
    OtherJson,
}

impl Form {
    fn of(type_name: &str) -> Form {
        // A parameter that is the default one is not named: `Format` is one of text.
        match type_name.strip_prefix("tracing_subscriber::fmt::format::Format") {
            Some(rest) if rest.starts_with("<tracing_subscriber::fmt::format::json::Json") => {
                Form::Json
            }
            Some("") => Form::Text,
            Some(rest) if rest.starts_with('<') => Form::Text,
            Some(_) | None => Form::Unknown,
        }
    }
}

impl<F> WithTraceContext<F> {
    /// Lines also show these attributes of the span, where it has them when it starts: by `attrs(..)`, `scoped(..)` or a
    /// layer; or else of the next span around it that has. Spans that [`init`](crate::init) has made count, of functions
    /// and of this crate's layers, those inside other libraries' too; not those of a provider that was adopted, and none
    /// that is not sampled.
    ///
    /// They pass the redactor of `init` when the span starts, as they do when it leaves; the message and the fields of an event
    /// are not looked at.
    ///
    /// A key that the line has already stays the line's: an attribute `level` is not shown in JSON that has one. Text is
    /// quoted and escaped where needed. Default: none. Each span that has one of them costs an allocation or two more.
    #[must_use]
    pub fn attributes<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.keys = keys.into_iter().map(Into::into).collect();
        listed::list(self.keys.iter().cloned().map(Key::from));
        self
    }

    fn form(&self) -> Form {
        match self.form.load(Ordering::Relaxed) {
            form if form == Form::Text as u8 => Form::Text,
            form if form == Form::Json as u8 => Form::Json,
            form if form == Form::OtherJson as u8 => Form::OtherJson,
            _ => Form::Unknown,
        }
    }

    fn write_prefix(
        &self,
        writer: &mut impl Write,
        event: &Event<'_>,
        found: &Found,
    ) -> fmt::Result {
        let is_new = |key: &str| event.metadata().fields().field(key).is_none();
        for (key, id) in KEYS.into_iter().zip(found.ids()) {
            if is_new(key) {
                writer.write_str(key)?;
                writer.write_char('=')?;
                writer.write_str(id)?;
                writer.write_char(' ')?;
            }
        }
        for attribute in found.attributes(&self.keys).filter(|it| is_new(it.key.as_str())) {
            write_pair(writer, attribute.key.as_str(), &attribute.value)?;
        }
        Ok(())
    }

    /// Whether a line of JSON might have a key twice.
    #[inline]
    fn may_clash(&self, form: Form, event: &Event<'_>) -> bool {
        let is_known = |field: Field| {
            json::is_of_a_line(field.name()) || self.keys.iter().any(|key| key == field.name())
        };
        form == Form::OtherJson
            || self.keys.iter().any(|key| json::is_of_a_line(key))
            || event.metadata().fields().iter().any(is_known)
    }

    /// Writes a line of JSON with what was found in front.
    fn write_json(
        &self,
        writer: &mut Writer<'_>,
        line: &str,
        event: &Event<'_>,
        found: Option<&Found>,
        may_clash: bool,
    ) -> fmt::Result {
        if !may_clash
            && let Some(found) = found
            && let Some(rest) = json::behind_brace(line)
        {
            json::write_ids(writer, found)?;
            for attribute in found.attributes(&self.keys) {
                json::write_member(writer, attribute)?;
            }
            return writer.write_str(rest);
        }
        if let Some(members) = Members::of(line, event) {
            return members.write(writer, found, &self.keys);
        }
        self.tell(line);
        writer.write_str(line)
    }

    /// Says, once, that a line cannot be told which span it belongs to.
    #[cold]
    fn tell(&self, line: &str) {
        if !self.has_told.swap(true, Ordering::Relaxed) {
            let line = crate::process::shorten::beginning(line, 100);
            stderr::warn(&format!(
                "a log line cannot be told the ids of its span, and stays as it is: its format wrote JSON before, \
                 and this is none: {line}",
            ));
        }
    }
}

impl<S, N, F> FormatEvent<S, N> for WithTraceContext<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        around: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let found = match Owner::of(event) {
            Owner::Current => current::map(Found::in_context).flatten(),
            Owner::Nobody => None,
            Owner::Span(id) => around
                .span(id)
                .and_then(|span| context_in_format(&span))
                .and_then(|context| Found::in_context(&context)),
        };
        let form = self.form();
        if form == Form::Text {
            if let Some(found) = &found {
                self.write_prefix(&mut writer, event, found)?;
            }
            return self.format.format_event(around, writer, event);
        }
        let may_clash = self.may_clash(form, event);
        if form == Form::Json && found.is_none() && !may_clash {
            return self.format.format_event(around, writer, event);
        }
        with_buffer(|line| {
            self.format.format_event(around, Writer::new(line), event)?;
            if form == Form::Unknown {
                let form =
                    if Members::of(line, event).is_some() { Form::OtherJson } else { Form::Text };
                self.form.store(form as u8, Ordering::Relaxed);
                if form == Form::Text {
                    if let Some(found) = &found {
                        self.write_prefix(&mut writer, event, found)?;
                    }
                    return writer.write_str(line);
                }
            }
            self.write_json(
                &mut writer,
                line,
                event,
                found.as_ref(),
                may_clash || form == Form::Unknown,
            )
        })
    }
}

/// How many bytes a thread keeps for the next line.
const KEPT: usize = 64 * 1024;

/// Calls `write` with an empty string that may have been used before.
fn with_buffer<R>(write: impl FnOnce(&mut String) -> R) -> R {
    thread_local! {
        static LINE: Cell<String> = const { Cell::new(String::new()) };
    }
    // Taken out, since a `Debug` that is formatted may write a line of its own.
    let mut line = LINE.try_with(Cell::take).unwrap_or_default();
    let result = write(&mut line);
    if line.capacity() <= KEPT {
        line.clear();
        let _ = LINE.try_with(|kept| kept.set(line));
    }
    result
}
