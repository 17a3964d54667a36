//! Which headers does a program want to see on its spans?

use std::collections::BTreeSet;
use std::sync::Mutex;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use opentelemetry::{Array, StringValue, Value};

use crate::process::inbound::{self, Inbound, cut};
use crate::process::lock::lock;

/// How many values of a header are recorded, and how much of each: a peer may send any number.
const MAX_VALUES: usize = 32;
const MAX_VALUE: usize = 1024;

/// A header, and the attribute that its values become.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    pub(crate) name: HeaderName,
    pub(crate) key: &'static str,
}

impl Captured {
    /// `http.request.header.<name>`, where `prefix` is `http.request.header`.
    pub(crate) fn new(prefix: &str, name: HeaderName) -> Captured {
        let key = interned(format!("{prefix}.{}", name.as_str()));
        Captured { name, key }
    }

    /// The header's values, if it is present: by the conventions always a list.
    pub(crate) fn values(&self, headers: &HeaderMap) -> Option<Value> {
        let mut all = headers.get_all(&self.name).iter();
        let values: Vec<StringValue> = all
            .by_ref()
            .take(MAX_VALUES)
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .map(|value| cut(&value, MAX_VALUE).to_owned().into())
            .collect();
        let left_out: usize = all.map(HeaderValue::len).sum();
        if left_out > 0 {
            inbound::refuse(Inbound::Text, left_out);
        }
        (!values.is_empty()).then_some(Value::Array(Array::String(values)))
    }
}

/// Makes keys `'static`, like those of functions. A program has few of them, however many layers it makes.
fn interned(key: String) -> &'static str {
    static KEYS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    // In a forked child that cannot take the lock, the key is leaked once more.
    let Some(mut keys) = lock(&KEYS) else { return key.leak() };
    if let Some(known) = keys.get(key.as_str()) {
        return known;
    }
    let key: &'static str = key.leak();
    keys.insert(key);
    key
}
