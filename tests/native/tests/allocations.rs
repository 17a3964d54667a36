//! How often does a call ask for memory on its own thread?
//!
//! A process of its own, because the allocator that counts is slower. One test, because tracing is off
//! only until it is on.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use http::{Request, Response};
use http_body::Body;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use otel_runtime::tower::ServerLayer;
use otel_runtime::traced;
use otel_tests::capture::{install, remote_parent, spans_named};
use tower::Layer;

const CALLS: u32 = 1000;

#[traced(attrs(n, name))]
fn work(n: u32, name: &str) -> u32 {
    n
}

#[traced(attrs(n, name))]
async fn work_later(n: u32, name: &str) -> u32 {
    n
}

fn call(n: u32) {
    assert_eq!(work(n, "a name"), n);
}

fn poll(n: u32) {
    let task = &mut Task::from_waker(Waker::noop());
    assert_eq!(pin!(work_later(n, "a name")).poll(task), Poll::Ready(n));
}

/// How many allocations so many calls make, after as many others.
fn allocations(call: fn(u32)) -> u64 {
    let calls = || (0..CALLS).for_each(call);
    calls();
    // What has ended so far does not stand in the way.
    let _ = spans_named("");
    allocation_counter::measure(calls).count_total
}

#[test]
fn three_a_span_none_without_and_four_a_request_of_a_layer() {
    assert_eq!((allocations(call), allocations(poll)), (0, 0), "off");

    install(env!("CARGO_PKG_NAME"));
    let parent = remote_parent();
    let of = |flags| {
        let ids = (parent.trace_id(), parent.span_id());
        SpanContext::new(ids.0, ids.1, flags, false, TraceState::default())
    };
    let in_trace = |flags| Context::new().with_remote_span_context(of(flags)).attach();
    {
        let _unrecorded = in_trace(TraceFlags::NOT_SAMPLED);
        assert_eq!((allocations(call), allocations(poll)), (0, 0), "not recorded");
    }
    let _recorded = in_trace(TraceFlags::SAMPLED);
    let most = u64::from(3 * CALLS);
    let (called, polled) = (allocations(call), allocations(poll));
    assert!(called <= most, "{called} for {CALLS} calls");
    assert!(polled <= most, "{polled} for {CALLS} futures");
    assert_eq!(spans_named("work").len(), 2 * CALLS as usize);
    assert_eq!(spans_named("work_later").len(), 2 * CALLS as usize);
    requests();
}

/// Takes a request and its response to their ends.
fn answer(
    mut service: impl tower::Service<Request<()>, Response = Response<impl Body>, Error = Infallible>,
) {
    let request = Request::get("http://shop.example/orders/7").header("user-agent", "curl/8.5.0");
    let request = request.body(()).expect("a request");
    let task = &mut Task::from_waker(Waker::noop());
    let Poll::Ready(Ok(response)) = pin!(service.call(request)).poll(task) else {
        panic!("it answers at once");
    };
    let mut body = pin!(response.into_body());
    while let Poll::Ready(Some(_)) = body.as_mut().poll_frame(task) {}
}

fn requests() {
    let service = || {
        tower::service_fn(|_: Request<()>| {
            std::future::ready(Ok::<_, Infallible>(Response::new("here you are".to_owned())))
        })
    };
    let layer = ServerLayer::new().route(|_| Some("/orders/{id}".to_owned()));
    let with = || (0..CALLS).for_each(|_| answer(layer.layer(service())));
    with();
    let _ = spans_named("");
    let with = allocation_counter::measure(with).count_total;
    let without = allocation_counter::measure(|| (0..CALLS).for_each(|_| answer(service())));

    // The text that this closure returns; the span's name, what is set before it starts, its box and its context.
    // And now and then room for more spans.
    let most = u64::from((1 + 4) * CALLS + CALLS / 10);
    let more = with - without.count_total;
    assert!(more <= most, "{more} for {CALLS} requests");
    assert_eq!(spans_named("GET /orders/{id}").len(), 2 * CALLS as usize);
}

#[test]
fn nothing_is_allocated_where_no_header_is_there() {
    use opentelemetry::propagation::{Extractor, TextMapPropagator};
    use otel_runtime::context::{
        B3Propagator, BaggagePropagator, ExtractCarrier, HeaderExtractor, JaegerPropagator,
        TraceContextPropagator, XRayPropagator,
    };

    let mut headers = http::HeaderMap::new();
    headers.insert("host", http::HeaderValue::from_static("shop.example"));
    let pairs = vec![("Host".to_owned(), "shop.example".to_owned())];
    let map: std::collections::HashMap<_, _> = pairs.iter().cloned().collect();
    let tree: std::collections::BTreeMap<_, _> = pairs.iter().cloned().collect();
    let formats: [Box<dyn TextMapPropagator>; 6] = [
        Box::new(TraceContextPropagator::default()),
        Box::new(BaggagePropagator::default()),
        Box::new(B3Propagator::single()),
        Box::new(B3Propagator::multi()),
        Box::new(JaegerPropagator::default()),
        Box::new(XRayPropagator::default()),
    ];
    let read = |carrier: &dyn Extractor| {
        let mut context = Context::new();
        for format in &formats {
            context = format.extract_with_context(&context, carrier);
        }
    };
    let count = |all: &dyn Fn()| {
        all();
        allocation_counter::measure(all).count_total
    };

    assert_eq!(count(&|| read(&HeaderExtractor(&headers))), 0, "headers");
    assert_eq!(count(&|| map.with_extractor(read)), 0, "a map");
    assert_eq!(count(&|| tree.with_extractor(read)), 0, "an ordered map");
    assert_eq!(count(&|| pairs.with_extractor(read)), 0, "a list");
}
