//! What may a program choose about the spans of its calls?

use std::collections::HashSet;

use http::{HeaderName, Uri};
use opentelemetry::trace::SpanKind;

use super::methods::{Methods, as_listed};
use crate::context::Outbound;
use crate::instrumentation::http::captured::Captured;
use crate::instrumentation::tower::Network;
use crate::instrumentation::tower::by_request::{OfRequest, Trusted};
use crate::privacy::names::is_pii;

#[derive(Clone)]
pub(super) struct Options {
    /// Server or client.
    pub(super) kind: SpanKind,
    pub(super) only: Option<OfRequest<bool>>,
    pub(super) methods: Methods,
    /// Methods whose spans end with the head of the reply.
    end_at_head: HashSet<String>,
    pub(super) request_metadata: Vec<Captured>,
    pub(super) response_metadata: Vec<Captured>,
    pub(super) skips_pii: bool,
    /// On a server: which callers it trusts.
    pub(super) trust: Trusted,
    pub(super) proxies: Vec<Network>,
    /// On a client: the host of its channel, and what that may be sent.
    pub(super) server: Option<Uri>,
    pub(super) outbound: Option<Outbound>,
}

impl Options {
    pub(super) fn new(kind: SpanKind) -> Options {
        Options {
            kind,
            only: None,
            methods: Methods::default(),
            end_at_head: HashSet::new(),
            request_metadata: Vec::new(),
            response_metadata: Vec::new(),
            skips_pii: false,
            trust: Trusted::default(),
            proxies: Vec::new(),
            server: None,
            outbound: None,
        }
    }

    pub(super) fn end_at_head(&mut self, names: impl IntoIterator<Item: AsRef<str>>) {
        self.end_at_head.extend(names.into_iter().map(|name| as_listed(name.as_ref()).to_owned()));
    }

    pub(super) fn ends_at_head(&self, method: &str) -> bool {
        self.end_at_head.contains(method)
    }

    pub(super) fn may_record(&self, metadata: &Captured) -> bool {
        !self.skips_pii || !is_pii(&[metadata.name.as_str()], None)
    }
}

/// The keys that are valid for text metadata. Values of others, such as `-bin`, could not be recorded.
pub(super) fn captured<K: AsRef<str>>(
    prefix: &'static str,
    keys: impl IntoIterator<Item = K>,
) -> Vec<Captured> {
    let names = keys.into_iter().filter_map(|key| {
        let name = HeaderName::from_bytes(key.as_ref().as_bytes()).ok()?;
        (!name.as_str().ends_with("-bin")).then_some(name)
    });
    names.map(|name| Captured::new(prefix, name)).collect()
}
