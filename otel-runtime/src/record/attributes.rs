//! Which attributes do the fields of a span hold?
//!
//! What cannot be read is left out.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use opentelemetry::{Array, KeyValue, Value};

use super::fields::Scalar;
use super::wire::{BYTES, Field, Reader};
use super::{Fields, field};

/// The attributes in their order.
pub(crate) fn attributes(fields: &[u8]) -> impl Iterator<Item = KeyValue> {
    encoded(fields).filter_map(key_value)
}

/// Makes room for a new value of this key: removes the attribute, and returns whether there was one.
pub(crate) fn replace(fields: &mut Fields, key: &str) -> bool {
    let place = find(fields, key);
    if let Some(place) = place.clone() {
        fields.drain(place);
    }
    place.is_some()
}

/// The keys of the attributes, except those that are not UTF-8.
pub(crate) fn keys(fields: &[u8]) -> impl Iterator<Item = &str> {
    encoded(fields).filter_map(key).filter_map(|key| str::from_utf8(key).ok())
}

/// Of attributes with the same key, keeps only the last.
pub(crate) fn keep_last(fields: &mut Fields) {
    let mut last = HashMap::new();
    for (at, attribute) in encoded(fields).enumerate() {
        last.insert(key(attribute), at);
    }
    let mut kept = Fields::with_capacity(fields.len());
    let (mut reader, mut start, mut at) = (Reader::new(fields), 0, 0);
    while let Some(field) = reader.next() {
        let end = fields.len() - reader.rest().len();
        let attribute = attribute(field);
        if attribute.is_none_or(|attribute| last.get(&key(attribute)) == Some(&at)) {
            kept.extend_from_slice(&fields[start..end]);
        }
        at += usize::from(attribute.is_some());
        start = end;
    }
    *fields = kept;
}

/// Of all fields, attributes and others, keeps only those that `other` has, too.
pub(crate) fn keep_common(fields: &mut Fields, other: &[u8]) {
    if *fields == other {
        return;
    }
    let others: HashSet<&[u8]> = whole(other).map(|(_, field)| field).collect();
    let mut kept = Fields::with_capacity(fields.len());
    for (_, field) in whole(fields).filter(|(_, field)| others.contains(field)) {
        kept.extend_from_slice(field);
    }
    *fields = kept;
}

/// Each field, with its number before it and as its bytes, tag included.
pub(super) fn whole(fields: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let (mut reader, mut start) = (Reader::new(fields), 0);
    std::iter::from_fn(move || {
        let (number, _) = reader.next()?;
        let end = fields.len() - reader.rest().len();
        let field = &fields[start..end];
        start = end;
        Some((number, field))
    })
}

/// Whether there is an attribute with this key.
pub(crate) fn has(fields: &[u8], key: &str) -> bool {
    find(fields, key).is_some()
}

/// The first bytes of an attribute and of its key.
const ATTRIBUTE: u8 = tag(field::span::ATTRIBUTES);
const KEY: u8 = tag(field::key_value::KEY);

/// A tag that takes one byte.
#[expect(clippy::cast_possible_truncation, reason = "these fields have small numbers")]
const fn tag(field: u32) -> u8 {
    (field << 3 | BYTES) as u8
}

/// Where the attribute with this key stands among the fields.
fn find(fields: &[u8], key: &str) -> Option<Range<usize>> {
    let key = key.as_bytes();
    let mut start = 0;
    loop {
        let rest = fields.get(start..)?;
        // Nearly all fields are attributes whose lengths take one byte each. This runs once for each field,
        // whenever an attribute is set on an open span.
        let (end, is_it) = if let [ATTRIBUTE, len @ ..0x80, KEY, key_len, content @ ..] = rest {
            let is_it = usize::from(*key_len) == key.len() && content.starts_with(key);
            (start + 2 + usize::from(*len), is_it)
        } else {
            let mut reader = Reader::new(rest);
            let attribute = attribute(reader.next()?);
            let is_it = attribute.and_then(self::key) == Some(key);
            (fields.len() - reader.rest().len(), is_it)
        };
        if is_it {
            return (end <= fields.len()).then_some(start..end);
        }
        start = end;
    }
}

fn encoded(fields: &[u8]) -> impl Iterator<Item = &[u8]> {
    Reader::new(fields).filter_map(attribute)
}

pub(super) fn attribute(field: (u32, Field<'_>)) -> Option<&[u8]> {
    match field {
        (field::span::ATTRIBUTES, Field::Bytes(attribute)) => Some(attribute),
        _ => None,
    }
}

/// The key of an attribute, which is written first.
fn key(attribute: &[u8]) -> Option<&[u8]> {
    match Reader::new(attribute).next() {
        Some((field::key_value::KEY, Field::Bytes(key))) => Some(key),
        _ => None,
    }
}

/// The key and the encoded value of an attribute.
pub(super) fn key_and_value(attribute: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(attribute);
    match (reader.next()?, reader.next()?) {
        (
            (field::key_value::KEY, Field::Bytes(key)),
            (field::key_value::VALUE, Field::Bytes(any)),
        ) => Some((key, any)),
        _ => None,
    }
}

/// `KeyValue`
pub(super) fn key_value(message: &[u8]) -> Option<KeyValue> {
    let (mut key, mut value) = (None, None);
    for field in Reader::new(message) {
        match field {
            (field::key_value::KEY, Field::Bytes(text)) => key = str::from_utf8(text).ok(),
            (field::key_value::VALUE, Field::Bytes(any)) => value = self::value(any),
            _ => {}
        }
    }
    Some(KeyValue::new(key?.to_owned(), value?))
}

/// `AnyValue`
fn value(any: &[u8]) -> Option<Value> {
    if let (field::any_value::ARRAY, Field::Bytes(values)) = Reader::new(any).next()? {
        return Some(Value::Array(array(values)));
    }
    Some(match scalar(any)? {
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Int(value) => Value::I64(value),
        Scalar::Double(value) => Value::F64(value),
        Scalar::String(text) => Value::String(text.to_owned().into()),
    })
}

/// An `AnyValue` in an array; it is not an array itself.
pub(super) fn scalar(any: &[u8]) -> Option<Scalar<'_>> {
    match Reader::new(any).next()? {
        (field::any_value::BOOL, Field::Number(value)) => Some(Scalar::Bool(value != 0)),
        (field::any_value::INT, Field::Number(value)) => Some(Scalar::Int(value.cast_signed())),
        (field::any_value::DOUBLE, Field::Fixed64(bits)) => {
            Some(Scalar::Double(f64::from_bits(bits)))
        }
        (field::any_value::STRING, Field::Bytes(text)) => {
            str::from_utf8(text).ok().map(Scalar::String)
        }
        _ => None,
    }
}

/// An `ArrayValue`, which has the type of its first value. The type of an empty one is lost.
fn array(message: &[u8]) -> Array {
    let mut values = Reader::new(message)
        .filter_map(|field| match field {
            (field::VALUES, Field::Bytes(any)) => scalar(any),
            _ => None,
        })
        .peekable();
    let mut array = match values.peek() {
        Some(Scalar::Bool(_)) => Array::Bool(Vec::new()),
        Some(Scalar::Int(_)) => Array::I64(Vec::new()),
        Some(Scalar::Double(_)) => Array::F64(Vec::new()),
        Some(Scalar::String(_)) | None => Array::String(Vec::new()),
    };
    for value in values {
        match (&mut array, value) {
            (Array::Bool(array), Scalar::Bool(value)) => array.push(value),
            (Array::I64(array), Scalar::Int(value)) => array.push(value),
            (Array::F64(array), Scalar::Double(value)) => array.push(value),
            (Array::String(array), Scalar::String(text)) => array.push(text.to_owned().into()),
            _ => {}
        }
    }
    array
}

#[cfg(test)]
mod tests {
    use opentelemetry::StringValue;

    use super::super::Limits;
    use super::super::fields;
    use super::super::wire::Message;
    use super::*;

    fn encoded(attributes: &[KeyValue]) -> Fields {
        let mut encoded = Fields::new();
        encoded.text(field::span::NAME, "a name");
        for KeyValue { key, value, .. } in attributes {
            let limits = Limits::default();
            fields::attribute(&mut encoded, field::span::ATTRIBUTES, key.as_str(), value, &limits);
        }
        encoded.number(field::span::DROPPED_ATTRIBUTES, 3);
        encoded
    }

    fn array(array: impl Into<Array>) -> Value {
        Value::Array(array.into())
    }

    fn strings(strings: &[&'static str]) -> Value {
        array(strings.iter().copied().map(StringValue::from).collect::<Vec<_>>())
    }

    #[test]
    fn attributes_are_read_as_they_were_written() {
        let written = [
            KeyValue::new("bool", false),
            KeyValue::new("int", i64::MIN),
            KeyValue::new("double", -0.0),
            KeyValue::new("string", "größer"),
            KeyValue::new("", ""),
            KeyValue::new("bools", array(vec![true, false])),
            KeyValue::new("ints", array(vec![-1, 0, 1])),
            KeyValue::new("doubles", array(vec![f64::INFINITY, f64::MIN_POSITIVE])),
            KeyValue::new("strings", strings(&["", "größer"])),
            KeyValue::new("none", strings(&[])),
        ];

        let fields = encoded(&written);

        assert_eq!(attributes(&fields).collect::<Vec<_>>(), written);
        assert_eq!(attributes(&fields).count(), written.len());
    }

    #[test]
    fn an_empty_array_is_one_of_strings() {
        let fields = encoded(&[KeyValue::new("ints", array(Vec::<i64>::new()))]);

        let expected = KeyValue::new("ints", strings(&[]));
        assert_eq!(attributes(&fields).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn not_a_number_keeps_its_bits() {
        let nan = f64::from_bits(0xfff8_0000_0000_002a);
        let fields = encoded(&[KeyValue::new("nan", nan)]);

        let read = attributes(&fields).next().map(|attribute| attribute.value);

        assert!(matches!(read, Some(Value::F64(read)) if read.to_bits() == nan.to_bits()));
    }

    #[test]
    fn an_attribute_is_removed_by_its_key() {
        let [a, ab, b] = ["a", "ab", "b"].map(|key| KeyValue::new(key, "a"));
        let mut fields = encoded(&[a.clone(), ab.clone(), b.clone()]);

        assert!(replace(&mut fields, "ab"));
        assert_eq!(fields, encoded(&[a.clone(), b.clone()]));
        assert!(!replace(&mut fields, "ab"));
        assert!(!replace(&mut fields, "a name"));
        assert!(!replace(&mut fields, ""));
        assert!(replace(&mut fields, "b"));
        assert!(replace(&mut fields, "a"));
        assert_eq!(fields, encoded(&[]));
    }

    #[test]
    fn of_attributes_with_one_key_the_last_is_left() {
        let [a, b, c] = [1, 2, 3].map(|value| KeyValue::new("a", value));
        let other = KeyValue::new("other", "a");
        let mut fields = encoded(&[a, other.clone(), b, c.clone()]);

        keep_last(&mut fields);

        assert_eq!(fields, encoded(&[other, c]));
        assert_eq!(keys(&fields).collect::<Vec<_>>(), ["other", "a"]);
    }

    #[test]
    fn what_two_spans_have_in_common_is_kept() {
        let [a, b, c] = ["a", "b", "c"].map(|key| KeyValue::new(key, 1));
        let other = KeyValue::new("b", 2);
        let mut fields = encoded(&[a.clone(), b.clone(), c.clone()]);

        keep_common(&mut fields, &encoded(&[c.clone(), other, a.clone()]));
        assert_eq!(fields, encoded(&[a, c]));
        keep_common(&mut fields, &encoded(&[]));
        assert_eq!(fields, encoded(&[]));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let fields = encoded(&[KeyValue::new("key", strings(&["a value"]))]);
        let bytes: Vec<u8> = (0..=255).collect();

        for len in 0..fields.len() {
            attributes(&fields[..len]).for_each(drop);
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut broken = fields.clone();
                broken[len] = byte;
                attributes(&broken).for_each(drop);
                replace(&mut broken, "key");
                keep_last(&mut broken);
            }
        }
        assert_eq!(attributes(&bytes).count(), 0);
        let mut no_text = Fields::new();
        no_text.bytes(field::span::ATTRIBUTES, &[0x0a, 1, 0xff, 0x12, 2, 0x10, 1]);
        assert_eq!(attributes(&no_text).count(), 0);
    }
}
