//! What a server reads of a request beside context: `Host`, `Forwarded`, `X-Forwarded-*`, `grpc-timeout`, the path. A
//! header for each line, by the letter that the line begins with.

#![no_main]

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use http::{HeaderValue, Request, Response};
use libfuzzer_sys::fuzz_target;
use otel_runtime::Telemetry;
use otel_runtime::opentelemetry_sdk::error::OTelSdkResult;
use otel_runtime::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tower_layer::Layer;
use tower_service::Service;

/// Values are computed for spans that are recorded only.
static TELEMETRY: LazyLock<Telemetry> = LazyLock::new(|| {
    otel_runtime::builder().exporter(Nowhere).init().expect("nobody has come before")
});

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

const PROXY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 4711);

#[derive(Clone)]
struct Answers;

impl Service<Request<String>> for Answers {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<String>) -> Self::Future {
        std::future::ready(Ok(Response::new(String::new())))
    }
}

fuzz_target!(|text: &str| {
    let mut request = Request::new(String::new());
    for line in text.split('\n') {
        let mut letters = line.chars();
        let name = match letters.next() {
            Some('h') => "host",
            Some('f') => "forwarded",
            Some('x') => "x-forwarded-for",
            Some('o') => "x-forwarded-host",
            Some('p') => "x-forwarded-proto",
            Some('t') => "grpc-timeout",
            Some('u') => {
                request.uri_mut().clone_from(&letters.as_str().parse().unwrap_or_default());
                continue;
            }
            _ => "user-agent",
        };
        if let Ok(value) = HeaderValue::from_str(letters.as_str()) {
            request.headers_mut().append(name, value);
        }
    }
    LazyLock::force(&TELEMETRY);
    let task = &mut Context::from_waker(Waker::noop());
    let http = otel_runtime::tower::ServerLayer::new()
        .peer(|_| Some(PROXY))
        .trusted_proxies(["10.0.0.0/8".parse().expect("a network")]);
    let mut http = http.layer(Answers);
    let Poll::Ready(Ok(_)) = pin!(http.call(request.clone())).poll(task) else { panic!("ready") };
    let mut grpc = otel_runtime::tonic::ServerLayer::new().layer(Answers);
    let Poll::Ready(Ok(_)) = pin!(grpc.call(request)).poll(task) else { panic!("ready") };
});
