//! What do callers that mean harm get, and services that are easily hurt?

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll};

use http::{HeaderValue, Request, Response, Uri};
use http_body::Body as _;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanKind, TraceContextExt, TraceId};
use opentelemetry::{Array, Context, KeyValue, Value};
use otel_runtime::context::{Hosts, Outbound, Trust, carry_future_in, inject};
use otel_runtime::tonic::{ClientLayer, ServerLayer};
use otel_tests::capture::{SpanExt, Spans, install, remote_parent, spans_of};
use tonic::body::Body;
use tower::service_fn;
use tower_layer::Layer;
use tower_service::Service;

/// Replies this at once; panics when it is called before it was asked whether it is ready.
#[derive(Clone)]
struct Replies<R> {
    reply: R,
    ready: bool,
}

impl<R: Fn() -> Response<Body>> Service<Request<Body>> for Replies<R> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called though nobody has asked");
        ready(Ok((self.reply)()))
    }
}

/// A request as a client would send it, within the trace that is current.
fn request(path: &str) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/grpc+proto");
    let mut request = request.body(Body::empty()).expect("a request");
    inject(&mut request);
    request
}

/// The spans of these requests, one after the other, which all get this status.
fn serve(
    layer: &ServerLayer,
    status: &'static str,
    requests: impl FnOnce() -> Vec<Request<Body>>,
) -> Spans {
    let reply = || Response::builder().header("grpc-status", status).body(Body::empty());
    serve_by(layer, move || reply().expect("a response"), requests)
}

/// The same, and all that comes of the bodies is taken.
fn serve_by(
    layer: &ServerLayer,
    reply: impl Fn() -> Response<Body> + Clone,
    requests: impl FnOnce() -> Vec<Request<Body>>,
) -> Spans {
    install("otel-tests-native");
    let parent = remote_parent();
    let context = Context::new().with_remote_span_context(parent.clone());
    let service = layer.layer(Replies { reply, ready: false });
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(carry_future_in(context, async {
        for request in requests() {
            let mut service = service.clone();
            let ready = std::future::poll_fn(|task| service.poll_ready(task));
            let Ok(()) = ready.await;
            let Ok(response) = service.call(request).await;
            let mut body = std::pin::pin!(response.into_body());
            // As a connection does: no further than it has to.
            while !body.is_end_stream() {
                let frame = std::future::poll_fn(|task| body.as_mut().poll_frame(task)).await;
                frame.expect("there is more").expect("no error");
            }
        }
    }));
    Spans::of(parent)
}

#[test]
fn the_very_instance_that_is_ready_is_called() {
    let spans = serve(&ServerLayer::new(), "0", || vec![request("/shop.v1.Stock/Count")]);

    assert_eq!(spans.one("shop.v1.Stock/Count").span_kind, SpanKind::Server);
}

#[test]
fn whoever_makes_names_up_has_a_bounded_number_of_them() {
    for (status, bound) in [("12", 0), ("16", 128), ("7", 128), ("8", 128), ("0", 1024)] {
        let spans = serve(&ServerLayer::new(), status, || {
            (0..5000).map(|number| request(&format!("/shop.v1.Stock/M{number}"))).collect()
        });

        assert_eq!(spans.all.len(), 5000);
        let names: BTreeSet<_> = spans.all.iter().map(|span| &span.name).collect();
        assert!(names.len() <= bound + 1, "{status}: {}", names.len());
    }
}

#[test]
fn whoever_is_refused_takes_no_room_from_methods_that_reply() {
    let layer = ServerLayer::new();
    serve(&layer, "16", || {
        (0..5000).map(|number| request(&format!("/shop.v1.Stock/M{number}"))).collect()
    });

    for status in ["0", "5"] {
        let path = "/shop.v1.Stock/Count";
        let spans = serve(&layer, status, || vec![request(path)]);
        assert_eq!(spans.names(), ["shop.v1.Stock/Count"], "{status}");
    }
}

#[test]
fn odd_requests_have_a_span_without_a_name_of_theirs() {
    let long = "x".repeat(60_000);
    let paths = ["/", "/*", "/a/b/c/", "/a%20b/c", "/shop.v1.Stock/Count/", &format!("/a/{long}")];
    let spans =
        serve(&ServerLayer::new(), "12", || paths.iter().map(|path| request(path)).collect());

    assert_eq!(spans.all.len(), paths.len());
    for span in &spans.all {
        assert_eq!(span.name, "grpc");
        let original = span.attribute("rpc.method_original").expect("as it came").to_string();
        assert!(original.len() <= 256, "{}", original.len());
    }
}

#[test]
fn headers_of_any_kind_do_no_harm() {
    let odd = || HeaderValue::from_bytes(b"\xff\xfe").expect("allowed in HTTP");
    let layer = ServerLayer::new().request_metadata(["tenant"]);
    let spans = serve(&layer, "0", || {
        let mut request = request("/shop.v1.Stock/Count");
        for name in ["grpc-timeout", "host", "grpc-encoding", "user-agent", "te"] {
            request.headers_mut().insert(name, odd());
        }
        for _ in 0..1000 {
            request.headers_mut().append("tenant", odd());
            request.headers_mut().append("baggage", odd());
            request.headers_mut().append("tracestate", odd());
        }
        vec![request]
    });

    let span = spans.one("shop.v1.Stock/Count");
    assert_eq!(span.attribute("server.address"), None, "it is not guessed");
    let Value::Array(Array::String(tenants)) =
        span.attribute("rpc.request.metadata.tenant").expect("it was asked for")
    else {
        panic!("a list");
    };
    assert_eq!(tenants.len(), 32);
}

#[test]
fn a_server_that_drops_a_call_whose_time_is_over_has_failed_and_else_it_has_not() {
    for (timeout, expected) in [
        ("0n", crate::failed("DEADLINE_EXCEEDED")),
        ("1H", crate::well("CANCELLED")),
        ("soon", crate::well("CANCELLED")),
    ] {
        install("otel-tests-native");
        let parent = remote_parent();
        let attached = Context::new().with_remote_span_context(parent.clone()).attach();
        let never = |_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>();
        let mut service = ServerLayer::new().layer(service_fn(never));
        let mut request = request("/shop.v1.Stock/Count");
        request.headers_mut().insert("grpc-timeout", HeaderValue::from_static(timeout));

        drop(service.call(request));

        drop(attached);
        let spans = Spans::of(parent);
        let span = spans.one("shop.v1.Stock/Count");
        assert_eq!(crate::outcome(span), expected, "{timeout}");
    }
}

#[test]
fn a_status_that_is_none_is_unknown() {
    for status in ["99", "-1", "zero", ""] {
        let spans = serve(&ServerLayer::new(), status, || vec![request("/shop.v1.Stock/Count")]);

        let span = spans.one("shop.v1.Stock/Count");
        assert_eq!(crate::outcome(span), crate::failed("UNKNOWN"), "{status}");
    }
}

#[test]
fn a_reply_without_a_status_is_what_http_says_of_it() {
    let bodies: [fn() -> Body; 2] =
        [Body::empty, || Body::new(http_body_util::Full::from("what a proxy has to say"))];
    for (http, grpc) in [(503, "UNAVAILABLE"), (404, "UNIMPLEMENTED"), (200, "UNKNOWN")] {
        for body in bodies {
            let reply = || Response::builder().status(http).body(body()).expect("a response");
            let listed = ServerLayer::new().methods(["shop.v1.Stock/Count"]);
            let spans = serve_by(&listed, reply, || vec![request("/shop.v1.Stock/Count")]);

            let span = spans.one("shop.v1.Stock/Count");
            assert_eq!(crate::outcome(span), crate::failed(grpc), "{http}");
        }
    }
}

/// A request for `path` with this content type.
fn typed(path: &str, content_type: Option<&'static str>) -> Request<Body> {
    let mut request = request(path);
    request.headers_mut().remove("content-type");
    if let Some(content_type) = content_type {
        request.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    }
    request
}

#[test]
fn what_is_no_grpc_goes_through_as_it_is() {
    let web = Some("application/grpc-web+proto");
    for (path, content_type) in [
        ("/shop.v1.Stock/Count", web),
        ("/shop.v1.Stock/Count", Some("text/plain")),
        ("/orders/cancel", None),
        ("/api/v1.2/orders", None),
        ("/", None),
    ] {
        let layer = ServerLayer::new();
        let spans = serve(&layer, "0", || vec![typed(path, content_type)]);

        assert!(spans.all.is_empty(), "{path} {content_type:?}");
    }
}

/// tonic does not look at the content type.
#[test]
fn whoever_writes_no_content_type_or_another_is_traced_as_tonic_serves_it() {
    let spans = serve(&ServerLayer::new(), "0", || vec![typed("/shop.v1.Stock/Count", None)]);
    assert_eq!(spans.names(), ["shop.v1.Stock/Count"]);

    let replied = || {
        let layer = ServerLayer::new();
        serve(&layer, "0", || vec![request("/shop.v1.Stock/Count"), request("/Ping/Ping")]);
        layer
    };
    let listed = || ServerLayer::new().methods(["shop.v1.Stock/Count", "Ping/Ping"]);
    for (layer, path) in [
        (replied(), "/shop.v1.Stock/Count"),
        (replied(), "/Ping/Ping"),
        (listed(), "/shop.v1.Stock/Count"),
        (listed(), "/Ping/Ping"),
    ] {
        for content_type in [None, Some(""), Some("text/plain"), Some("application/json")] {
            let spans = serve(&layer, "0", || vec![typed(path, content_type)]);
            assert_eq!(spans.names(), [&path[1..]], "{content_type:?}");
        }
    }
}

#[test]
fn whoever_writes_the_content_type_in_capitals_is_traced_as_tonic_serves_it() {
    for content_type in ["Application/gRPC", "APPLICATION/GRPC+PROTO", "application/grpc;a=b"] {
        let spans = serve(&ServerLayer::new(), "0", || {
            let mut request = request("/shop.v1.Stock/Count");
            request.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
            vec![request]
        });

        assert_eq!(spans.names(), ["shop.v1.Stock/Count"], "{content_type}");
    }
}

#[test]
fn a_stranger_neither_joins_a_trace_nor_says_what_is_recorded() {
    for (trust, links) in [(Trust::Link, 1), (Trust::Ignore, 0)] {
        install("otel-tests-native");
        let parent = remote_parent();
        let layer = ServerLayer::new().trust(trust);
        let trace = Arc::new(Mutex::new(TraceId::INVALID));
        let seen = Arc::clone(&trace);
        let mut service = layer.layer(service_fn(move |_: Request<Body>| {
            let context = Context::current();
            *seen.lock().expect("nobody panics") = context.span().span_context().trace_id();
            ready(Ok::<_, Infallible>(Response::new(Body::empty())))
        }));
        let mut request = Request::post("/shop.v1.Stock/Count").body(Body::empty()).expect("one");
        let headers = request.headers_mut();
        headers.insert("content-type", HeaderValue::from_static("application/grpc"));
        let (trace_id, span_id) = (parent.trace_id(), parent.span_id());
        let traceparent = format!("00-{trace_id}-{span_id}-00");
        headers.insert("traceparent", traceparent.parse().expect("ASCII"));
        headers.insert("baggage", HeaderValue::from_static("tenant=7"));

        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let Ok(_) = runtime.block_on(service.call(request));

        let trace = *trace.lock().expect("nobody panics");
        assert_ne!(trace, parent.trace_id());
        let [span] = &spans_of(trace)[..] else { panic!("it is recorded, whatever it asked for") };
        assert!(span.is_root());
        assert_eq!(span.links.iter().count(), links, "{trust:?}");
    }
}

#[test]
fn below_a_router_of_axum_it_is_known_as_well_who_calls() {
    let spans = serve(&ServerLayer::new(), "0", || {
        let mut request = request("/shop.v1.Stock/Count");
        let peer: std::net::SocketAddr = "[::ffff:192.0.2.7]:4711".parse().expect("an address");
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        vec![request]
    });

    let span = spans.one("shop.v1.Stock/Count");
    assert_eq!(span.attribute("client.address"), Some(&"192.0.2.7".into()));
    assert_eq!(span.attribute("network.peer.port"), Some(&4711_i64.into()));
}

#[test]
fn trace_context_and_baggage_go_only_where_they_may() {
    let nowhere = Outbound::default().trace_context_to(Hosts::none()).baggage_to(Hosts::none());
    for (server, outbound, expected) in [
        ("http://10.1.2.3:50051", None, [true, true]),
        ("https://stock.example", None, [true, false]),
        ("http://10.1.2.3:50051", Some(nowhere), [false, false]),
    ] {
        install("otel-tests-native");
        let channel = service_fn(|request: Request<Body>| {
            let sends = |name| request.headers().contains_key(name);
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert([sends("traceparent"), sends("baggage")]);
            ready(Ok::<_, Infallible>(response))
        });
        let mut layer = ClientLayer::new(&Uri::from_static(server));
        if let Some(outbound) = outbound {
            layer = layer.outbound(outbound);
        }
        let mut request = Request::post("/shop.v1.Stock/Count").body(Body::empty()).expect("one");
        // A request that was copied from an incoming one.
        for name in ["traceparent", "baggage"] {
            request.headers_mut().insert(name, HeaderValue::from_static("another=1"));
        }
        let context = Context::new()
            .with_remote_span_context(remote_parent())
            .with_baggage([KeyValue::new("tenant", "7")]);
        let call = carry_future_in(context, async { layer.layer(channel).call(request).await });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(call).expect("a reply");

        assert_eq!(response.extensions().get(), Some(&expected), "{server}");
    }
}
