//! Does a request say what `opentelemetry-otlp` would have said?

mod lengths;
mod scopes;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use prost::Message;

use super::Encoder;
use crate::record::Block;
use crate::record::tests::random::{Random, Sample};
use crate::record::tests::spans;

/// What `opentelemetry-otlp` sends for these spans.
fn theirs(resource: &Resource, samples: &[Sample]) -> ExportTraceServiceRequest {
    let spans = samples.iter().map(|sample| sample.data.clone()).collect();
    let resource_spans = group_spans_by_resource_and_scope(spans, &resource.into());
    ExportTraceServiceRequest { resource_spans }
}

fn ours(encoder: &mut Encoder, samples: &[Sample]) -> Vec<u8> {
    let mut block = Block::with_capacity(samples.len(), 0);
    for Sample { finished, fields, .. } in samples {
        assert!(block.push(finished, finished.end, fields));
    }
    encoder.encode(spans(&block))
}

/// Compares field by field, and NaN by its bits.
fn assert_same(ours: &[u8], theirs: &ExportTraceServiceRequest, case: &str) {
    let decoded = ExportTraceServiceRequest::decode(ours)
        .unwrap_or_else(|error| panic!("{case}: {error}: {ours:02x?}"));
    // The order of the fields does not matter, so prost encodes both once more.
    if decoded.encode_to_vec() != theirs.encode_to_vec() {
        let differing =
            decoded.resource_spans.iter().zip(&theirs.resource_spans).find_map(differing);
        panic!("{case}: {}", differing.unwrap_or_else(|| format!("{decoded:#?}\n{theirs:#?}")));
    }
    if !has_defaults(theirs) {
        assert_eq!(ours.len(), theirs.encoded_len(), "{case}: nothing is longer than it has to be");
    }
}

/// The first pair of spans that differ.
fn differing((ours, theirs): (&ResourceSpans, &ResourceSpans)) -> Option<String> {
    let spans = |spans: &ResourceSpans| {
        spans.scope_spans.iter().flat_map(|scope| scope.spans.clone()).collect::<Vec<_>>()
    };
    let (ours, theirs) = (spans(ours), spans(theirs));
    let mut pairs = ours.iter().zip(&theirs);
    let (ours, theirs) =
        pairs.find(|(ours, theirs)| ours.encode_to_vec() != theirs.encode_to_vec())?;
    Some(format!("{ours:#?}\nis not\n{theirs:#?}"))
}

/// Whether we write a field that protobuf may leave out: a zero time or an empty key, for which the
/// encoder does not look, since they are rare.
fn has_defaults(request: &ExportTraceServiceRequest) -> bool {
    let resources = request.resource_spans.iter();
    let attributes = resources
        .clone()
        .flat_map(|spans| spans.resource.iter().flat_map(|resource| &resource.attributes));
    let spans = resources.flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans);
    attributes.clone().any(|attribute| attribute.key.is_empty())
        || spans.clone().any(|span| {
            let mut attributes = span
                .attributes
                .iter()
                .chain(span.events.iter().flat_map(|event| &event.attributes))
                .chain(span.links.iter().flat_map(|link| &link.attributes));
            span.start_time_unix_nano == 0
                || span.end_time_unix_nano == 0
                || span.events.iter().any(|event| event.time_unix_nano == 0)
                || attributes.any(|attribute| attribute.key.is_empty())
        })
}

#[test]
fn any_request_says_the_same() {
    for seed in 0..1_200 {
        let mut random = Random::new(seed);
        let resource = random.resource();
        let mut encoder = Encoder::new(&resource);
        for request in 0..5 {
            let samples: Vec<Sample> = (0..random.up_to(4)).map(|_| random.span()).collect();

            let ours = ours(&mut encoder, &samples);

            assert_same(&ours, &theirs(&resource, &samples), &format!("seed {seed}, {request}"));
        }
    }
}
