//! What is known of the span that an event belongs to, and how is it written?

use std::fmt::{self, Write};

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Array, Context, KeyValue, Value};

use crate::context::listed::Listed;
use crate::context::values::Values;

/// The keys of the ids, as the specification has them for
/// [formats that are not OTLP](https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/).
pub(super) const KEYS: [&str; 3] = ["trace_id", "span_id", "trace_flags"];

/// The ids of a span, as text, and the attributes that lines show.
pub(super) struct Found {
    trace_id: [u8; 32],
    span_id: [u8; 16],
    trace_flags: [u8; 2],
    listed: Option<Listed>,
}

impl Found {
    /// What is known of the span in `context`, which need not be recorded. `None` without one.
    #[inline]
    pub(super) fn in_context(context: &Context) -> Option<Found> {
        if !context.has_active_span() {
            return None;
        }
        let span = context.span();
        let span = span.span_context();
        if !span.is_valid() {
            return None;
        }
        Some(Found {
            trace_id: hex(&span.trace_id().to_bytes()),
            span_id: hex(&span.span_id().to_bytes()),
            trace_flags: hex(&[span.trace_flags().to_u8()]),
            listed: Values::listed(context).cloned(),
        })
    }

    /// The ids, in the order of [`KEYS`].
    #[inline]
    pub(super) fn ids(&self) -> [&str; 3] {
        let text = |digits| str::from_utf8(digits).unwrap_or_default();
        [text(&self.trace_id), text(&self.span_id), text(&self.trace_flags)]
    }

    /// Those attributes that a line shows which lists these keys.
    pub(super) fn attributes<'a>(
        &'a self,
        keys: &'a [String],
    ) -> impl Iterator<Item = &'a KeyValue> {
        // In the order of the keys, so that all lines have the same.
        let all = self.listed.as_ref().map(Listed::attributes).unwrap_or_default();
        keys.iter().filter_map(|key| all.iter().find(|attribute| attribute.key.as_str() == key))
    }
}

/// Two digits for each byte.
#[inline]
fn hex<const DIGITS: usize>(bytes: &[u8]) -> [u8; DIGITS] {
    const OF: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [b'0'; DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = OF[usize::from(byte >> 4)];
        pair[1] = OF[usize::from(byte & 0xf)];
    }
    digits
}

/// Writes `key=value `, so that it is one word whatever is in it.
pub(super) fn write_pair(writer: &mut impl Write, key: &str, value: &Value) -> fmt::Result {
    write_word(writer, key)?;
    writer.write_char('=')?;
    match value {
        Value::String(text) => write_word(writer, text.as_str())?,
        Value::Array(Array::String(_)) => write_word(writer, &value.as_str())?,
        value => write!(writer, "{value}")?,
    }
    writer.write_char(' ')
}

/// Writes a text as it is, or, with anything in it that could be taken for the rest of the line or moves a terminal's
/// cursor, in quotes and escaped.
fn write_word(writer: &mut impl Write, word: &str) -> fmt::Result {
    let is_plain = |c: char| c.is_alphanumeric() || "_.-/:@+,;#%&*()[]{}<>|~^$!?'".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        writer.write_str(word)
    } else {
        write!(writer, "{word:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, value: impl Into<Value>) -> String {
        let mut text = String::new();
        write_pair(&mut text, key, &value.into()).expect("a string takes everything");
        text
    }

    #[test]
    fn a_value_is_one_word_whatever_is_in_it() {
        assert_eq!(pair("tenant.id", 7), "tenant.id=7 ");
        assert_eq!(pair("url.path", "/orders/größe"), "url.path=/orders/größe ");
        assert_eq!(pair("name", "two words"), "name=\"two words\" ");
        assert_eq!(pair("name", ""), "name=\"\" ");
        assert_eq!(pair("a b", "a=b"), "\"a b\"=\"a=b\" ");
        assert_eq!(pair("name", "a\nlevel=ERROR \"x\""), "name=\"a\\nlevel=ERROR \\\"x\\\"\" ");
        assert_eq!(pair("name", "\u{1b}[31mred\u{9b}"), "name=\"\\u{1b}[31mred\\u{9b}\" ");
        assert_eq!(pair("name", "\u{202e}gnp"), "name=\"\\u{202e}gnp\" ");
        assert_eq!(pair("rows", Value::Array(vec![1, 2].into())), "rows=[1,2] ");
    }
}
