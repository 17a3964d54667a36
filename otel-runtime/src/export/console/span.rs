//! What does a drawing say about a span?

use std::time::SystemTime;

use opentelemetry::trace::Status;
use opentelemetry::{KeyValue, SpanId, Value};
use opentelemetry_sdk::trace::SpanData;

use super::roots::is_local_root;
use super::text::{clean, cut_left};

/// A name is cut to so many columns, as are keys and values.
const NAME: usize = 60;
const VALUE: usize = 40;
/// No line has room for more of an error.
const LINE: usize = 100;

/// All that is kept of a span while its trace is open: text that is safe to print, each piece cut
/// to what a line can show.
pub(super) struct Span {
    pub(super) id: SpanId,
    pub(super) parent: Parent,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// Each as `key=value`.
    pub(super) attributes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    None,
    Local(SpanId),
    Remote(SpanId),
}

pub(super) enum Outcome {
    Fine,
    Cancelled,
    Failed { error: String, location: String },
}

impl From<SpanData> for Span {
    fn from(data: SpanData) -> Self {
        let parent = if !is_local_root(data.parent_span_id, data.parent_span_is_remote) {
            Parent::Local(data.parent_span_id)
        } else if data.parent_span_id == SpanId::INVALID {
            Parent::None
        } else {
            Parent::Remote(data.parent_span_id)
        };
        let outcome = outcome(&data);
        Self {
            id: data.span_context.span_id(),
            parent,
            start: data.start_time,
            end: data.end_time,
            name: clean(&data.name, NAME),
            attributes: attributes(&data.attributes, &outcome),
            outcome,
        }
    }
}

impl Span {
    pub(super) fn is_local_root(&self) -> bool {
        !matches!(self.parent, Parent::Local(_))
    }

    /// About the memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        let outcome = match &self.outcome {
            Outcome::Fine | Outcome::Cancelled => 0,
            Outcome::Failed { error, location } => error.len() + location.len(),
        };
        let attributes = self.attributes.iter().map(|text| size_of::<String>() + text.len());
        size_of::<Self>() + self.name.len() + outcome + attributes.sum::<usize>()
    }
}

fn outcome(data: &SpanData) -> Outcome {
    let attribute = |key| last(&data.attributes, key).map(text).unwrap_or_default();
    let Status::Error { description } = &data.status else {
        let is_cancelled = attribute("traced.outcome") == "cancelled";
        return if is_cancelled { Outcome::Cancelled } else { Outcome::Fine };
    };

    let error_type = attribute("error.type");
    let error = match (type_name(&error_type), description.as_ref()) {
        ("", "") => "error".to_owned(),
        (error_type, "") => error_type.to_owned(),
        ("", description) => description.to_owned(),
        (error_type, description) if description.starts_with(error_type) => description.to_owned(),
        (error_type, description) => format!("{error_type}: {description}"),
    };
    let location = match (attribute("code.file.path"), attribute("code.line.number")) {
        (file, _) if file.is_empty() => String::new(),
        (file, line) if line.is_empty() => file,
        (file, line) => format!("{file}:{line}"),
    };
    Outcome::Failed { error: clean(&error, LINE), location: cut_left(&location, VALUE) }
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

/// `key=value` of everything that the line does not say elsewhere.
fn attributes(all: &[KeyValue], outcome: &Outcome) -> Vec<String> {
    let is_said = |key: &str| match outcome {
        _ if key.starts_with("code.") => true,
        Outcome::Failed { .. } => key == "error.type",
        Outcome::Cancelled => key == "traced.outcome",
        Outcome::Fine => false,
    };
    // The same key may be there twice; the last one counts.
    let is_overridden = |at: usize, key: &str| last(&all[at + 1..], key).is_some();
    let to_say = all.iter().enumerate().filter(|(at, attribute)| {
        let key = attribute.key.as_str();
        !is_said(key) && !is_overridden(*at, key)
    });
    to_say
        .map(|(_, KeyValue { key, value, .. })| {
            format!("{}={}", clean(key.as_str(), VALUE), readable(value))
        })
        .collect()
}

fn last<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().rfind(|attribute| attribute.key.as_str() == key).map(|found| &found.value)
}

fn text(value: &Value) -> String {
    value.as_str().into_owned()
}

/// A string is quoted where it would otherwise be unclear where it ends.
fn readable(value: &Value) -> String {
    let clean = clean(&value.as_str(), VALUE);
    let is_string = matches!(value, Value::String(_));
    if is_string && (clean.is_empty() || clean.contains([' ', '=', '"'])) {
        format!("\"{}\"", clean.replace('"', "\\\""))
    } else {
        clean
    }
}
