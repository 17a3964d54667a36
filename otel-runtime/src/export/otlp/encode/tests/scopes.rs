//! Which spans share a scope, and how long is it remembered?

use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_sdk::Resource;
use prost::Message;

use super::super::scopes::{MAX_KEPT, MAX_SCOPES};
use super::{Encoder, assert_same, ours, theirs};
use crate::record::tests::random::{Sample, plain};

fn sample(scope: InstrumentationScope) -> Sample {
    let mut data = plain();
    data.instrumentation_scope = scope;
    Sample::new(data)
}

#[test]
fn equal_scopes_are_one_in_whatever_order_their_attributes_are() {
    let mut encoder = Encoder::new(&Resource::builder_empty().build());
    let attributes = [KeyValue::new("a", 1), KeyValue::new("b", 2)];
    let reversed = attributes.iter().rev().cloned().collect::<Vec<_>>();
    let scope = || InstrumentationScope::builder("shop");
    let samples = [
        sample(scope().with_attributes(attributes).build()),
        sample(scope().with_attributes(reversed).build()),
    ];

    let request = ExportTraceServiceRequest::decode(&*ours(&mut encoder, &samples));

    let resource_spans = request.expect("it can be decoded").resource_spans;
    assert_eq!(resource_spans[0].scope_spans.len(), 1);
    assert_eq!(resource_spans[0].scope_spans[0].spans.len(), 2);
}

#[test]
fn a_program_that_makes_up_scopes_takes_no_more_memory_in_the_end() {
    let resource = Resource::builder_empty().build();
    let mut encoder = Encoder::new(&resource);
    for request in 0..10 {
        let scope = |at| InstrumentationScope::builder(format!("scope {request} {at}")).build();
        let samples: Vec<_> = (0..40).map(|at| sample(scope(at))).collect();

        assert_same(&ours(&mut encoder, &samples), &theirs(&resource, &samples), "made up");
        assert!(encoder.scopes.known() <= MAX_SCOPES + samples.len());
    }
}

#[test]
fn a_scope_that_does_not_equal_itself_is_not_searched_forever() {
    let resource = Resource::builder_empty().build();
    let mut encoder = Encoder::new(&resource);
    let scope =
        InstrumentationScope::builder("odd").with_attributes([KeyValue::new("nan", f64::NAN)]);
    let samples = [sample(scope.build())];
    for _ in 0..3 * MAX_SCOPES {
        assert_same(&ours(&mut encoder, &samples), &theirs(&resource, &samples), "odd");
        assert!(encoder.scopes.known() <= MAX_SCOPES + 1);
    }
}

#[test]
fn a_long_request_does_not_keep_its_memory() {
    let mut encoder = Encoder::new(&Resource::builder_empty().build());
    let mut data = plain();
    data.name = "a".repeat(4 * MAX_KEPT).into();

    ours(&mut encoder, &[Sample::new(data)]);
    ours(&mut encoder, &[]);

    assert!(encoder.scopes.kept() <= MAX_KEPT);
}
