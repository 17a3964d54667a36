//! How is a configuration written as YAML?
//!
//! In block style, with every text in quotes: so none is taken for a number, a truth value or a date, and none
//! ends a line early.

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

/// A value of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yaml {
    Text(String),
    /// A text in which the Collector puts variables, as in `${env:BACKEND}`.
    Expanded(String),
    Number(u64),
    Float(f64),
    Bool(bool),
    List(Vec<Item>),
    Map(Vec<(String, Item)>),
}

/// A value, and what is said above it, in lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    comment: Vec<String>,
    value: Yaml,
}

impl Yaml {
    pub(super) fn text(text: impl Into<String>) -> Yaml {
        Yaml::Text(text.into())
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Yaml {
        Yaml::list(texts.into_iter().map(Yaml::text))
    }

    pub(super) fn list(values: impl IntoIterator<Item = Yaml>) -> Yaml {
        Yaml::List(values.into_iter().map(Item::from).collect())
    }

    pub(super) fn map<K: Into<String>, V: Into<Item>>(
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Yaml {
        Yaml::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// As Go reads it.
    pub(super) fn time(time: Duration) -> Yaml {
        Yaml::Text(format!("{}ms", time.as_millis()))
    }

    /// With this above it.
    pub(super) fn told<C: Into<String>>(self, comment: impl IntoIterator<Item = C>) -> Item {
        Item { comment: comment.into_iter().map(Into::into).collect(), value: self }
    }

    fn is_block(&self) -> bool {
        match self {
            Yaml::List(items) => !items.is_empty(),
            Yaml::Map(entries) => !entries.is_empty(),
            _ => false,
        }
    }

    fn write(&self, f: &mut Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Yaml::List(items) if !items.is_empty() => items.iter().try_for_each(|item| {
                item.comment(f, depth)?;
                indent(f, depth)?;
                f.write_str("- ")?;
                // The first key of a mapping stands behind the dash.
                match &item.value {
                    Yaml::Map(entries) => entries.iter().enumerate().try_for_each(|(at, entry)| {
                        if at > 0 {
                            entry.1.comment(f, depth + 1)?;
                            indent(f, depth + 1)?;
                        }
                        write_entry(f, entry, depth + 1)
                    }),
                    value => writeln!(f, "{value}"),
                }
            }),
            Yaml::Map(entries) => entries.iter().try_for_each(|entry| {
                entry.1.comment(f, depth)?;
                indent(f, depth)?;
                write_entry(f, entry, depth)
            }),
            value => writeln!(f, "{value}"),
        }
    }
}

fn write_entry(f: &mut Formatter<'_>, (key, item): &(String, Item), depth: usize) -> fmt::Result {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_/.-".contains(c);
    if key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(is_plain) {
        write!(f, "{key}:")?;
    } else {
        quoted(f, key)?;
        f.write_char(':')?;
    }
    if item.value.is_block() {
        f.write_char('\n')?;
        item.value.write(f, depth + 1)
    } else {
        writeln!(f, " {}", item.value)
    }
}

impl Item {
    fn comment(&self, f: &mut Formatter<'_>, depth: usize) -> fmt::Result {
        self.comment.iter().flat_map(|comment| comment.lines()).try_for_each(|line| {
            indent(f, depth)?;
            // A carriage return alone would end the line for some readers.
            writeln!(f, "# {}", line.replace(char::is_control, " "))
        })
    }
}

fn indent(f: &mut Formatter<'_>, depth: usize) -> fmt::Result {
    write!(f, "{:1$}", "", 2 * depth)
}

/// What stands on one line as it is written there, all else as a document.
impl Display for Yaml {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // Of two dollar signs the Collector makes one, and looks for a variable behind a single one.
            Yaml::Text(text) => quoted(f, &text.replace('$', "$$")),
            Yaml::Expanded(text) => quoted(f, text),
            Yaml::Number(number) => number.fmt(f),
            Yaml::Float(number) => number.fmt(f),
            Yaml::Bool(is) => is.fmt(f),
            Yaml::List(items) if items.is_empty() => f.write_str("[]"),
            Yaml::Map(entries) if entries.is_empty() => f.write_str("{}"),
            block => block.write(f, 0),
        }
    }
}

/// In double quotes, in which YAML knows the escapes of JSON.
fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\n' => f.write_str("\\n")?,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                write!(f, "\\u{:04x}", u32::from(character))?;
            }
            character if character.is_control() => write!(f, "\\u{:04x}", u32::from(character))?,
            character => f.write_char(character)?,
        }
    }
    f.write_char('"')
}

impl From<Yaml> for Item {
    fn from(value: Yaml) -> Self {
        Item { comment: Vec::new(), value }
    }
}

impl From<&str> for Item {
    fn from(text: &str) -> Self {
        Yaml::text(text).into()
    }
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Yaml::Text(text).into()
    }
}

impl From<u64> for Item {
    fn from(number: u64) -> Self {
        Yaml::Number(number).into()
    }
}

impl From<bool> for Item {
    fn from(is: bool) -> Self {
        Yaml::Bool(is).into()
    }
}
