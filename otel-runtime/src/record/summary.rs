//! What should one line say about a finished span?

use std::collections::HashMap;

use opentelemetry::trace::Status;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

/// What went wrong: the error's type and its text, or the text alone if that names the type already.
pub(crate) fn error(span: &SpanData) -> Option<String> {
    let Status::Error { description } = &span.status else { return None };
    let error_type = text(span, "error.type");
    Some(match (type_name(&error_type), description.as_ref()) {
        ("", "") => "error".to_owned(),
        (error_type, "") => error_type.to_owned(),
        ("", description) => description.to_owned(),
        (error_type, description) if description.starts_with(error_type) => description.to_owned(),
        (error_type, description) => format!("{error_type}: {description}"),
    })
}

/// Whether it is the span of a future that was dropped before it was done.
pub(crate) fn is_cancelled(span: &SpanData) -> bool {
    !is_error(span) && text(span, "traced.outcome") == "cancelled"
}

/// The attributes, except those that tell where the function is, and those that [`error`] and
/// [`is_cancelled`] read.
pub(crate) fn attributes(span: &SpanData) -> impl Iterator<Item = &KeyValue> {
    let (is_error, is_cancelled) = (is_error(span), is_cancelled(span));
    let is_said = move |key: &str| {
        key.starts_with("code.")
            || is_error && key == "error.type"
            || is_cancelled && key == "traced.outcome"
    };
    let all = &span.attributes;
    // The same key may be there twice; the last one counts.
    let last: HashMap<&str, usize> =
        all.iter().enumerate().map(|(at, attribute)| (attribute.key.as_str(), at)).collect();
    let to_say = all.iter().enumerate().filter(move |(at, attribute)| {
        let key = attribute.key.as_str();
        !is_said(key) && last.get(key) == Some(at)
    });
    to_say.map(|(_, attribute)| attribute)
}

/// The value of an attribute; of several with this key, the last one.
pub(crate) fn attribute<'a>(span: &'a SpanData, key: &str) -> Option<&'a Value> {
    last(&span.attributes, key)
}

/// The text of an attribute, empty without one.
pub(crate) fn text(span: &SpanData, key: &str) -> String {
    attribute(span, key).map(|value| value.as_str().into_owned()).unwrap_or_default()
}

/// The text of a value, in quotes if it would otherwise be unclear where a string ends.
pub(crate) fn quoted(value: &Value, text: String) -> String {
    let is_string = matches!(value, Value::String(_));
    if is_string && (text.is_empty() || text.contains([' ', '=', '"'])) {
        format!("\"{}\"", text.replace('"', "\\\""))
    } else {
        text
    }
}

fn is_error(span: &SpanData) -> bool {
    matches!(span.status, Status::Error { .. })
}

fn last<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().rfind(|attribute| attribute.key.as_str() == key).map(|found| &found.value)
}

/// `shop::stock::NoStock` is `NoStock`, but `std::io::Error` is `io::Error`.
fn type_name(path: &str) -> &str {
    let generics = path.find('<').unwrap_or(path.len());
    let start_before = |end: usize| path[..end].rfind("::").map_or(0, |at| at + 2);
    let start = start_before(generics);
    match &path[start..] {
        "Error" if start > 0 => &path[start_before(start - 2)..],
        name => name,
    }
}
