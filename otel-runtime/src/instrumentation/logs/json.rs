//! How does a line of JSON get members that it may have already?

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::io;

use opentelemetry::{Array, KeyValue, Value};
use serde::Serialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use tracing::Event;

use super::found::{Found, KEYS};

/// Whether a line of `tracing-subscriber` may have this key beside the event's own, or one of ours.
#[inline]
pub(super) fn is_of_a_line(key: &str) -> bool {
    matches!(
        key,
        "trace_id"
            | "span_id"
            | "trace_flags"
            | "timestamp"
            | "level"
            | "fields"
            | "target"
            | "filename"
            | "line_number"
            | "span"
            | "spans"
            | "threadName"
            | "threadId"
    )
}

/// What follows the first brace of a line that is an object with a member. Whether it is JSON otherwise is not checked.
pub(super) fn behind_brace(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('{')?;
    (rest.starts_with('"') && rest.trim_ascii_end().ends_with('}')).then_some(rest)
}

/// Writes `{"trace_id":"..","span_id":"..","trace_flags":"..",`.
#[inline]
pub(super) fn write_ids(writer: &mut impl Write, found: &Found) -> fmt::Result {
    let [trace_id, span_id, trace_flags] = found.ids();
    writer.write_str("{\"trace_id\":\"")?;
    writer.write_str(trace_id)?;
    writer.write_str("\",\"span_id\":\"")?;
    writer.write_str(span_id)?;
    writer.write_str("\",\"trace_flags\":\"")?;
    writer.write_str(trace_flags)?;
    writer.write_str("\",")
}

/// Writes `"key":value,`.
pub(super) fn write_member(writer: &mut impl Write, attribute: &KeyValue) -> fmt::Result {
    write_value(writer, attribute.key.as_str())?;
    writer.write_char(':')?;
    match &attribute.value {
        Value::Bool(value) => write_value(writer, value),
        Value::I64(value) => write_value(writer, value),
        Value::F64(value) => write_value(writer, value),
        Value::String(text) => write_value(writer, text.as_str()),
        Value::Array(Array::Bool(values)) => write_value(writer, values),
        Value::Array(Array::I64(values)) => write_value(writer, values),
        Value::Array(Array::F64(values)) => write_value(writer, values),
        Value::Array(Array::String(values)) => {
            let values: Vec<&str> = values.iter().map(opentelemetry::StringValue::as_str).collect();
            write_value(writer, &values)
        }
        value => write_value(writer, &value.as_str()),
    }?;
    writer.write_char(',')
}

fn write_value(writer: &mut impl Write, value: &(impl Serialize + ?Sized)) -> fmt::Result {
    serde_json::to_writer(Utf8(writer), value).map_err(|_| fmt::Error)
}

/// Takes bytes for a writer of text; serde writes whole characters.
struct Utf8<'a, W>(&'a mut W);

impl<W: Write> io::Write for Utf8<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The members of an object, each key once.
pub(super) struct Members<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// What stands behind the object: the end of the line.
    end: &'a str,
}

impl<'a> Members<'a> {
    /// `None` if the line is not one object. Of several values of a key, that of the event holds.
    pub(super) fn of(line: &'a str, event: &Event<'_>) -> Option<Members<'a>> {
        let object = line.trim_ascii_end();
        if !object.starts_with('{') {
            return None;
        }
        let mut read = serde_json::Deserializer::from_str(object);
        let all = read.deserialize_map(All).ok()?;
        read.end().ok()?;
        let mut members: Vec<(Cow<'a, str>, &'a RawValue)> = Vec::with_capacity(all.len());
        for (key, value) in all {
            match members.iter_mut().find(|(known, _)| *known == key) {
                None => members.push((key, value)),
                // These two come before the fields of a flattened event, all others after them.
                Some((_, known)) if is_in_front(&key) && has_field(event, &key) => *known = value,
                Some(_) => {}
            }
        }
        Some(Members { members, end: &line[object.len()..] })
    }

    /// Writes the object, with what was found where the object has none of that name.
    pub(super) fn write(
        &self,
        writer: &mut impl Write,
        found: Option<&Found>,
        keys: &[String],
    ) -> fmt::Result {
        let has = |key: &str| self.members.iter().any(|(known, _)| known == key);
        writer.write_char('{')?;
        let mut separator = "";
        if let Some(found) = found {
            let mut ours = String::new();
            for (key, id) in KEYS.into_iter().zip(found.ids()).filter(|(key, _)| !has(key)) {
                write!(ours, "\"{key}\":\"{id}\",")?;
            }
            let is_id = |attribute: &KeyValue| KEYS.contains(&attribute.key.as_str());
            for attribute in found.attributes(keys) {
                if !has(attribute.key.as_str()) && !is_id(attribute) {
                    write_member(&mut ours, attribute)?;
                }
            }
            if let Some(ours) = ours.strip_suffix(',') {
                writer.write_str(ours)?;
                separator = ",";
            }
        }
        for (key, value) in &self.members {
            writer.write_str(separator)?;
            write_value(writer, key)?;
            writer.write_char(':')?;
            writer.write_str(value.get())?;
            separator = ",";
        }
        writer.write_char('}')?;
        writer.write_str(self.end)
    }
}

fn is_in_front(key: &str) -> bool {
    matches!(key, "timestamp" | "level")
}

fn has_field(event: &Event<'_>, key: &str) -> bool {
    event.metadata().fields().field(key).is_some()
}

/// All members in their order, a key perhaps twice.
struct All;

impl<'de> Visitor<'de> for All {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some((Text(key), value)) = map.next_entry()? {
            all.push((key, value));
        }
        Ok(all)
    }
}

/// A text that is borrowed unless it holds escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Any)
    }
}
