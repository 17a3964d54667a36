//! Who decides whether a request is recorded, the caller or the sampler of this process?
//!
//! In a process of its own, since it has one sampler. Its root sampler is a switch, which also remembers
//! what it was told of a request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Request};
use axum::routing::{any, get};
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{Link, SpanKind, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};
use otel_runtime::context::{Outbound, Trust, carry_future_in, inject, set_outbound};
use otel_runtime::tower::{ClientLayer, ServerLayer};
use otel_runtime::{Telemetry, traced};
use tower::{Layer, ServiceExt};

static IS_ON: AtomicBool = AtomicBool::new(true);
static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[derive(Clone, Debug)]
struct Switch;

impl ShouldSample for Switch {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let mut asked = vec![format!("{name} {kind:?}")];
        asked.extend(attributes.iter().map(|it| format!("{}={}", it.key, it.value)));
        *ASKED.lock().unwrap_or_else(PoisonError::into_inner) = asked;
        let is_on = IS_ON.load(Ordering::Relaxed);
        let decision =
            if is_on { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::NONE }
    }
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// What a request of this handler's carries.
#[traced]
async fn sends() -> String {
    let mut headers = HeaderMap::new();
    inject(&mut headers);
    headers.get("traceparent").and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
}

/// Sends a request; returns what the handler sends on, and how many spans were recorded.
async fn ask(telemetry: &Telemetry, trust: Trust, caller: Option<&str>) -> (String, u64) {
    let before = telemetry.stats().ended;
    let layer =
        ServerLayer::new().trust(trust).request_headers([HeaderName::from_static("x-tenant")]);
    let router = Router::new().route("/orders/{id}", get(sends)).layer(layer);
    let mut request =
        Request::get("/orders/7").header("host", "shop.example").header("x-tenant", "7");
    if let Some(flags) = caller {
        request = request.header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-{flags}"));
    }
    let response = router.oneshot(request.body(Body::empty()).expect("a request")).await;
    let body = http_body_util::BodyExt::collect(response.expect("a response").into_body()).await;
    let sent = String::from_utf8(body.expect("a body").to_bytes().to_vec()).expect("text");
    (sent, telemetry.stats().ended - before)
}

/// One test: it has a process to itself.
#[tokio::test]
async fn a_callers_flag_decides_where_it_is_trusted_and_the_sampler_everywhere_else() {
    let (exporter, _batches) = otel_tests::exporters::Kept::new();
    let sampler = Sampler::ParentBased(Box::new(Switch));
    let telemetry = otel_runtime::builder()
        .custom_sampler(sampler)
        .exporter(exporter)
        .environment([
            ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET,PROPFIND"),
            ("OTEL_TRACED_TRACE_CONTEXT_TO", "private,.example"),
            ("OTEL_TRACED_BAGGAGE_TO", "shop.example"),
        ])
        .init()
        .expect("nobody has come before");

    for (local, trust, caller, is_recorded, continues) in [
        (true, Trust::Trust, Some("00"), false, true),
        (true, Trust::Trust, Some("01"), true, true),
        (false, Trust::Trust, Some("01"), true, true),
        (true, Trust::Link, Some("00"), true, false),
        (false, Trust::Link, Some("01"), false, false),
        (true, Trust::Ignore, Some("00"), true, false),
        (false, Trust::Ignore, Some("01"), false, false),
        (true, Trust::Trust, None, true, false),
        (false, Trust::Trust, None, false, false),
    ] {
        IS_ON.store(local, Ordering::Relaxed);
        let (sent, recorded) = ask(&telemetry, trust, caller).await;

        let what = format!("{trust:?}, caller {caller:?}, local {local}: {sent}");
        assert_eq!(recorded, if is_recorded { 2 } else { 0 }, "{what}");
        assert_eq!(sent[3..35] == *TRACE, continues, "{what}");
        let flags = u8::from_str_radix(&sent[53..], 16).expect("flags");
        assert_eq!(flags & 1 == 1, is_recorded, "{what}");
    }

    assert_eq!(
        *ASKED.lock().unwrap_or_else(PoisonError::into_inner),
        [
            "GET /orders/{id} Server",
            "http.request.method=GET",
            "http.route=/orders/{id}",
            "network.protocol.version=1.1",
            "url.path=/orders/7",
            "url.scheme=http",
            "server.address=shop.example",
            "http.request.header.x-tenant=[\"7\"]",
        ],
        "a sampler sees what the layer knows"
    );

    let router = Router::new().route("/", any(sends)).layer(ServerLayer::new());
    for (method, expected) in [("PROPFIND", "PROPFIND / Server"), ("POST", "HTTP / Server")] {
        let request = Request::builder().method(method).uri("/").body(Body::empty());
        drop(router.clone().oneshot(request.expect("a request")).await);
        let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(asked[0], expected, "the variable says which methods are known");
    }

    let client = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, std::convert::Infallible>(axum::http::Response::new(Body::empty()))
    });
    let request = Request::get("http://shop.example/").body(Body::empty()).expect("a request");
    ClientLayer::new().layer(client).oneshot(request).await.expect("a response");
    assert_eq!(
        *ASKED.lock().unwrap_or_else(PoisonError::into_inner),
        [
            "GET Client",
            "http.request.method=GET",
            "server.address=shop.example",
            "server.port=80",
            "url.full=http://shop.example/",
        ]
    );

    for (host, layer, expected) in [
        ("shop.example", ClientLayer::new(), (true, true)),
        ("warehouse", ClientLayer::new(), (true, false)),
        ("other.test", ClientLayer::new(), (false, false)),
        ("other.test", ClientLayer::new().outbound(Outbound::default()), (true, false)),
    ] {
        let client = tower::service_fn(|request: Request<Body>| async move {
            let has = |name| request.headers().contains_key(name);
            Ok::<_, std::convert::Infallible>(axum::http::Response::new((
                has("traceparent"),
                has("baggage"),
            )))
        });
        let context = Context::new().with_baggage([KeyValue::new("tenant", "7")]);
        let request = Request::get(format!("http://{host}/")).body(Body::empty());
        let call = layer.layer(client).oneshot(request.expect("a request"));
        let response = carry_future_in(context, call).await.expect("a response");
        assert_eq!(response.into_parts().1, expected, "{host}");
    }
    let late = set_outbound(Outbound::default()).expect_err("the variables have said so");
    assert_eq!(late, Outbound::default());
}
