//! Which metadata is recorded?

use http::{HeaderMap, HeaderName};
use opentelemetry::{Array, StringValue, Value};

/// The keys that were asked for; by default none.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen(Vec<HeaderName>);

/// So many values of a key are recorded at most.
const VALUES: usize = 16;

impl Chosen {
    /// Adds those of `keys` that metadata of text can have.
    pub(super) fn add<K: AsRef<str>>(&mut self, keys: impl IntoIterator<Item = K>) {
        let keys = keys.into_iter().filter_map(|key| {
            let key = HeaderName::from_bytes(key.as_ref().as_bytes()).ok()?;
            (!key.as_str().ends_with("-bin")).then_some(key)
        });
        self.0.extend(keys);
    }

    /// What there is of them, as the conventions have it: a list of texts a key.
    pub(super) fn of<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = (&'a HeaderName, Value)> + 'a {
        self.0.iter().filter(|key| headers.contains_key(*key)).map(|key| {
            let values = headers.get_all(key).iter().take(VALUES);
            let texts = values.map(|value| {
                StringValue::from(String::from_utf8_lossy(value.as_bytes()).into_owned())
            });
            (key, Value::Array(Array::String(texts.collect())))
        })
    }
}
