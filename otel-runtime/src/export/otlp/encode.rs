//! How does a batch become bytes?

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;

use super::request::Request;

pub(super) fn encode(batch: Vec<SpanData>, resource: &ResourceAttributesWithSchema) -> Request {
    let spans = batch.len() as u64;
    let resource_spans = group_spans_by_resource_and_scope(batch, resource);
    let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec().into();
    Request { body, spans }
}
