//! What do only few spans have?

use std::collections::HashSet;

use opentelemetry::KeyValue;

use crate::record::{Fields, attributes};
use crate::span::exceptions::Told;

/// What only few spans have, behind one pointer, so that the other spans check only that.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    /// Set where there are many attributes.
    pub(super) keys: Option<Keys>,
    /// Set where a span below has failed.
    pub(super) told: Option<Box<Told>>,
    /// What the sampler adds, until the span starts.
    pub(super) of_sampler: Vec<KeyValue>,
    /// Whether the `error.type` is one of its surroundings, which its own goes over.
    pub(super) inherited_error_type: bool,
}

/// From how many attributes on a key is looked up in an index, not by a search.
pub(super) const MANY: u32 = 64;

/// The keys of all attributes among the fields.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) all: HashSet<Box<str>>,
    /// How many attributes among the fields have been replaced by a later one.
    pub(super) overridden: u32,
}

impl Keys {
    pub(super) fn of(fields: &Fields) -> Keys {
        Keys { all: attributes::keys(fields).map(Box::from).collect(), overridden: 0 }
    }
}
