//! Which attributes does every span have that begins in a context?

use std::sync::Arc;

use opentelemetry::KeyValue;

/// Attributes of which each key is there once, and none is empty.
#[derive(Clone, Debug)]
pub(crate) struct Scoped(Arc<[KeyValue]>);

impl Scoped {
    /// Those of `outer` and `inner`, which goes over `outer`. `None` if there are none.
    pub(crate) fn new(
        outer: Option<&Scoped>,
        inner: impl IntoIterator<Item = KeyValue>,
    ) -> Option<Scoped> {
        let mut all = outer.map(|outer| outer.0.to_vec()).unwrap_or_default();
        for attribute in inner {
            let is_new = |known: &&mut KeyValue| known.key == attribute.key;
            match all.iter_mut().find(is_new) {
                Some(known) => *known = attribute,
                None if attribute.key.as_str().is_empty() => {}
                None => all.push(attribute),
            }
        }
        (!all.is_empty()).then(|| Scoped(all.into()))
    }

    pub(crate) fn attributes(&self) -> &[KeyValue] {
        &self.0
    }
}
