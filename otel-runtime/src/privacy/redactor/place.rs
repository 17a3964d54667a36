//! Where does a text stand that is about to leave?

use super::key::KeyRule;

/// The name of the event that an error or a panic is recorded as.
pub(crate) const EXCEPTION: &str = "exception";

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// The value of an attribute, or one in an array of it.
    Attribute {
        key: &'a str,
        rule: &'a KeyRule,
        /// `db.system.name`, where the attributes have it: whose dialect a statement is in.
        system: Option<&'a str>,
    },
    /// A name, or what is like one: `of` says of what, as in `span.name`. `is_static` if it is a constant of the
    /// program.
    Name { of: &'static str, is_static: bool },
    /// The text of a status.
    Status,
    /// OpenTelemetry's member of a trace state.
    Member,
    /// A key.
    Key,
    /// A member of baggage.
    Baggage,
    /// The text of a log record.
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "there are no log records"))]
    Body,
    /// A line of this crate's own.
    Line,
}

impl<'a> Place<'a> {
    pub(super) fn key(self) -> Option<&'a str> {
        match self {
            Place::Attribute { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The key, or what stands for it where there is none: hashes of one value differ by it.
    pub(super) fn called(self) -> &'a str {
        match self {
            Place::Attribute { key, .. } => key,
            Place::Name { of, .. } => of,
            Place::Status => "status.message",
            Place::Member => "trace_state",
            Place::Key => "key",
            Place::Baggage => "baggage",
            Place::Body => "log.body",
            Place::Line => "line",
        }
    }

    /// The same, for people: without a key that may not be told.
    pub(super) fn told(self) -> &'a str {
        match self {
            Place::Attribute { rule, .. } if !rule.key.is_kept() => "key",
            place => place.called(),
        }
    }
}
