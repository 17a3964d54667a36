//! What does a key say of its value?

use super::redacted::Redacted;

/// What a key says of itself and of its value. The same for every value of the key, so that whoever sees many can
/// keep it.
#[derive(Clone, Debug)]
pub(crate) struct KeyRule {
    /// What leaves in place of the key.
    pub(crate) key: Redacted,
    /// Whether the value may leave at all.
    pub(super) passes: bool,
    /// The value of such a key is a secret, whatever it looks like.
    pub(super) is_secret: bool,
    /// Conventions of HTTP say something of its values.
    pub(super) is_of_http: bool,
}

impl KeyRule {
    /// The same, for what may leave whatever its key is.
    pub(crate) fn listed(self) -> KeyRule {
        KeyRule { passes: true, ..self }
    }

    #[cfg(test)]
    pub(crate) fn passes(&self) -> bool {
        self.passes
    }
}
