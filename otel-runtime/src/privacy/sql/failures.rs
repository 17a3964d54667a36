//! Which of what a database says of a value that it refuses is the value?

use std::borrow::Cow;

/// What stands before a value, and what behind it. The value goes up to the last of them that is there, and to the
/// end of the line where none is.
struct Failure {
    before: &'static str,
    /// Between the names of columns and the value.
    between: Option<&'static str>,
    behind: &'static [&'static str],
}

const FAILURES: [Failure; 7] = [
    // PostgreSQL
    Failure {
        before: "Key (",
        between: Some(")=("),
        behind: &[
            ") already exists",
            ") is not present",
            ") is still referenced",
            ") conflicts with",
            ")",
        ],
    },
    Failure { before: "Failing row contains (", between: None, behind: &[")"] },
    Failure { before: "invalid input syntax for ", between: Some(": \""), behind: &["\""] },
    Failure { before: "invalid input value for ", between: Some(": \""), behind: &["\""] },
    // MySQL and MariaDB
    Failure { before: "Duplicate entry '", between: None, behind: &["' for key", "'"] },
    Failure { before: " value: '", between: None, behind: &["' for column", "'"] },
    // SQL Server
    Failure { before: "duplicate key value is (", between: None, behind: &[")"] },
];

/// Whether there may be such a value in a text.
pub(super) fn may_be_in(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'(' | b'\'' | b'"'))
}

/// The text with a `?` for each such value.
pub(super) fn without_values(text: &str) -> Cow<'_, str> {
    if !may_be_in(text) {
        return Cow::Borrowed(text);
    }
    let mut text = Cow::Borrowed(text);
    for failure in &FAILURES {
        if let Some(without) = failure.without(&text) {
            text = Cow::Owned(without);
        }
    }
    text
}

impl Failure {
    /// `None` if it does not stand there.
    fn without(&self, text: &str) -> Option<String> {
        let mut without: Option<String> = None;
        let mut from = 0;
        while let Some(found) = text[from..].find(self.before) {
            let mut start = from + found + self.before.len();
            let line = text[start..].find('\n').map_or(text.len(), |length| start + length);
            if let Some(between) = self.between {
                let Some(found) = text[start..line].find(between) else {
                    // Nor does it stand behind another one on this line.
                    without.get_or_insert_default().push_str(&text[from..line]);
                    from = line;
                    continue;
                };
                start += found + between.len();
            }
            let value = &text[start..line];
            let end = self
                .behind
                .iter()
                .find_map(|behind| value.rfind(behind))
                .map_or(line, |length| start + length);
            let without = without.get_or_insert_default();
            without.push_str(&text[from..start]);
            without.push('?');
            from = end;
        }
        let mut without = without?;
        without.push_str(&text[from..]);
        Some(without)
    }
}
