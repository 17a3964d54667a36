//! How is a field of a span written in the format of OTLP?
//!
//! [`opentelemetry.proto.trace.v1.Span`](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto)
//! and the messages in it, field by field.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{SpanContext, Status, TraceState};
use opentelemetry::{Array, Key, KeyValue, Value};

use super::Limits;
use super::field;
use super::wire::{Message, Short, field_len};

/// Fields of a span.
pub(crate) type Fields = Vec<u8>;

/// A value of an attribute that is not an array.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    String(&'a str),
}

impl From<Scalar<'_>> for Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Bool(value) => value.into(),
            Scalar::Int(value) => value.into(),
            Scalar::Double(value) => value.into(),
            Scalar::String(text) => text.to_owned().into(),
        }
    }
}

/// The bytes of an `AnyValue`: those before its text, and the text, which is empty for most types.
#[derive(Clone, Copy)]
struct Any<'a> {
    head: Short,
    text: &'a [u8],
}

impl<'a> Any<'a> {
    #[inline]
    fn new(value: Scalar<'a>) -> Self {
        let head = match value {
            Scalar::Bool(value) => Short::byte(tag::BOOL).then(Short::byte(value.into())),
            Scalar::Int(value) => Short::byte(tag::INT).then(Short::varint(value.cast_unsigned())),
            Scalar::Double(value) => {
                Short::byte(tag::DOUBLE).then(Short::fixed_64(value.to_bits()))
            }
            Scalar::String(text) => return Any::bytes(tag::STRING, text.as_bytes()),
        };
        Any { head, text: &[] }
    }

    /// A length-delimited field; so many bytes of content follow.
    #[inline]
    fn bytes(tag: u8, text: &'a [u8]) -> Self {
        Any { head: Short::byte(tag).then(Short::varint(text.len() as u64)), text }
    }

    #[inline]
    fn len(&self) -> usize {
        self.head.len() + self.text.len()
    }
}

/// The tags that are known to take one byte each.
#[expect(clippy::cast_possible_truncation, reason = "they are small")]
mod tag {
    use super::field::{any_value, key_value, span};
    use crate::record::wire::{BYTES, FIXED_64, VARINT};

    pub(super) const STRING: u8 = (any_value::STRING << 3 | BYTES) as u8;
    pub(super) const BOOL: u8 = (any_value::BOOL << 3 | VARINT) as u8;
    pub(super) const INT: u8 = (any_value::INT << 3 | VARINT) as u8;
    pub(super) const DOUBLE: u8 = (any_value::DOUBLE << 3 | FIXED_64) as u8;
    pub(super) const ARRAY: u8 = (any_value::ARRAY << 3 | BYTES) as u8;
    pub(super) const KEY: u8 = (key_value::KEY << 3 | BYTES) as u8;
    pub(super) const VALUE: u8 = (key_value::VALUE << 3 | BYTES) as u8;
    pub(super) const STATUS: u8 = (span::STATUS << 3 | BYTES) as u8;
}

/// An attribute whose value is not an array, and is cut to the limit already.
#[inline]
pub(crate) fn scalar(out: &mut impl Message, field: u32, key: &str, value: Scalar<'_>) {
    match value {
        Scalar::String(text) if key.len() + text.len() < 0x80 - 6 && field < 0x10 => {
            short_text(out, field, key, text);
        }
        value => key_value(out, field, key, Any::new(value)),
    }
}

/// A `KeyValue` with a text, where each length takes one byte, as most attributes are.
#[expect(clippy::cast_possible_truncation, reason = "they are looked at before")]
#[inline]
fn short_text(out: &mut impl Message, field: u32, key: &str, text: &str) {
    let any = 2 + text.len();
    out.put(&[(field << 3 | 2) as u8, (4 + key.len() + any) as u8, tag::KEY, key.len() as u8]);
    out.put(key.as_bytes());
    out.put(&[tag::VALUE, any as u8, tag::STRING, text.len() as u8]);
    out.put(text.as_bytes());
}

/// An attribute, with its value cut to the limit.
pub(crate) fn attribute(
    out: &mut impl Message,
    field: u32,
    key: &str,
    value: &Value,
    limits: &Limits,
) {
    let array = match value {
        Value::Bool(value) => return scalar(out, field, key, Scalar::Bool(*value)),
        Value::I64(value) => return scalar(out, field, key, Scalar::Int(*value)),
        Value::F64(value) => return scalar(out, field, key, Scalar::Double(*value)),
        Value::String(value) => {
            return scalar(out, field, key, Scalar::String(limits.cut(value.as_str())));
        }
        Value::Array(array) => elements(array, limits),
        // OpenTelemetry may add types of values; their text is better than nothing.
        value => {
            return scalar(out, field, key, Scalar::String(limits.cut(&value.to_string())));
        }
    };
    key_value(out, field, key, Any::bytes(tag::ARRAY, &array));
}

/// `KeyValue`
#[expect(clippy::cast_possible_truncation, reason = "they are looked at before")]
#[expect(clippy::inline_always, reason = "a value that has to be handed over is written and read")]
#[inline(always)]
fn key_value(out: &mut impl Message, field: u32, key: &str, value: Any<'_>) {
    let (key, any) = (key.as_bytes(), value.len());
    if key.len() + any < 0x80 - 4 && field < 0x10 {
        // Then each length takes one byte, which is the case that has to be fast.
        let len = (4 + key.len() + any) as u8;
        out.put(&[(field << 3 | 2) as u8, len, tag::KEY, key.len() as u8]);
        out.put(key);
        out.short(Short::byte(tag::VALUE).then(Short::byte(any as u8)).then(value.head));
    } else {
        begin_long(out, field, key, any);
        out.short(value.head);
    }
    if !value.text.is_empty() {
        out.put(value.text);
    }
}

/// All of a `KeyValue` except its value, which takes so many bytes.
#[cold]
fn begin_long(out: &mut impl Message, field: u32, key: &[u8], any: usize) {
    let len = field_len(field::key_value::KEY, key.len()) + field_len(field::key_value::VALUE, any);
    out.begin(field, len);
    out.bytes(field::key_value::KEY, key);
    out.begin(field::key_value::VALUE, any);
}

/// `ArrayValue`
fn elements(array: &Array, limits: &Limits) -> Vec<u8> {
    let mut values = Vec::new();
    let element = |value: Scalar<'_>| {
        let any = Any::new(value);
        values.begin(field::VALUES, any.len());
        values.short(any.head);
        values.put(any.text);
    };
    match array {
        Array::Bool(array) => array.iter().copied().map(Scalar::Bool).for_each(element),
        Array::I64(array) => array.iter().copied().map(Scalar::Int).for_each(element),
        Array::F64(array) => array.iter().copied().map(Scalar::Double).for_each(element),
        Array::String(array) => {
            array.iter().map(|text| Scalar::String(limits.cut(text.as_str()))).for_each(element);
        }
        _ => {}
    }
    values
}

/// Writes attributes; returns how many were left out. Of those with the same key the last value stays, at
/// the position of the first.
pub(super) fn attributes(
    out: &mut impl Message,
    field: u32,
    attributes: &[KeyValue],
    limit: u32,
    limits: &Limits,
) -> u32 {
    // Up to this many, comparing with all keys is faster than an index.
    const FEW: usize = 32;
    let mut kept: Vec<&KeyValue> = Vec::new();
    let mut index: HashMap<&Key, usize> = HashMap::new();
    let mut dropped = 0_u32;
    for attribute in attributes {
        let known = if attributes.len() <= FEW {
            kept.iter().position(|kept| kept.key == attribute.key)
        } else {
            index.get(&attribute.key).copied()
        };
        if let Some(same) = known {
            kept[same] = attribute;
        } else if kept.len() < limit as usize {
            if attributes.len() > FEW {
                index.insert(&attribute.key, kept.len());
            }
            kept.push(attribute);
        } else {
            dropped = dropped.saturating_add(1);
        }
    }
    for KeyValue { key, value, .. } in kept {
        self::attribute(out, field, key.as_str(), value, limits);
    }
    dropped
}

/// An event, of whose attributes `dropped` were left out before.
pub(crate) fn event(
    out: &mut impl Message,
    name: &str,
    time: u64,
    attributes: &[KeyValue],
    dropped: u32,
    limits: &Limits,
) {
    let mut event = Vec::new();
    event.fixed_64(field::event::TIME, time);
    event.text(field::event::NAME, name);
    let left_out = self::attributes(
        &mut event,
        field::event::ATTRIBUTES,
        attributes,
        limits.attributes_per_event,
        limits,
    );
    event.number(field::event::DROPPED_ATTRIBUTES, u64::from(dropped.saturating_add(left_out)));
    out.bytes(field::span::EVENTS, &event);
}

/// A trace state as its header has it, unless it is empty. Member by member: to make the header takes longer than all
/// else that a span with a trace state takes.
pub(crate) fn trace_state(out: &mut impl Message, field: u32, state: &TraceState) {
    let lengths = state.into_iter().map(|(key, value)| key.len() + value.len() + 2);
    let Some(len) = lengths.sum::<usize>().checked_sub(1) else { return };
    out.begin(field, len);
    for (at, (key, value)) in state.into_iter().enumerate() {
        if at > 0 {
            out.put(b",");
        }
        out.put(key.as_bytes());
        out.put(b"=");
        out.put(value.as_bytes());
    }
}

/// A link, of whose attributes `dropped` were left out before.
pub(crate) fn link(
    out: &mut impl Message,
    to: &SpanContext,
    attributes: &[KeyValue],
    dropped: u32,
    limits: &Limits,
) {
    let mut link = Vec::new();
    link.bytes(field::link::TRACE_ID, &to.trace_id().to_bytes());
    link.bytes(field::link::SPAN_ID, &to.span_id().to_bytes());
    trace_state(&mut link, field::link::TRACE_STATE, to.trace_state());
    let left_out = self::attributes(
        &mut link,
        field::link::ATTRIBUTES,
        attributes,
        limits.attributes_per_link,
        limits,
    );
    link.number(field::link::DROPPED_ATTRIBUTES, u64::from(dropped.saturating_add(left_out)));
    link.fixed_32(field::link::FLAGS, flags(to.trace_flags().to_u8(), to.is_remote()));
    out.bytes(field::span::LINKS, &link);
}

pub(super) const STATUS_OK: u64 = 1;
pub(super) const STATUS_ERROR: u64 = 2;

/// Writes the status, even if it is unset.
#[inline]
pub(crate) fn status(out: &mut impl Message, status: &Status) {
    match status {
        Status::Unset => out.put(&[tag::STATUS, 0]),
        status => set_status(out, status),
    }
}

fn set_status(out: &mut impl Message, status: &Status) {
    let mut message = Vec::new();
    match status {
        Status::Unset => {}
        Status::Ok => message.number(field::status::CODE, STATUS_OK),
        Status::Error { description } => {
            message.text(field::status::MESSAGE, description);
            message.number(field::status::CODE, STATUS_ERROR);
        }
    }
    out.bytes(field::span::STATUS, &message);
}

const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

/// `SpanFlags`: the flags of the trace, and whether the parent, or the linked span, is remote.
pub(crate) fn flags(trace_flags: u8, remote: bool) -> u32 {
    u32::from(trace_flags) | HAS_IS_REMOTE | if remote { IS_REMOTE } else { 0 }
}

/// The arguments that [`flags`] was called with.
pub(super) fn from_flags(flags: u32) -> (u8, bool) {
    (flags.to_le_bytes()[0], flags & IS_REMOTE != 0)
}

/// A time as OTLP has it, in nanoseconds since the Unix epoch; times out of range become the nearest in
/// range.
pub(crate) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
