//! What is sent in one request, and how is it divided?

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

/// One request to the backend.
pub(super) struct Request {
    /// An `ExportTraceServiceRequest` in protobuf.
    pub(super) body: Bytes,
    /// How many spans are in it.
    pub(super) spans: u64,
}

impl Request {
    /// Divides it into the first half of the spans and the rest; `None` if it has no two spans.
    pub(super) fn halves(&self) -> Option<[Request; 2]> {
        let half = self.spans / 2;
        if half == 0 {
            return None;
        }
        let first = Request { body: self.part(|index| index < half)?, spans: half };
        let second = Request { body: self.part(|index| index >= half)?, spans: self.spans - half };
        Some([first, second])
    }

    /// A request with those spans whose index `keep` wants, and with their resources and scopes.
    fn part(&self, keep: impl Fn(u64) -> bool) -> Option<Bytes> {
        let mut part = ExportTraceServiceRequest::decode(self.body.clone()).ok()?;
        let mut places = 0..;
        for of_resource in &mut part.resource_spans {
            for of_scope in &mut of_resource.scope_spans {
                of_scope.spans.retain(|_| places.next().is_some_and(&keep));
            }
            of_resource.scope_spans.retain(|of_scope| !of_scope.spans.is_empty());
        }
        part.resource_spans.retain(|of_resource| !of_resource.scope_spans.is_empty());
        Some(part.encode_to_vec().into())
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};

    use super::*;

    /// Two resources with two scopes each, which have so many spans.
    fn request(spans: [[u64; 2]; 2]) -> Request {
        let mut names = 0..;
        let resource_spans = spans.map(|of_resource| ResourceSpans {
            scope_spans: of_resource
                .map(|of_scope| ScopeSpans {
                    scope: Some(InstrumentationScope {
                        name: "scope".into(),
                        ..Default::default()
                    }),
                    spans: (0..of_scope)
                        .map(|_| Span {
                            name: names
                                .next()
                                .map(|name: u64| name.to_string())
                                .unwrap_or_default(),
                            ..Span::default()
                        })
                        .collect(),
                    schema_url: "scope's".into(),
                })
                .into(),
            resource: Some(opentelemetry_proto::tonic::resource::v1::Resource::default()),
            schema_url: "resource's".into(),
        });
        let body = ExportTraceServiceRequest { resource_spans: resource_spans.into() };
        let count = spans.as_flattened().iter().sum();
        Request { body: body.encode_to_vec().into(), spans: count }
    }

    fn names(request: &Request) -> Vec<String> {
        let body = ExportTraceServiceRequest::decode(request.body.clone()).expect("protobuf");
        let names: Vec<String> = body
            .resource_spans
            .into_iter()
            .inspect(|of_resource| assert_eq!(of_resource.schema_url, "resource's"))
            .inspect(|of_resource| assert!(of_resource.resource.is_some()))
            .flat_map(|of_resource| of_resource.scope_spans)
            .inspect(|of_scope| assert_eq!(of_scope.schema_url, "scope's"))
            .inspect(|of_scope| assert!(of_scope.scope.is_some()))
            .flat_map(|of_scope| of_scope.spans)
            .map(|span| span.name)
            .collect();
        assert_eq!(names.len() as u64, request.spans);
        names
    }

    #[test]
    fn the_halves_are_the_whole_wherever_the_cut_falls() {
        for spans in [[[1, 1], [0, 0]], [[2, 0], [0, 1]], [[1, 2], [3, 1]], [[0, 0], [0, 9]]] {
            let whole = request(spans);
            let [first, second] = whole.halves().expect("two halves");
            assert_eq!(first.spans, whole.spans / 2);
            assert_eq!([names(&first), names(&second)].concat(), names(&whole));
        }
    }

    #[test]
    fn a_single_span_has_no_halves() {
        assert!(request([[0, 1], [0, 0]]).halves().is_none());
    }
}
