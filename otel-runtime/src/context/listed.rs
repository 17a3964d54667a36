//! Which attributes of the spans around it does a log line show?
//!
//! Whoever formats lines says which keys, by [`list`]. From then on a span that starts with one of them leaves the
//! value in its context, where the lines inside find it, on whatever thread they are written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use opentelemetry::{Key, KeyValue};

use crate::process::lock::lock;

static IS_ON: AtomicBool = AtomicBool::new(false);
static KEYS: Mutex<Option<Arc<[Key]>>> = Mutex::new(None);

/// The values that lines show, of the span of a context and of those around it: each key once.
#[derive(Clone, Debug)]
pub(crate) struct Listed(Arc<[KeyValue]>);

/// Adds keys to those that lines show, for the whole process.
pub(crate) fn list(keys: impl IntoIterator<Item = Key>) {
    let Some(mut known) = lock(&KEYS) else { return };
    let mut all = known.as_deref().map(<[Key]>::to_vec).unwrap_or_default();
    for key in keys {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    IS_ON.store(!all.is_empty(), Ordering::Relaxed);
    *known = Some(all.into());
}

/// Whether lines show any attribute.
#[inline]
pub(crate) fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

impl Listed {
    /// Of the attributes that a span starts with, those that lines show; beside them those of the spans around it,
    /// `outer`, but for the same keys. `None` if the span itself has none of them. `redact` is given its own and returns
    /// what of them may leave the process.
    #[cold]
    pub(crate) fn of_span(
        outer: Option<&Listed>,
        own: impl Iterator<Item = KeyValue>,
        redact: impl FnOnce(Vec<KeyValue>) -> Vec<KeyValue>,
    ) -> Option<Listed> {
        let keys = lock(&KEYS)?.clone()?;
        let mut all: Vec<KeyValue> = Vec::new();
        for attribute in own.filter(|attribute| keys.contains(&attribute.key)) {
            // Of one key the last value holds.
            all.retain(|known| known.key != attribute.key);
            all.push(attribute);
        }
        if all.is_empty() {
            return None;
        }
        all = redact(all);
        for attribute in outer.map(Listed::attributes).unwrap_or_default() {
            if all.iter().all(|known| known.key != attribute.key) {
                all.push(attribute.clone());
            }
        }
        Some(Listed(all.into()))
    }

    pub(crate) fn attributes(&self) -> &[KeyValue] {
        &self.0
    }
}
