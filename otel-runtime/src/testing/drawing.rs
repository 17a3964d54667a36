//! How do spans look as text that is the same in every run?

use opentelemetry_sdk::trace::SpanData;

use super::tree::{Node, Place};
use crate::record::summary;
use crate::span::keys::TIMINGS;

const INDENT: &str = "  ";

/// What a drawing shows of a span, beside its name.
#[derive(Clone, Debug)]
pub(super) enum Told {
    /// Its attributes, its mark and its error.
    All,
    /// The attributes with these keys, its mark and its error.
    Keys(Vec<String>),
    Nothing,
}

/// One line for each span, without a line break after the last.
pub(super) fn drawing(nodes: &[Node], told: &Told) -> String {
    let mut lines = Vec::new();
    let mut above = None;
    for Node { data, place, depth, .. } in nodes {
        let parent = Some(data.parent_span_id);
        if *place == Place::Orphan && above != parent {
            lines.push("(a span that has not ended)".to_owned());
            above = parent;
        }
        lines.push(format!("{}{}", INDENT.repeat(*depth), line(data, told)));
    }
    lines.join("\n")
}

/// Mark, name, attributes, error.
pub(super) fn line(span: &SpanData, told: &Told) -> String {
    let is_told = |key: &str| match told {
        Told::All => !TIMINGS.contains(&key),
        Told::Keys(keys) => keys.iter().any(|told| told == key),
        Told::Nothing => false,
    };
    if let Told::Nothing = told {
        return in_one_line(&span.name);
    }
    let error = summary::error(span);
    let mark = match &error {
        Some(_) => "✗ ",
        None if summary::is_cancelled(span) => "⊘ ",
        None => "",
    };
    let mut line = format!("{mark}{}", in_one_line(&span.name));
    for attribute in summary::attributes(span).filter(|it| is_told(it.key.as_str())) {
        let (key, value) = (&attribute.key, &attribute.value);
        let text = summary::quoted(value, in_one_line(&value.as_str()));
        line.extend([" ", &in_one_line(key.as_str()), "=", &text]);
    }
    if let Some(error) = error {
        line.extend([" ", &in_one_line(&error)]);
    }
    line
}

/// `text` with line breaks and invisible characters written as escapes.
fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}
