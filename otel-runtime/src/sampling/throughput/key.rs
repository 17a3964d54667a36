//! By what are spans told apart that have shares of their own?

use std::hash::{DefaultHasher, Hash, Hasher};

use opentelemetry::{Array, Key, KeyValue, Value};

use super::super::composite::Candidate;
use super::super::reads::AttributesRead;

/// The parts of a key.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyParts {
    pub(super) name: bool,
    pub(super) attributes: Vec<Key>,
}

impl KeyParts {
    /// A number for the key of this span, which is not zero; `None` if all spans share one. Two keys of a
    /// few hundred have the same number once in 10¹⁴ times, and would share their share.
    #[inline]
    pub(super) fn number(&self, span: &Candidate<'_>) -> Option<u64> {
        if !self.name && self.attributes.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        if self.name {
            span.name().hash(&mut hasher);
        }
        for key in &self.attributes {
            let of_key = |attribute: &&KeyValue| attribute.key == *key;
            match span.attributes().iter().rfind(of_key) {
                Some(attribute) => hash(&attribute.value, &mut hasher),
                None => hasher.write_u8(0),
            }
        }
        Some(hasher.finish().max(1))
    }

    /// A name may be computed with the attributes.
    pub(super) fn attributes_read(&self) -> AttributesRead {
        if self.name || !self.attributes.is_empty() {
            AttributesRead::Keys(self.attributes.clone())
        } else {
            AttributesRead::None
        }
    }

    /// As in ` by name, http.route`.
    pub(super) fn description(&self) -> String {
        let name = self.name.then_some("name");
        let parts: Vec<_> =
            name.into_iter().chain(self.attributes.iter().map(Key::as_str)).collect();
        if parts.is_empty() { String::new() } else { format!(" by {}", parts.join(", ")) }
    }
}

fn hash(value: &Value, hasher: &mut DefaultHasher) {
    hasher.write_u8(1);
    match value {
        Value::String(text) => text.as_str().hash(hasher),
        Value::I64(number) => number.hash(hasher),
        Value::Bool(is) => is.hash(hasher),
        Value::F64(number) => number.to_bits().hash(hasher),
        Value::Array(Array::String(texts)) => {
            for text in texts {
                text.as_str().hash(hasher);
            }
        }
        other => other.as_str().hash(hasher),
    }
}
