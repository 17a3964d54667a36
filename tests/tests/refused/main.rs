//! Is what other processes send, and what cannot be used, counted?
//!
//! In a process of its own, since the counts are the program's.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::ready;

use http::{HeaderName, Request, Response};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::Refused;
use otel_runtime::context::extract;
use tonic::body::Body;
use tower::{Layer, ServiceExt, service_fn};

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn read(name: &str, value: &str) {
    let fields = [("traceparent", TRACEPARENT), ("host", "shop.example"), (name, value)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    extract(&HashMap::from(fields));
}

/// A request for `path`, with as many headers `x-tenant`.
fn request(path: &str, tenants: usize) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/grpc");
    for _ in 0..tenants {
        request = request.header("x-tenant", "seven");
    }
    request.body(Body::empty()).expect("a request")
}

fn call_http(path: &str, tenants: usize) {
    let tenant = HeaderName::from_static("x-tenant");
    let layer = otel_runtime::tower::ServerLayer::new().request_headers([tenant]);
    let service = layer.layer(service_fn(|_: Request<Body>| {
        ready(Ok::<_, Infallible>(Response::new(Body::empty())))
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let Ok(_) = runtime.block_on(service.oneshot(request(path, tenants)));
}

/// Calls as many methods of one server, which has all of them.
fn call_grpc(methods: usize) {
    let layer = otel_runtime::tonic::ServerLayer::new();
    let service = layer.layer(service_fn(|_: Request<Body>| {
        let reply = Response::builder().header("grpc-status", "0").body(Body::empty());
        ready(Ok::<_, Infallible>(reply.expect("a reply")))
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for number in 0..methods {
        let request = request(&format!("/shop.v1.Stock/M{number}"), 0);
        let Ok(_) = runtime.block_on(service.clone().oneshot(request));
    }
}

/// A call of a trace that is not recorded, whose reply has metadata without end.
fn call_unrecorded() {
    let layer = otel_runtime::tonic::ServerLayer::new().response_metadata(["shelf"]);
    let service = layer.layer(service_fn(|_: Request<Body>| {
        let reply = Response::builder().header("grpc-status", "0");
        let reply = reply.header("shelf", "left".repeat(10_000)).body(Body::empty());
        ready(Ok::<_, Infallible>(reply.expect("a reply")))
    }));
    let mut request = request("/shop.v1.Stock/Count", 0);
    let unsampled = TRACEPARENT.replacen("-01", "-00", 1).parse().expect("ASCII");
    request.headers_mut().insert("traceparent", unsampled);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let Ok(_) = runtime.block_on(service.oneshot(request));
}

/// Each kind in its place: parents, trace states, baggage, methods, texts.
fn counts(refused: Refused) -> [u64; 5] {
    let Refused { parents, trace_states, baggage, methods, texts, .. } = refused;
    [parents, trace_states, baggage, methods, texts]
}

#[test]
fn what_is_refused_is_counted_by_kind_and_what_is_sound_is_not() {
    let telemetry = otel_runtime::builder().exporter(Nowhere).init().expect("nothing is installed");
    let during = |work: &dyn Fn()| {
        let before = counts(telemetry.stats().refused);
        work();
        let after = counts(telemetry.stats().refused);
        [0, 1, 2, 3, 4].map(|kind| after[kind] - before[kind])
    };

    let nothing = [0; 5];
    for (name, value) in [
        ("host", "shop.example"),
        ("traceparent", TRACEPARENT),
        ("tracestate", ""),
        ("tracestate", "foo=1,,bar=2"),
        ("baggage", ""),
        ("baggage", " , tenant = 7 ; ttl=1,"),
    ] {
        assert_eq!(during(&|| read(name, value)), nothing, "{name}: {value}");
    }

    for parent in ["", "nonsense", &TRACEPARENT.to_uppercase(), &TRACEPARENT[..54]] {
        assert_eq!(during(&|| read("traceparent", parent)), [1, 0, 0, 0, 0], "{parent}");
    }
    assert_eq!(during(&|| read("Traceparent", TRACEPARENT)), [1, 0, 0, 0, 0], "two parents");
    let many = |member: &str, count: usize| vec![member; count].join(",");
    let long = format!("foo={}", "v".repeat(200));
    for state in ["foo", "FOO=1", &many("a=1", 33), &many("a=1", 1 << 18)] {
        assert_eq!(during(&|| read("tracestate", state)), [0, 1, 0, 0, 0], "{state:.9}");
    }
    let states = ["a", "b", "c"].map(|key| format!("{key}{long}")).join(",");
    assert_eq!(during(&|| read("tracestate", &states)), [0, 1, 0, 0, 0], "too long");
    for baggage in ["no pair", "a=1,ü=2", "a=1;=", &many("a=1", 65), &many("tenant=7", 1 << 17)] {
        assert_eq!(during(&|| read("baggage", baggage)), [0, 0, 1, 0, 0], "{baggage:.9}");
    }

    assert_eq!(during(&|| call_http("/stock/7?count=1", 32)), nothing);
    let long = "a".repeat(10_000);
    assert_eq!(during(&|| call_http(&format!("/{long}"), 0)), [0, 0, 0, 0, 1], "path");
    assert_eq!(during(&|| call_http(&format!("/?{long}"), 0)), [0, 0, 0, 0, 1], "query");
    assert_eq!(during(&|| call_http("/stock/7", 33)), [0, 0, 0, 0, 1], "headers");

    assert_eq!(during(&call_unrecorded), nothing, "what no span takes is not looked at");
    assert_eq!(during(&|| call_grpc(100)), nothing);
    let [.., methods, texts] = during(&|| call_grpc(2000));
    assert!((2000 - 1024..2000).contains(&methods) && texts == 0, "{methods}, {texts}");

    let [exporter] = &telemetry.exporters()[..] else { panic!("one exporter") };
    assert_eq!(exporter.stats.refused, Refused::default(), "they are the program's");
}
