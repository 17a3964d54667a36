//! What does a finished span say of itself, looked up without a copy?

use opentelemetry::SpanId;

use super::attributes::{self, key_and_value, scalar};
use super::fields::{STATUS_ERROR, Scalar};
use super::wire::{Field, Message, Reader};
use super::{Fields, Span, field};

/// The value of an attribute.
pub(crate) enum Found<'a> {
    One(Scalar<'a>),
    /// An `ArrayValue`, whose elements are read by [`elements`].
    Array(&'a [u8]),
}

/// The text of the first attribute among `fields` that has one of these keys.
pub(crate) fn text<'a>(fields: &'a [u8], keys: &[&str]) -> Option<&'a str> {
    let all = Reader::new(fields).filter_map(attributes::attribute).filter_map(key_and_value);
    let mut found = all.filter(|(key, _)| keys.iter().any(|it| it.as_bytes() == *key));
    found.find_map(|(_, any)| match scalar(any)? {
        Scalar::String(text) => Some(text),
        _ => None,
    })
}

impl<'a> Span<'a> {
    pub(crate) fn name(&self) -> &'a str {
        let mut name = self.finished.common().0;
        for (number, field) in Reader::new(self.fields) {
            if let (field::span::NAME, Field::Bytes(own)) = (number, field) {
                name = str::from_utf8(own).unwrap_or_default();
            }
        }
        name
    }

    /// Whether its status is Error.
    pub(crate) fn is_error(&self) -> bool {
        let code = |status| {
            Reader::new(status).any(|it| it == (field::status::CODE, Field::Number(STATUS_ERROR)))
        };
        Reader::new(self.fields)
            .filter_map(|(number, field)| match field {
                Field::Bytes(status) if number == field::span::STATUS => Some(status),
                _ => None,
            })
            .last()
            .is_some_and(code)
    }

    /// The value of an attribute: of the last, if there are several with this key.
    pub(crate) fn attribute(&self, key: &str) -> Option<Found<'a>> {
        let (_, place) = self.finished.common();
        let own = [self.fields, place].into_iter().find_map(|fields| {
            let all = Reader::new(fields).filter_map(attributes::attribute);
            let of_key = all.filter_map(key_and_value).filter(|it| it.0 == key.as_bytes());
            of_key.last().map(|it| it.1)
        })?;
        if let (field::any_value::ARRAY, Field::Bytes(array)) = Reader::new(own).next()? {
            return Some(Found::Array(array));
        }
        scalar(own).map(Found::One)
    }

    /// Its trace state as a header has it; empty if it has none.
    pub(crate) fn trace_state(&self) -> &'a str {
        let state = Reader::new(self.fields).find_map(|(number, field)| match field {
            Field::Bytes(state) if number == field::span::TRACE_STATE => Some(state),
            _ => None,
        });
        state.and_then(|state| str::from_utf8(state).ok()).unwrap_or_default()
    }

    /// Its fields with another trace state.
    pub(crate) fn with_trace_state(&self, state: &str) -> Fields {
        let mut fields = Fields::with_capacity(self.fields.len() + state.len() + 2);
        for (number, field) in attributes::whole(self.fields) {
            if number != field::span::TRACE_STATE {
                fields.extend_from_slice(field);
            }
        }
        fields.text(field::span::TRACE_STATE, state);
        fields
    }

    /// About how many bytes it takes when it is sent.
    pub(crate) fn sent_len(&self) -> usize {
        /// Ids, times, kind and flags.
        const FIXED: usize = 66;
        let (name, place) = self.finished.common();
        FIXED + name.len() + place.len() + self.fields.len()
    }

    /// Whether its trace begins with it.
    pub(crate) fn begins_trace(&self) -> bool {
        self.finished.parent_span_id == SpanId::INVALID
    }
}

/// The elements of an array.
pub(crate) fn elements(array: &[u8]) -> impl Iterator<Item = Scalar<'_>> {
    Reader::new(array).filter_map(|field| match field {
        (field::VALUES, Field::Bytes(any)) => scalar(any),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Status, TraceState};
    use opentelemetry::{Array, KeyValue, Value};

    use super::super::{Finished, Limits, fields};
    use super::*;

    fn fields() -> Fields {
        let mut fields = Fields::new();
        let state: TraceState = "ot=th:8,a=b".parse().expect("valid");
        fields::trace_state(&mut fields, field::span::TRACE_STATE, &state);
        let attributes = [
            KeyValue::new("a", 1),
            KeyValue::new("list", Value::Array(Array::I64(vec![1, 2]))),
            KeyValue::new("a", "two"),
        ];
        for KeyValue { key, value, .. } in &attributes {
            let limits = Limits::default();
            fields::attribute(&mut fields, field::span::ATTRIBUTES, key.as_str(), value, &limits);
        }
        fields.text(field::span::NAME, "a name");
        fields::status(&mut fields, &Status::error("why"));
        fields
    }

    #[test]
    fn a_span_is_asked_for_what_was_written() {
        let (finished, fields): (Finished, _) = (Finished::of(&super::super::NOBODY), fields());
        let span = Span { finished: &finished, fields: &fields };

        assert_eq!((span.name(), span.trace_state()), ("a name", "ot=th:8,a=b"));
        assert!(span.is_error());
        assert!(matches!(span.attribute("a"), Some(Found::One(Scalar::String("two")))));
        let Some(Found::Array(list)) = span.attribute("list") else { panic!("an array") };
        assert_eq!(elements(list).count(), 2);
        assert!(span.attribute("b").is_none());
    }

    #[test]
    fn another_trace_state_changes_nothing_else() {
        let (finished, before): (Finished, _) = (Finished::of(&super::super::NOBODY), fields());
        let fields = Span { finished: &finished, fields: &before }.with_trace_state("a=b");
        let span = Span { finished: &finished, fields: &fields };

        assert_eq!((span.name(), span.trace_state(), span.is_error()), ("a name", "a=b", true));
        let without = Span { finished: &finished, fields: &before }.with_trace_state("");
        assert_eq!(without.len() + 2 + "ot=th:8,a=b".len(), before.len());
    }
}
