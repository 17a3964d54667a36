//! What do few spans have?

use std::collections::HashSet;

use crate::record::{Fields, attributes};
use crate::span::exceptions::Told;

/// What few spans have, in one place that costs the others one look.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    /// Where there are many attributes.
    pub(super) keys: Option<Keys>,
    /// Where something below has failed.
    pub(super) told: Option<Box<Told>>,
}

/// How many attributes are many, among which a key is not looked for one by one.
pub(super) const MANY: u32 = 64;

/// The keys of all attributes among the fields.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) all: HashSet<Box<str>>,
    /// How many attributes are there that a later one has taken the place of.
    pub(super) overridden: u32,
}

impl Keys {
    pub(super) fn of(fields: &Fields) -> Keys {
        Keys { all: attributes::keys(fields).map(Box::from).collect(), overridden: 0 }
    }
}
