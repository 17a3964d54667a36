//! What became of a value?

use std::fmt;

/// What becomes of a value that is about to leave.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "the value must not leave as it is, unless it is kept"]
#[non_exhaustive]
pub enum Redacted {
    /// Nothing was found: it leaves as it is.
    Kept,
    /// This text leaves in its place.
    Replaced(String),
    /// Nothing leaves.
    Dropped,
}

impl Redacted {
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self, Redacted::Kept)
    }

    /// What leaves of a text of which something has to, such as a name.
    pub(crate) fn or_placeholder(self) -> Option<String> {
        match self {
            Redacted::Kept => None,
            Redacted::Replaced(text) if !text.is_empty() => Some(text),
            Redacted::Replaced(_) | Redacted::Dropped => Some(PLACEHOLDER.to_owned()),
        }
    }
}

/// What stands where something has to stand, and nothing of it may leave.
pub(crate) const PLACEHOLDER: &str = "[redacted]";

/// Does not show the text: the rest of a value may be what nobody should see either.
impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Redacted::Kept => "Kept",
            Redacted::Replaced(_) => "Replaced(..)",
            Redacted::Dropped => "Dropped",
        })
    }
}
