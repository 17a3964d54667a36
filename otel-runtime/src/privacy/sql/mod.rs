//! What of a statement to a database is nobody's data?
//!
//! Its words and names are; its literals are not. They are found by reading the statement as its database does.
//! Where it is not known which one that is, what any of them would call a literal goes.
//!
//! | text | leaves |
//! | --- | --- |
//! | `SELECT * FROM users WHERE email = 'ada@example.com'` | `SELECT * FROM users WHERE email = ?` |
//! | `SELECT name FROM users WHERE id = $1 LIMIT 10` | as it is: it has parameters, so its short numbers are no data |
//! | `INSERT INTO t VALUES ('ada', 'rest of it is cut o` | `INSERT INTO t VALUES (?, ?` |

mod dialect;
mod documents;
mod failures;
mod lexer;
mod literals;
mod spot;

use std::borrow::Cow;

/// What of `text`, which stands in an attribute with this key or, without a key, in a name, a status or the text of
/// an exception, may leave. `system` is the value of `db.system.name` or `db.system` beside it.
pub(crate) fn redact<'a>(key: Option<&str>, text: &'a str, system: Option<&str>) -> Cow<'a, str> {
    match key {
        Some("db.query.text" | "db.statement" | "db.query.summary") => statement(text, system),
        // What was given in place of a parameter.
        Some(key)
            if key.starts_with("db.query.parameter.")
                || key.starts_with("db.operation.parameter.") =>
        {
            Cow::Borrowed("?")
        }
        None => within(text, system),
        Some(key) if ["db.", "exception.", "error."].iter().any(|begin| key.starts_with(begin)) => {
            within(text, system)
        }
        // Under any other key, a statement is looked for at the beginning only.
        Some(_) if spot::begins(text) => within(text, system),
        Some(_) => Cow::Borrowed(text),
    }
}

/// Whether [`redact`] may change `text`: `false` is always true, `true` need not be.
pub(crate) fn may_change(key: Option<&str>, text: &str) -> bool {
    match key {
        Some(key) if key.starts_with("db.") => true,
        Some(key) if !key.starts_with("exception.") && !key.starts_with("error.") => {
            spot::begins(text)
        }
        _ => failures::may_be_in(text) || spot::statement(text).is_some(),
    }
}

/// A text that is a statement as a whole.
pub(crate) fn statement<'a>(text: &'a str, system: Option<&str>) -> Cow<'a, str> {
    match system.map(str::trim).map(str::to_ascii_lowercase).as_deref() {
        Some("redis" | "valkey" | "memcached") => documents::command(text),
        Some(
            "mongodb" | "elasticsearch" | "opensearch" | "couchdb" | "aws.dynamodb" | "dynamodb",
        ) => literals::without(text, &[dialect::JSON]),
        system => literals::without(text, dialect::of(system)),
    }
}

/// A text in which a statement may stand, from somewhere to its end; and what databases say of values that they
/// refuse.
pub(crate) fn within<'a>(text: &'a str, system: Option<&str>) -> Cow<'a, str> {
    let Some(start) = spot::statement(text) else { return failures::without_values(text) };
    let (before, from_there) = text.split_at(start);
    match (failures::without_values(before), statement(from_there, system)) {
        (Cow::Borrowed(_), Cow::Borrowed(_)) => Cow::Borrowed(text),
        (before, after) => Cow::Owned(format!("{before}{after}")),
    }
}

#[cfg(test)]
mod tests;
