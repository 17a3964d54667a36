//! Does a service pass a trace on as W3C Trace Context demands?

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::post;
use axum::{Json, Router};
use otel_tests::program::program;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

const TRACE: &str = "12345678901234567890123456789012";
const SPAN: &str = "1234567890123456";

/// The service, and somebody whom it is asked to call.
struct Harness {
    service: String,
    callback: String,
    called: Arc<Mutex<Vec<HeaderMap>>>,
    _child: Child,
}

impl Harness {
    async fn start() -> Harness {
        let this = std::env::current_exe().expect("this program has a path");
        let profile = this.ancestors().nth(2).expect("it is two directories deep");
        let command = program(profile.join("examples/trace_context_service"));
        let mut child = Command::from(command)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it is built before the tests of its package");
        let stdout = child.stdout.take().expect("a pipe");
        let mut service = String::new();
        BufReader::new(stdout).read_line(&mut service).await.expect("a line");

        let called = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().route("/callback", post(remember)).with_state(called.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let callback = format!("http://{}/callback", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, router).await });
        Harness { service: service.trim_end().to_owned(), callback, called, _child: child }
    }

    /// Asks for `count` calls with these headers; returns the headers of the calls.
    async fn ask(&self, headers: &[(&'static str, &'static str)], count: usize) -> Vec<HeaderMap> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let calls = vec![json!({ "url": self.callback, "arguments": [] }); count];
        let request = reqwest::Client::new().post(&self.service).headers(map).json(&calls);
        let response = request.send().await.expect("the service answers");
        assert!(response.status().is_success(), "{response:?}");
        std::mem::take(&mut *self.called.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Trace, flags and `tracestate` of the one call that a request with these headers leads to.
    async fn pass_on(&self, headers: &[(&'static str, &'static str)]) -> Passed {
        let [called] = &self.ask(headers, 1).await[..] else { panic!("one call") };
        let traceparent = one(called, "traceparent").expect("every call has one");
        let [_, trace, _, flags] = traceparent.split('-').collect::<Vec<_>>()[..] else {
            panic!("{traceparent}");
        };
        Passed {
            continued: trace == TRACE,
            flags: flags.to_owned(),
            state: one(called, "tracestate"),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Passed {
    continued: bool,
    flags: String,
    state: Option<String>,
}

type Called = Arc<Mutex<Vec<HeaderMap>>>;

async fn remember(State(called): State<Called>, headers: HeaderMap, Json(_): Json<Value>) {
    called.lock().unwrap_or_else(PoisonError::into_inner).push(headers);
}

fn one(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().collect();
    assert!(values.len() <= 1, "{name}: {values:?}");
    values.first().map(|value| value.to_str().expect("ASCII").to_owned())
}

#[tokio::test]
async fn every_call_of_a_request_is_in_the_callers_trace_under_a_span_of_its_own() {
    let harness = Harness::start().await;

    let traceparent = "00-12345678901234567890123456789012-1234567890123456-01";
    let mut spans = Vec::new();
    for call in harness.ask(&[("traceparent", traceparent)], 3).await {
        let traceparent = one(&call, "traceparent").expect("every call has one");
        let rest = traceparent.strip_prefix(&format!("00-{TRACE}-")).expect("the caller's trace");
        let span = rest[..16].to_owned();
        assert!(span != SPAN && !spans.contains(&span), "{traceparent}");
        spans.push(span);
    }
    assert_eq!(spans.len(), 3);
}

#[tokio::test]
async fn a_caller_without_a_valid_trace_gets_one() {
    let harness = Harness::start().await;

    for traceparent in [
        "00-00000000000000000000000000000000-1234567890123456-01",
        "00-12345678901234567890123456789012-0000000000000000-01",
        "ff-12345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-01-more",
        "00-12345678901234567890123456789012-1234567890123456-0.",
    ] {
        let passed =
            harness.pass_on(&[("traceparent", traceparent), ("tracestate", "foo=1")]).await;
        assert!(!passed.continued && passed.state.is_none(), "{traceparent}: {passed:?}");
    }
    let traceparent = "00-12345678901234567890123456789012-1234567890123456-01";
    let twice = [("traceparent", traceparent), ("traceparent", traceparent)];
    assert!(!harness.pass_on(&twice).await.continued);
    assert!(!harness.pass_on(&[("tracestate", "foo=1")]).await.continued);
}

#[tokio::test]
async fn whether_a_trace_id_is_random_is_passed_on() {
    let harness = Harness::start().await;

    for (traceparent, flags) in [
        ("00-12345678901234567890123456789012-1234567890123456-00", "00"),
        ("00-12345678901234567890123456789012-1234567890123456-01", "01"),
        ("00-12345678901234567890123456789012-1234567890123456-02", "02"),
        ("00-12345678901234567890123456789012-1234567890123456-ff", "03"),
    ] {
        let passed = harness.pass_on(&[("traceparent", traceparent)]).await;
        assert!(passed.continued);
        assert_eq!(passed.flags, flags, "{traceparent}");
    }
    assert_eq!(harness.pass_on(&[]).await.flags, "03", "one that begins here has a random id");
}

#[tokio::test]
async fn tracestate_goes_through_in_one_header_and_in_its_order() {
    let harness = Harness::start().await;
    let traceparent = ("traceparent", "00-12345678901234567890123456789012-1234567890123456-01");

    for (states, expected) in [
        (&["foo=1,bar=2", "", "rojo=3"][..], Some("foo=1,bar=2,rojo=3")),
        (&["foo=1 \t,\tbar=2 "], Some("foo=1,bar=2")),
        (&["foo@@bar=1,bar=2"], Some("foo@@bar=1,bar=2")),
        (&["t@vvvvvvvvvvvvvvv=1", "foo=1"], Some("t@vvvvvvvvvvvvvvv=1,foo=1")),
        (&["@foo=1,bar=2"], None),
        (&["foo=1", "FOO=2"], None),
        (&[""], None),
    ] {
        let mut headers = vec![traceparent];
        headers.extend(states.iter().map(|state| ("tracestate", *state)));
        let passed = harness.pass_on(&headers).await;
        assert_eq!(passed.state.as_deref(), expected, "{states:?}");
        assert!(passed.continued, "{states:?}");
    }
}
