//! How are the spans of a request grouped by scope?

use std::ptr;

use opentelemetry::{InstrumentationScope, KeyValue};

use super::field;
use crate::record::wire::Message;
use crate::record::{Limits, Origin, fields};

/// How many scopes are remembered. A program has few, unless it makes up new ones as it runs.
pub(super) const MAX_SCOPES: usize = 100;
/// How many bytes of a scope's buffer are kept for later spans.
pub(super) const MAX_KEPT: usize = 256 * 1024;

/// The scopes that had spans lately.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    known: Vec<Scope>,
    /// The indices of those that have spans in this request, in the order in which they appeared.
    used: Vec<usize>,
}

/// The parts of a `ScopeSpans` that are written already.
#[derive(Debug)]
pub(super) struct Scope {
    identity: InstrumentationScope,
    /// The scope by its address, if functions have it: faster to compare than the scope itself.
    of_functions: Option<&'static InstrumentationScope>,
    /// `ScopeSpans.scope`, as a field.
    pub(super) head: Vec<u8>,
    /// `ScopeSpans.spans`, as fields.
    pub(super) spans: Vec<u8>,
    /// `ScopeSpans.schema_url`, as a field.
    pub(super) schema_url: Vec<u8>,
}

impl Scopes {
    /// Forgets the spans, and keeps the scopes.
    pub(super) fn clear(&mut self) {
        if self.known.len() > MAX_SCOPES {
            self.known.clear();
        }
        for scope in &mut self.known {
            scope.spans.clear();
            scope.spans.shrink_to(MAX_KEPT);
        }
        self.used.clear();
    }

    /// The spans of the scope that this span has, to append it there.
    pub(super) fn spans(&mut self, origin: &Origin) -> &mut Vec<u8> {
        let index = match origin {
            Origin::Function(function) => self.of_function(function.scope),
            Origin::Library(scope) => self.equal(scope),
        };
        let spans = &mut self.known[index].spans;
        if spans.is_empty() {
            self.used.push(index);
        }
        spans
    }

    pub(super) fn used(&self) -> impl Iterator<Item = &Scope> {
        self.used.iter().map(|index| &self.known[*index])
    }

    #[cfg(test)]
    pub(super) fn known(&self) -> usize {
        self.known.len()
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.known.iter().map(|scope| scope.spans.capacity()).sum()
    }

    fn of_function(&mut self, scope: &'static InstrumentationScope) -> usize {
        let is_same = |known: &Scope| known.of_functions.is_some_and(|known| ptr::eq(known, scope));
        if let Some(index) = self.known.iter().position(is_same) {
            return index;
        }
        let index = self.equal(scope);
        self.known[index].of_functions = Some(scope);
        index
    }

    fn equal(&mut self, scope: &InstrumentationScope) -> usize {
        let known = self.known.iter().position(|known| known.identity == *scope);
        known.unwrap_or_else(|| {
            self.known.push(Scope::new(scope));
            self.known.len() - 1
        })
    }
}

impl Scope {
    #[cold]
    fn new(scope: &InstrumentationScope) -> Self {
        let mut message = Vec::new();
        message.text(field::scope::NAME, scope.name());
        message.text(field::scope::VERSION, scope.version().unwrap_or_default());
        for KeyValue { key, value, .. } in scope.attributes() {
            let limits = Limits::default();
            fields::attribute(&mut message, field::scope::ATTRIBUTES, key.as_str(), value, &limits);
        }
        let mut new = Scope {
            identity: scope.clone(),
            of_functions: None,
            head: Vec::new(),
            spans: Vec::new(),
            schema_url: Vec::new(),
        };
        new.head.bytes(field::scope_spans::SCOPE, &message);
        new.schema_url.text(field::scope_spans::SCHEMA_URL, scope.schema_url().unwrap_or_default());
        new
    }

    /// How many bytes the message has.
    pub(super) fn len(&self) -> usize {
        self.head.len() + self.spans.len() + self.schema_url.len()
    }
}
