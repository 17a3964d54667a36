//! Which spans do requests have that reqwest sends, and what arrives of them?

mod hosts;
mod middleware;

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use opentelemetry::Value;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::carry_future_in;
use otel_runtime::filter::{self, Filter};
use otel_runtime::reqwest::{ClientExt, RequestBuilderExt, Sending};
use otel_runtime::testing::{Span, Spans, capture_async};
use otel_runtime::traced;
use reqwest::Client;
use tokio::net::TcpListener;

/// Held for writing by a test that sets the filter of the process.
static FILTER: RwLock<()> = RwLock::new(());

/// A server on this machine, and the headers of all requests that have come.
struct Server {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Server {
    /// One that answers with the status that the path says, as in `/503`, and else with 200.
    async fn start() -> Server {
        Server::answering(|_, uri| {
            let status = uri.path().trim_start_matches('/').parse().unwrap_or(StatusCode::OK);
            (status, "here you are").into_response()
        })
        .await
    }

    /// One whose answers are made of how many requests came before, and of the URI.
    async fn answering(
        answer: impl Fn(usize, Uri) -> Response + Clone + Send + Sync + 'static,
    ) -> Server {
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let there = Arc::clone(&arrived);
        let router = Router::new().fallback(move |headers: HeaderMap, uri: Uri| {
            let before = {
                let mut there = there.lock().unwrap_or_else(PoisonError::into_inner);
                there.push(headers);
                there.len() - 1
            };
            let response = answer(before, uri);
            async { response }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async { axum::serve(listener, router).await });
        Server { address, arrived }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn arrived(&self) -> Vec<HeaderMap> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn spans<T>(work: impl Future<Output = T>) -> (T, Spans) {
    let _filter = FILTER.read().unwrap_or_else(PoisonError::into_inner);
    captured(work)
}

fn captured<T>(work: impl Future<Output = T>) -> (T, Spans) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (result, spans) = runtime.expect("a runtime").block_on(capture_async(work));
    (result, spans.with_other_traces())
}

/// An attribute as text; empty without it.
fn attribute(span: Span<'_>, key: &str) -> String {
    span.attribute(key).map(Value::to_string).unwrap_or_default()
}

/// All that a request said under that name.
fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values.map(|value| value.to_str().expect("text").to_owned()).collect()
}

fn traceparent(span: Span<'_>) -> String {
    let span = &span.data().span_context;
    format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags())
}

#[test]
fn a_request_that_is_sent_has_a_span_that_ends_with_the_head_and_its_response_is_as_it_is() {
    let ((url, text, port), spans) = spans(async {
        let server = Server::start().await;
        let url = server.url("/stock/book?sig=abc").replace("//", "//ada:secret@");
        let response = Client::new().get(url).send_traced().await.expect("an answer");
        let url = response.url().to_string();
        (url, response.text().await.expect("a text"), server.address.port())
    });

    assert!(url.ends_with("/stock/book?sig=abc"), "{url}");
    assert_eq!(text, "here you are");
    let span = spans.one("GET");
    assert_eq!((span.kind(), span.status()), (&SpanKind::Client, &Status::Unset));
    let mut all: Vec<_> =
        span.data().attributes.iter().map(|it| format!("{}={}", it.key, it.value)).collect();
    all.sort();
    let expected = [
        "http.request.method=GET".to_owned(),
        "http.response.status_code=200".to_owned(),
        "network.peer.address=127.0.0.1".to_owned(),
        format!("network.peer.port={port}"),
        "network.protocol.version=1.1".to_owned(),
        "server.address=127.0.0.1".to_owned(),
        format!("server.port={port}"),
        format!("url.full=http://127.0.0.1:{port}/stock/book?sig=REDACTED"),
    ];
    assert_eq!(all, expected);
}

#[test]
fn a_template_names_the_span_and_other_methods_do_not() {
    let ((), spans) = spans(async {
        let (server, client) = (Server::start().await, Client::new());
        let sending = Sending::new().template("/stock/{item}");
        sending.send(client.get(server.url("/stock/book"))).await.expect("an answer");
        let odd = reqwest::Method::from_bytes(b"SPAM").expect("a token");
        let request = client.request(odd, server.url("/")).build().expect("a request");
        client.execute_traced(request).await.expect("an answer");
    });

    assert_eq!(attribute(spans.one("GET /stock/{item}"), "url.template"), "/stock/{item}");
    assert_eq!(attribute(spans.one("HTTP"), "http.request.method"), "_OTHER");
    assert_eq!(attribute(spans.one("HTTP"), "http.request.method_original"), "SPAM");
}

#[test]
fn on_the_wire_each_field_has_one_value_that_of_the_span_whatever_the_request_carried() {
    let (arrived, spans) = spans(async {
        let (server, client) = (Server::start().await, Client::new());
        let mut stale = HeaderMap::new();
        for n in [1, 2] {
            let old = format!("00-{n:032x}-{n:016x}-01").parse().expect("a value");
            stale.append("traceparent", old);
            stale.append("tracestate", "stale=1".parse().expect("a value"));
            stale.append("baggage", "stale=1".parse().expect("a value"));
            stale.append("b3", "0".parse().expect("a value"));
        }
        let mut request = client.get(server.url("/")).build().expect("a request");
        request.headers_mut().extend(stale);
        let again = request.try_clone().expect("no body");
        let baggage = Context::current().with_baggage([KeyValue::new("tenant", "7")]);
        carry_future_in(baggage, client.execute_traced(request)).await.expect("an answer");
        client.execute_traced(again).await.expect("an answer");
        server.arrived()
    });

    let sent: Vec<_> = spans.named("GET").collect();
    assert_eq!((sent.len(), arrived.len()), (2, 2));
    for (headers, span) in arrived.iter().zip(sent) {
        assert_eq!(values(headers, "traceparent"), [traceparent(span)]);
        assert_eq!(values(headers, "tracestate"), [""; 0]);
        assert_eq!(values(headers, "b3"), [""; 0]);
    }
    assert_eq!(values(&arrived[0], "baggage"), ["tenant=7"]);
    assert_eq!(values(&arrived[1], "baggage"), [""; 0]);
}

#[test]
fn what_is_signed_is_not_touched() {
    let (arrived, _) = spans(async {
        let (server, client) = (Server::start().await, Client::new());
        let signed = client
            .get(server.url("/"))
            .header("traceparent", "00-00000000000000000000000000000001-0000000000000002-01")
            .header("tracestate", "signed=1")
            .header("baggage", "stale=1")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 SignedHeaders=host;traceparent, Signature=0",
            );
        signed.send_traced().await.expect("an answer");
        server.arrived()
    });

    let signed = ["00-00000000000000000000000000000001-0000000000000002-01"];
    assert_eq!(values(&arrived[0], "traceparent"), signed);
    assert_eq!(values(&arrived[0], "tracestate"), ["signed=1"], "of the same span");
    assert_eq!(values(&arrived[0], "baggage"), [""; 0]);
}

#[traced]
async fn asks(url: String) -> reqwest::Result<String> {
    Client::new().get(url).send_traced().await?.text().await
}

#[test]
fn a_status_of_4xx_is_an_error_of_the_span_and_none_of_the_call() {
    let (result, spans) = spans(async { asks(Server::start().await.url("/409")).await });

    assert!(result.is_ok());
    let span = spans.one("GET");
    assert_eq!(span.status(), &Status::error(""));
    assert_eq!(attribute(span, "error.type"), "409");
    assert!(span.events().is_empty());
    assert_eq!(spans.one("asks").status(), &Status::Unset);
}

#[test]
fn without_a_response_the_error_is_told_once_and_without_secrets() {
    let (result, spans) = spans(async {
        let gone = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = gone.local_addr().expect("bound");
        drop(gone);
        let plain = asks(format!("http://{address}/")).await;
        let signed = format!("http://ada:secret@{address}/?sig=abc");
        let secret = Client::new().post(signed).send_traced().await;
        plain.is_err() && secret.is_err()
    });

    assert!(result);
    let span = spans.one("GET");
    assert_eq!(attribute(span, "error.type"), "connection_error");
    assert_eq!(span.events().len(), 1);
    let above = spans.one("asks");
    assert_eq!(above.events().len(), 0, "the request's span has it");
    assert_eq!(above.status(), span.status());
    assert!(format!("{:?}", span.status()).contains("onnect"), "{:?}", span.status());
    let told = format!("{:?} {:?}", spans.one("POST").status(), spans.one("POST").events());
    assert!(told.contains("sig=REDACTED") && !told.contains("abc"), "{told}");
    assert!(!told.contains("secret"), "{told}");
}

#[test]
fn a_secret_behind_all_that_is_recorded_of_a_url_is_not_in_the_text_of_an_error() {
    let (result, spans) = spans(async {
        let gone = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = gone.local_addr().expect("bound");
        drop(gone);
        let url = format!("http://{address}/{}?sig=abc", "p".repeat(10_000));
        Client::new().get(url).send_traced().await
    });

    assert!(result.is_err());
    let span = spans.one("GET");
    let told = format!("{:?} {:?}", span.status(), span.events());
    assert!(told.contains("/ppp") && !told.contains("sig="), "{} bytes", told.len());
}

#[test]
fn a_request_that_takes_too_long_says_so() {
    let (result, spans) = spans(async {
        // It listens, and never accepts.
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", silent.local_addr().expect("bound"));
        Client::new().get(url).timeout(Duration::from_millis(1)).send_traced().await
    });

    assert!(result.expect_err("no answer").is_timeout());
    assert_eq!(attribute(spans.one("GET"), "error.type"), "timeout");
}

#[test]
fn a_request_that_nobody_waits_for_any_more_is_cancelled_and_no_error() {
    let ((), spans) = spans(async {
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", silent.local_addr().expect("bound"));
        let mut sending = pin!(Client::new().get(url).send_traced());
        std::future::poll_fn(|task| {
            assert!(sending.as_mut().poll(task).is_pending());
            Poll::Ready(())
        })
        .await;
    });

    let span = spans.one("GET");
    assert_eq!(attribute(span, "traced.outcome"), "cancelled");
    assert_eq!((span.status(), span.events().len()), (&Status::Unset, 0));
}

#[test]
fn a_request_that_cannot_be_built_is_an_error_as_ever_and_has_no_span() {
    let (result, spans) = spans(async { Client::new().get("no url").send_traced().await });

    assert!(result.expect_err("no url").is_builder());
    assert_eq!(spans.named("GET").count(), 0);
}

#[test]
fn below_the_filter_the_callers_trace_is_passed_on() {
    let _filter = FILTER.write().unwrap_or_else(PoisonError::into_inner);
    let before = filter::current();
    filter::set("otel_runtime::reqwest=off".parse::<Filter>().expect("directives"));
    let (arrived, spans) = captured(async {
        let server = Server::start().await;
        asks(server.url("/")).await.expect("an answer");
        server.arrived()
    });
    filter::set(before);

    assert_eq!(spans.named("GET").count(), 0);
    assert_eq!(values(&arrived[0], "traceparent"), [traceparent(spans.one("asks"))]);
}

#[test]
fn under_a_request_that_is_left_out_nothing_begins_and_what_came_is_passed_on() {
    let (arrived, spans) = spans(async {
        let server = Server::start().await;
        let caller = Context::current();
        let left_out = caller.with_telemetry_suppressed();
        carry_future_in(left_out, asks(server.url("/"))).await.expect("an answer");
        let alone = Context::new().with_telemetry_suppressed();
        carry_future_in(alone, asks(server.url("/"))).await.expect("an answer");
        let span_id = caller.span().span_context().span_id().to_string();
        (server.arrived(), span_id)
    });

    assert_eq!(spans.roots().count(), 0, "{spans}");
    let (arrived, span_id) = arrived;
    assert!(values(&arrived[0], "traceparent")[0].contains(&span_id));
    assert_eq!(values(&arrived[1], "traceparent"), [""; 0], "no flag is sent of no trace");
}
