//! Which values follow a secret's name?
//!
//! `password=x`, `{"password":"x"}`, `token: "x"`, `--password x`, `x-api-key: x`, `<password>x</password>`,
//! `("authorization", "Basic x")`, `Client { token: Some("x") }`: the value, from the separator to its own end.

mod names;
mod placeholders;
mod separator;
mod value;

use std::ops::Range;

use super::super::class::Class;
use super::candidate::Candidate;
use super::coverage::Coverage;
use super::detector::{Check, Detector};
use super::signs::Signs;

use names::SecretName;
pub(super) use names::is_secret;
pub(super) use placeholders::is_placeholder;
use placeholders::is_word;

pub(super) const NAMED: Detector = Detector {
    name: "named",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: names::PARTS,
    signs: Signs::NONE,
    pattern: names::PATTERN,
    check: Check::Parts(values),
};

/// No name is longer.
const LONGEST: usize = 96;

fn values(part: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let text = part.text.as_bytes();
    let in_name =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$');
    let start =
        part.range.start - part.before().iter().rev().take(LONGEST).take_while(in_name).count();
    let end = part.range.end + part.after().iter().take(LONGEST).take_while(in_name).count();
    let Some(separator) = separator::after(text, start..end) else { return };
    let Some(name) = SecretName::of(part.text[start..end].trim_matches(['-', '.', '$'])) else {
        return;
    };
    let Some(range) = value::at(text, &separator, &name) else { return };
    let value = &text[range.clone()];
    let is_quoted = matches!(text[range.start - 1], b'"' | b'\'' | b'`');
    if !is_placeholder(value)
        && (is_quoted || !is_word(value))
        && name.allows(value, separator.kind)
    {
        found(range);
    }
}

#[cfg(test)]
mod tests;
