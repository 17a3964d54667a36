//! How are lists, keys, values and times written, and which words mean something by themselves?

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

/// `a, b`
pub(super) struct Listed<'a, T>(pub(super) &'a [T]);

impl<T: Display> Display for Listed<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// `a|b`
pub(super) struct Any<'a>(pub(super) &'a [String]);

impl Display for Any<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "|" }, Quoted(value))?;
        }
        Ok(())
    }
}

/// Words that mean something else where a condition may stand.
pub(crate) const WORDS: [&str; 24] = [
    "all",
    "any",
    "bytes",
    "drop",
    "error",
    "every_span",
    "keep",
    "kind",
    "lasts",
    "method",
    "name",
    "named",
    "no_span",
    "not",
    "parent",
    "path",
    "rate",
    "ratio",
    "root",
    "route",
    "slower",
    "span",
    "spans",
    "burst",
];

/// The key of an attribute.
pub(super) struct Key<'a>(pub(super) &'a str);

impl Display for Key<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // A key without a dot may look like a word that is misspelt.
        if !self.0.contains('.') || self.0.contains(char::is_whitespace) {
            quoted(f, self.0)
        } else {
            write!(f, "{}", Quoted(self.0))
        }
    }
}

/// A text, in quotes only where it needs them.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let is_plain = |c: char| {
            !matches!(c, '"' | '\\' | ',' | ';' | '|' | '(' | ')' | '=' | '!' | '<' | '>')
        };
        if !text.is_empty() && text.trim() == text && text.chars().all(is_plain) {
            f.write_str(text)
        } else {
            quoted(f, text)
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}

/// `10s`, `250ms`, `900us` or `1ns`.
pub(super) struct Time(pub(super) Duration);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.as_nanos();
        for (unit, name) in [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")] {
            if nanoseconds.is_multiple_of(unit) {
                return write!(f, "{}{name}", nanoseconds / unit);
            }
        }
        write!(f, "{nanoseconds}ns")
    }
}
