//! How do finished spans become one request?
//!
//! By writing an
//! [`ExportTraceServiceRequest`](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/trace/v1/trace_service.proto)
//! as it is sent. The part that all requests share, the resource, is encoded once.

mod field;
mod scopes;
mod span;
#[cfg(test)]
mod tests;

use opentelemetry_sdk::Resource;

use crate::record::wire::{Message, field_len};
use crate::record::{Limits, Span, fields};
use scopes::Scopes;

/// Makes requests of the spans of one resource.
#[derive(Debug)]
pub(crate) struct Encoder {
    /// `ResourceSpans.resource`, as a field.
    resource: Vec<u8>,
    /// `ResourceSpans.schema_url`, as a field.
    schema_url: Vec<u8>,
    scopes: Scopes,
}

impl Encoder {
    pub(crate) fn new(resource: &Resource) -> Self {
        let mut attributes = Vec::new();
        for (key, value) in resource {
            let limits = Limits::default();
            fields::attribute(
                &mut attributes,
                field::resource::ATTRIBUTES,
                key.as_str(),
                value,
                &limits,
            );
        }
        let mut encoder =
            Encoder { resource: Vec::new(), schema_url: Vec::new(), scopes: Scopes::default() };
        encoder.resource.bytes(field::resource_spans::RESOURCE, &attributes);
        let schema_url = resource.schema_url().unwrap_or_default();
        encoder.schema_url.text(field::resource_spans::SCHEMA_URL, schema_url);
        encoder
    }

    /// One request with all these spans, grouped by scope, in the order in which the scopes appear.
    pub(crate) fn encode<'a>(&mut self, spans: impl IntoIterator<Item = Span<'a>>) -> Vec<u8> {
        self.scopes.clear();
        for span in spans {
            let spans = self.scopes.spans(&span.finished.origin);
            span::write(spans, field::scope_spans::SPANS, span);
        }

        let scopes = self.scopes.used();
        let scopes = scopes.map(|scope| field_len(field::resource_spans::SCOPE_SPANS, scope.len()));
        let len = self.resource.len() + scopes.sum::<usize>() + self.schema_url.len();

        let mut request = Vec::with_capacity(field_len(field::request::RESOURCE_SPANS, len));
        request.begin(field::request::RESOURCE_SPANS, len);
        request.put(&self.resource);
        for scope in self.scopes.used() {
            request.begin(field::resource_spans::SCOPE_SPANS, scope.len());
            request.put(&scope.head);
            request.put(&scope.spans);
            request.put(&scope.schema_url);
        }
        request.put(&self.schema_url);
        request
    }
}
