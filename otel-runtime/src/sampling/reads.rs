//! Which attributes does a sampler look at?

use opentelemetry::Key;

/// The attributes that a sampler looks at. They have to be known when a span starts; where it looks at none,
/// a span that is not sampled evaluates none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributesRead {
    /// None at all, nor the span's name, which a call may compute: such a sampler is asked before either is.
    None,
    /// The name, and the attributes with these keys, if any.
    Keys(Vec<Key>),
    /// Any, as far as is known.
    Any,
}

impl AttributesRead {
    /// What both look at.
    #[must_use]
    pub fn and(self, other: AttributesRead) -> AttributesRead {
        match (self, other) {
            (AttributesRead::None, other) | (other, AttributesRead::None) => other,
            (AttributesRead::Any, _) | (_, AttributesRead::Any) => AttributesRead::Any,
            (AttributesRead::Keys(mut keys), AttributesRead::Keys(others)) => {
                for key in others {
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
                AttributesRead::Keys(keys)
            }
        }
    }
}
