//! What do both ends of a call take into account?

use std::collections::HashSet;

use opentelemetry::trace::SpanKind;

use super::metadata::Chosen;
use super::methods::{self, Methods};

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) kind: SpanKind,
    pub(super) methods: Methods,
    /// Methods whose spans end with the head of the reply.
    pub(super) end_at_head: HashSet<String>,
    pub(super) request_metadata: Chosen,
    pub(super) response_metadata: Chosen,
}

impl Settings {
    pub(super) fn new(kind: SpanKind) -> Settings {
        Settings {
            kind,
            methods: Methods::default(),
            end_at_head: HashSet::new(),
            request_metadata: Chosen::default(),
            response_metadata: Chosen::default(),
        }
    }

    pub(super) fn end_at_head(&mut self, names: impl IntoIterator<Item: AsRef<str>>) {
        let names = names.into_iter().map(|name| methods::as_listed(name.as_ref()).to_owned());
        self.end_at_head.extend(names);
    }
}
