//! How is a condition of a span written in the OpenTelemetry Transformation Language?

use std::fmt::Write;
use std::ops::Bound;

use opentelemetry::trace::SpanKind;

use crate::sampling::ParentKind;
use crate::sampling::tail::{Meaning, SpanTest, Value};

/// The bits of `SpanFlags` that say that the parent is remote: that it is known, and that it is so.
const REMOTE: u32 = 0x300;

/// The condition, which is so of the same spans as the test.
pub(super) fn condition(test: &SpanTest) -> String {
    match test {
        SpanTest::Error => "span.status.code == STATUS_CODE_ERROR".to_owned(),
        SpanTest::SlowerThan(duration) => {
            let nanoseconds = duration.as_nanos().min(i64::MAX as u128);
            format!("span.end_time_unix_nano - span.start_time_unix_nano > {nanoseconds}")
        }
        SpanTest::Name(patterns) => {
            any(patterns.iter().map(|pattern| of_pattern("span.name", pattern, true)))
        }
        SpanTest::Kind(kinds) => any(kinds.iter().map(|kind| {
            let kind = match kind {
                SpanKind::Server => "SERVER",
                SpanKind::Client => "CLIENT",
                SpanKind::Producer => "PRODUCER",
                SpanKind::Consumer => "CONSUMER",
                SpanKind::Internal => "INTERNAL",
            };
            format!("span.kind == SPAN_KIND_{kind}")
        })),
        SpanTest::Parent(parents) => any(parents.iter().map(|parent| match parent {
            ParentKind::None => "IsRootSpan()".to_owned(),
            ParentKind::Remote => format!("(not IsRootSpan() and span.flags >= {REMOTE})"),
            ParentKind::Local => format!("(not IsRootSpan() and span.flags < {REMOTE})"),
        })),
        SpanTest::Values { key, values } => {
            let of = attribute(key);
            let literals: Vec<String> = values.iter().flat_map(literals).collect();
            let whole = literals.iter().map(|literal| format!("{of} == {literal}"));
            let element = literals.iter().map(|literal| format!("ContainsValue({of}, {literal})"));
            let in_list = format!("(IsList({of}) and {})", any(element));
            any(whole.chain([in_list]))
        }
        SpanTest::Patterns { key, included, excluded } => {
            let of = attribute(key);
            let mut all = Vec::new();
            let is_safe = excluded.is_empty() && included.iter().all(|it| is_no_json(it));
            if !is_safe {
                // The text of an array or a mapping is its JSON, which matches nothing here.
                let kinds = ["IsString", "IsInt", "IsDouble", "IsBool"];
                all.push(any(kinds.map(|kind| format!("{kind}({of})"))));
            }
            if !included.is_empty() {
                all.push(any(included.iter().map(|pattern| of_pattern(&of, pattern, false))));
            }
            let not = |pattern: &String| format!("not {}", of_pattern(&of, pattern, false));
            all.extend(excluded.iter().map(not));
            self::all(all)
        }
        SpanTest::Number { key, low, high } => {
            let of = attribute(key);
            let end = |bound: &Bound<f64>, included: &str, excluded: &str| match bound {
                Bound::Included(number) => Some(format!("{of} {included} {}", float(*number))),
                Bound::Excluded(number) => Some(format!("{of} {excluded} {}", float(*number))),
                Bound::Unbounded => None,
            };
            all([end(low, ">=", ">"), end(high, "<=", "<")].into_iter().flatten())
        }
        SpanTest::All(tests) => all(tests.iter().map(condition)),
        SpanTest::Any(tests) => any(tests.iter().map(condition)),
        SpanTest::Not(test) => format!("not ({})", condition(test)),
    }
}

fn any(conditions: impl IntoIterator<Item = String>) -> String {
    joined(conditions, " or ")
}

fn all(conditions: impl IntoIterator<Item = String>) -> String {
    joined(conditions, " and ")
}

fn joined(conditions: impl IntoIterator<Item = String>, word: &str) -> String {
    let conditions: Vec<String> = conditions.into_iter().collect();
    match conditions.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(word)),
    }
}

fn attribute(key: &str) -> String {
    format!("span.attributes[{}]", text(key))
}

/// The text itself and, where it means a number or a truth value, that.
fn literals(value: &Value) -> impl Iterator<Item = String> {
    let meaning = match value.meaning {
        Meaning::Text => None,
        Meaning::Bool(is) => Some(is.to_string()),
        Meaning::I64(number) => Some(number.to_string()),
        Meaning::F64(number) => Some(float(number)),
    };
    [Some(text(&value.text)), meaning].into_iter().flatten()
}

/// With a dot, or it would be an integer.
fn float(number: f64) -> String {
    let digits = number.to_string();
    if digits.contains('.') { digits } else { digits + ".0" }
}

/// Whether a pattern cannot match the JSON of an array or a mapping, by its first character.
fn is_no_json(pattern: &str) -> bool {
    !pattern.starts_with(['*', '?', '[', '{'])
}

fn of_pattern(of: &str, pattern: &str, is_text: bool) -> String {
    let has_wildcard = pattern.contains(['*', '?']);
    let is_only_text = || is_text || matches!(Value::new(pattern).meaning, Meaning::Text);
    if !has_wildcard && is_only_text() {
        return format!("{of} == {}", text(pattern));
    }
    format!("IsMatch({of}, {})", text(&regex(pattern)))
}

/// A regular expression that matches as the pattern does. The Collector's need time that grows with the text alone.
fn regex(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    for character in pattern.chars() {
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '\\' | '.' | '+' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' => {
                regex.push('\\');
                regex.push(character);
            }
            character => regex.push(character),
        }
    }
    regex.push('$');
    regex
}

/// A text in quotes, with the escapes of Go.
fn text(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            character if character.is_control() => {
                // Writing to a text cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
