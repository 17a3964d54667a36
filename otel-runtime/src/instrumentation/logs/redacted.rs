//! How is what must not leave taken out of log records?
//!
//! While a record is made, on the thread that logs: those of OpenTelemetry cannot be changed afterwards.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry::{InstrumentationScope, Key};

use crate::privacy::{Place, Redacted, Redactor, installed};

/// A provider of one logger, which is made already.
pub(super) struct Held<L>(Mutex<Option<L>>);

/// Hands records on to `logger`, without what must not leave.
pub(super) struct RedactingLogger<L> {
    /// `None` if the provider was asked for a second logger, which nobody does.
    logger: Option<L>,
}

/// A record that takes nothing in which must not leave.
pub(super) struct Record<R> {
    record: Option<R>,
    redactor: &'static Redactor,
}

impl<L> Held<L> {
    pub(super) fn new(logger: L) -> Held<L> {
        Held(Mutex::new(Some(logger)))
    }
}

impl<L: Logger> LoggerProvider for Held<L> {
    type Logger = RedactingLogger<L>;

    fn logger_with_scope(&self, _: InstrumentationScope) -> Self::Logger {
        let logger = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        RedactingLogger { logger }
    }
}

impl<L: Logger> Logger for RedactingLogger<L> {
    type LogRecord = Record<L::LogRecord>;

    fn create_log_record(&self) -> Self::LogRecord {
        let record = self.logger.as_ref().map(Logger::create_log_record);
        Record { record, redactor: installed() }
    }

    fn emit(&self, record: Self::LogRecord) {
        if let (Some(logger), Some(record)) = (&self.logger, record.record) {
            logger.emit(record);
        }
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.logger.as_ref().is_some_and(|it| it.event_enabled(level, target, name))
    }
}

impl<R: LogRecord> LogRecord for Record<R> {
    fn set_event_name(&mut self, name: &'static str) {
        self.with(|it| it.set_event_name(name));
    }

    fn set_target<T: Into<Cow<'static, str>>>(&mut self, target: T) {
        self.with(|it| it.set_target(target));
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.with(|it| it.set_timestamp(timestamp));
    }

    fn set_observed_timestamp(&mut self, timestamp: SystemTime) {
        self.with(|it| it.set_observed_timestamp(timestamp));
    }

    fn set_severity_text(&mut self, text: &'static str) {
        self.with(|it| it.set_severity_text(text));
    }

    fn set_severity_number(&mut self, number: Severity) {
        self.with(|it| it.set_severity_number(number));
    }

    fn set_body(&mut self, body: AnyValue) {
        if let Some(body) = left(self.redactor, Place::Body, body) {
            self.with(|it| it.set_body(body));
        }
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        for (key, value) in attributes {
            self.add_attribute(key, value);
        }
    }

    fn add_attribute<K: Into<Key>, V: Into<AnyValue>>(&mut self, key: K, value: V) {
        let (key, value) = (key.into(), value.into());
        if let Some((key, value)) = attribute(self.redactor, key, value) {
            self.with(|it| it.add_attribute(key, value));
        }
    }

    fn set_trace_context(&mut self, trace: TraceId, span: SpanId, flags: Option<TraceFlags>) {
        self.with(|it| it.set_trace_context(trace, span, flags));
    }
}

impl<R> Record<R> {
    fn with(&mut self, set: impl FnOnce(&mut R)) {
        if let Some(record) = &mut self.record {
            set(record);
        }
    }
}

fn attribute(redactor: &Redactor, key: Key, value: AnyValue) -> Option<(Key, AnyValue)> {
    let rule = redactor.key(key.as_str());
    let place = Place::Attribute { key: key.as_str(), rule: &rule, system: None };
    let value = left(redactor, place, value)?;
    match &rule.key {
        Redacted::Kept => Some((key, value)),
        Redacted::Replaced(other) => Some((Key::from(other.clone()), value)),
        Redacted::Dropped => None,
    }
}

/// What leaves of a value; `None` if nothing does.
fn left(redactor: &Redactor, place: Place<'_>, value: AnyValue) -> Option<AnyValue> {
    let kept = |redacted, value| match redacted {
        Redacted::Kept => Some(value),
        Redacted::Replaced(text) => Some(AnyValue::from(text)),
        Redacted::Dropped => None,
    };
    match value {
        AnyValue::String(text) => kept(redactor.text(place, text.as_str()), AnyValue::String(text)),
        AnyValue::Int(number) => kept(redactor.number(place, number), value),
        AnyValue::Double(number) => kept(redactor.float(place, number), value),
        AnyValue::ListAny(list) => {
            let list = list.into_iter().map(|it| left(redactor, place, it));
            Some(AnyValue::ListAny(Box::new(list.collect::<Option<_>>()?)))
        }
        AnyValue::Map(map) => {
            let map = map.into_iter().filter_map(|(key, it)| attribute(redactor, key, it));
            Some(AnyValue::Map(Box::new(map.collect())))
        }
        // Bytes are no text.
        other => kept(redactor.plain(place), other),
    }
}
