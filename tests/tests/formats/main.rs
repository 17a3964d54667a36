//! What becomes of a trace that comes in by B3, Jaeger or X-Ray?
//!
//! In a process of its own, since a process has one list of formats.

mod grammar;
mod lists;

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex, PoisonError};

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::context::{Trust, carry_in, extract, inject_context, receive};
use otel_runtime::{Telemetry, traced};

const TRACE: &str = "5759e988bd862e3fe1be46a994272793";
const SPAN: &str = "53995c3f42cd8ad8";
const ROOT: &str = "Root=1-5759e988-bd862e3fe1be46a994272793";

static ENDED: Mutex<Vec<SpanData>> = Mutex::new(Vec::new());

#[derive(Debug)]
struct Collect;

impl SpanExporter for Collect {
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        ENDED.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
        Ok(())
    }
}

static TELEMETRY: LazyLock<Telemetry> = LazyLock::new(|| {
    otel_runtime::builder()
        .exporter(Collect)
        .environment([("OTEL_PROPAGATORS", "tracecontext,baggage,xray,jaeger,b3")])
        .init()
        .expect("nobody has come before")
});

fn map(headers: &[(&str, &str)]) -> HashMap<String, String> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn sent(context: &Context) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    inject_context(context, &mut headers);
    headers
}

#[traced]
fn handle(headers: &mut HashMap<String, String>) {
    otel_runtime::context::inject(headers);
}

/// What a service is seen to do with a request: the headers that its handler sends on, and its span.
struct Handled {
    sent: HashMap<String, String>,
    span: Option<SpanData>,
}

fn handled(headers: &[(&str, &str)]) -> Handled {
    LazyLock::force(&TELEMETRY);
    let mut sent = HashMap::new();
    let parent = receive(&map(headers), Trust::Trust).parent;
    carry_in(parent, || handle(&mut sent))();
    TELEMETRY.flush().expect("nothing is lost");
    let id = sent["traceparent"].split('-').nth(2).map(str::to_owned);
    let ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |span: &&SpanData| Some(span.span_context.span_id().to_string()) == id;
    Handled { span: ended.iter().find(is_it).cloned(), sent }
}

#[test]
fn every_format_is_read_and_all_of_them_are_written() {
    let b3 = format!("{TRACE}-{SPAN}-1");
    for (name, value) in [
        ("b3", b3.as_str()),
        ("uber-trace-id", &format!("{TRACE}:{SPAN}:0:1")),
        ("x-amzn-trace-id", &format!("{ROOT};Parent={SPAN};Sampled=1")),
        ("traceparent", &format!("00-{TRACE}-{SPAN}-01")),
    ] {
        let Handled { sent, span } = handled(&[(name, value)]);
        let span = span.expect("sampled");
        assert_eq!(span.parent_span_id.to_string(), SPAN, "{name}");
        let id = span.span_context.span_id();
        assert_eq!(sent["b3"], format!("{TRACE}-{id}-1"), "{name}");
        assert_eq!(sent["uber-trace-id"], format!("{TRACE}:{id}:0:1"), "{name}");
        assert_eq!(sent["x-amzn-trace-id"], format!("{ROOT};Parent={id};Sampled=1"), "{name}");
        assert_eq!(sent["traceparent"], format!("00-{TRACE}-{id}-01"), "{name}");
        assert_eq!(sent.len(), 4, "{sent:?}");
    }
}

#[test]
fn a_caller_that_leaves_the_decision_open_is_recorded_as_the_local_sampler_says() {
    for (name, value) in [
        ("b3", format!("{TRACE}-{SPAN}")),
        ("x-amzn-trace-id", format!("{ROOT};Parent={SPAN}")),
        ("x-amzn-trace-id", format!("Sampled=?;{ROOT};Parent={SPAN}")),
    ] {
        let Handled { sent, span } = handled(&[(name, &value)]);
        let span = span.expect("the sampler takes every trace that begins here");
        assert_eq!(span.parent_span_id.to_string(), SPAN);
        assert!(sent["b3"].starts_with(TRACE) && sent["b3"].ends_with("-1"), "{sent:?}");

        let passed_on = sent_on(&[(name, &value)]);
        assert_eq!(passed_on["b3"], format!("{TRACE}-{SPAN}"), "still open");
        assert_eq!(passed_on["x-amzn-trace-id"], format!("{ROOT};Parent={SPAN}"), "still open");
    }
    for (name, value) in [
        ("b3", format!("{TRACE}-{SPAN}-0")),
        ("x-amzn-trace-id", format!("{ROOT};Parent={SPAN};Sampled=0")),
        ("uber-trace-id", format!("{TRACE}:{SPAN}:0:0")),
    ] {
        let Handled { sent, span } = handled(&[(name, &value)]);
        assert!(span.is_none(), "{name}: the caller said no");
        assert!(sent["traceparent"].ends_with("-00"), "{sent:?}");
    }
}

/// What a service without spans sends on.
fn sent_on(headers: &[(&str, &str)]) -> BTreeMap<String, String> {
    LazyLock::force(&TELEMETRY);
    sent(&extract(&map(headers)))
}

#[test]
fn spans_of_other_libraries_are_decided_alike() {
    LazyLock::force(&TELEMETRY);
    for (state, is_sampled) in [("", true), ("-0", false), ("-1", true), ("-d", true)] {
        let parent = extract(&map(&[("b3", &format!("{TRACE}-{SPAN}{state}"))]));
        let span = global::tracer("other").start_with_context("work", &parent);
        let context = parent.with_span(span);
        let span = context.span().span_context().clone();
        assert_eq!(span.is_sampled(), is_sampled, "{state}");
        assert_eq!(span.trace_id().to_string(), TRACE);
    }
    for (decision, is_sampled) in [("0", false), ("1", true), ("d", true)] {
        let parent = extract(&map(&[("b3", decision)]));
        let span = global::tracer("other").start_with_context("work", &parent);
        assert_eq!(
            opentelemetry::trace::Span::span_context(&span).is_sampled(),
            is_sampled,
            "{decision}"
        );
    }
}

#[test]
fn debug_goes_on_as_debug() {
    for (name, value) in
        [("b3", format!("{TRACE}-{SPAN}-d")), ("uber-trace-id", format!("{TRACE}:{SPAN}:0:3"))]
    {
        let Handled { sent, span } = handled(&[(name, &value)]);
        let id = span.expect("sampled").span_context.span_id();
        assert_eq!(sent["b3"], format!("{TRACE}-{id}-d"));
        assert_eq!(sent["uber-trace-id"], format!("{TRACE}:{id}:0:3"));
        assert_eq!(sent["traceparent"], format!("00-{TRACE}-{id}-01"));
    }
}

#[test]
fn a_decision_without_a_trace_is_kept_to() {
    let Handled { sent, span } = handled(&[("b3", "0")]);
    assert!(span.is_none(), "not to be recorded");
    assert!(sent["b3"].ends_with("-0"), "{sent:?}");
    assert_eq!(sent_on(&[("b3", "0")]), BTreeMap::from([("b3".to_owned(), "0".to_owned())]));

    for decision in ["1", "d"] {
        let Handled { sent, span } = handled(&[("x-b3-flags", "1"), ("b3", decision)]);
        assert!(span.is_some(), "{decision}");
        assert!(sent["b3"].ends_with(&format!("-{decision}")), "{sent:?}");
    }
}

#[test]
fn a_trace_that_a_load_balancer_began_goes_on_with_its_id() {
    for (rest, is_sampled) in [("", true), (";Sampled=?", true), (";Sampled=1", true)] {
        let Handled { sent, span } = handled(&[("X-Amzn-Trace-Id", &format!("{ROOT}{rest}"))]);
        assert_eq!(span.is_some(), is_sampled, "{rest}");
        let span = span.expect("recorded");
        assert_eq!(span.span_context.trace_id().to_string(), TRACE);
        assert_eq!(span.parent_span_id, opentelemetry::SpanId::INVALID, "it is the first");
        let id = span.span_context.span_id();
        assert_eq!(sent["x-amzn-trace-id"], format!("{ROOT};Parent={id};Sampled=1"));
        assert_eq!(sent["traceparent"], format!("00-{TRACE}-{id}-01"));
    }
    let no = format!("{ROOT};Sampled=0");
    let Handled { sent, span } = handled(&[("X-Amzn-Trace-Id", &no)]);
    assert!(span.is_none(), "the load balancer said no");
    assert!(sent["traceparent"].starts_with(&format!("00-{TRACE}-")), "{sent:?}");
    assert!(sent["traceparent"].ends_with("-00"), "{sent:?}");

    let header = ("x-amzn-trace-id".to_owned(), ROOT.to_owned());
    assert_eq!(sent_on(&[("x-amzn-trace-id", ROOT)]), BTreeMap::from([header]));
}

#[test]
fn a_root_span_has_nothing_of_what_a_stranger_said() {
    #[traced(root)]
    fn begin(headers: &mut HashMap<String, String>) {
        otel_runtime::context::inject(headers);
    }
    LazyLock::force(&TELEMETRY);
    for header in [("b3", "0"), ("x-amzn-trace-id", ROOT)] {
        let mut sent = HashMap::new();
        carry_in(extract(&map(&[header])), || begin(&mut sent))();
        assert!(!sent["traceparent"].contains(TRACE), "{sent:?}");
        assert!(sent["traceparent"].ends_with("-03"), "{sent:?}");

        let stranger = receive(&map(&[header]), Trust::Link);
        let mut sent = HashMap::new();
        carry_in(stranger.parent, || handle(&mut sent))();
        assert!(!sent["traceparent"].contains(TRACE), "{sent:?}");
        assert!(sent["traceparent"].ends_with("-03"), "{sent:?}");
    }
}

#[test]
fn of_several_good_headers_the_last_format_of_the_list_counts() {
    let id = |digit: &str| digit.repeat(16);
    let (w3c, b3, jaeger) = (
        format!("00-{TRACE}-{}-01", id("1")),
        format!("{TRACE}-{}-1", id("2")),
        format!("{TRACE}:{}:0:1", id("3")),
    );
    let xray = format!("{ROOT};Parent={};Sampled=1", id("4"));
    let of = |headers: &[(&str, &str)]| {
        LazyLock::force(&TELEMETRY);
        extract(&map(headers)).span().span_context().span_id().to_string()
    };
    let all = [
        ("b3", &*b3),
        ("traceparent", &w3c),
        ("x-amzn-trace-id", &xray),
        ("uber-trace-id", &jaeger),
    ];

    assert_eq!(of(&all), id("2"), "`b3` is listed last");
    assert_eq!(of(&all[1..]), id("3"));
    assert_eq!(of(&all[1..3]), id("4"));
    for malformed in ["b3", "x-amzn-trace-id", "uber-trace-id"] {
        assert_eq!(of(&[("traceparent", &w3c), (malformed, "nonsense")]), id("1"), "{malformed}");
    }
    assert_eq!(of(&[("traceparent", "nonsense"), ("b3", &b3)]), id("2"));
    for without_span in [("b3", "0"), ("x-amzn-trace-id", ROOT)] {
        assert_eq!(of(&[("traceparent", &w3c), without_span]), id("1"), "a span counts more");
    }
    assert_eq!(of(&[("traceparent", "nonsense"), ("b3", "nonsense")]), "0".repeat(16));

    let both = [("baggage", "a=1"), ("uber-trace-id", &*jaeger), ("uberctx-b", "2")];
    let baggage = extract(&map(&both));
    assert_eq!(baggage.baggage().len(), 1);
    assert!(baggage.baggage().get("b").is_some());
}

#[test]
fn below_a_span_of_this_process_that_serves_the_request_it_stays() {
    LazyLock::force(&TELEMETRY);
    let request = map(&[("b3", &format!("{TRACE}-{SPAN}-1")), ("x-amzn-trace-id", "nonsense")]);
    let outer = receive(&request, Trust::Trust).parent;
    let span = global::tracer("middleware").start_with_context("request", &outer);
    let middleware = outer.with_span(span);
    let of_middleware = middleware.span().span_context().clone();

    let _guard = middleware.attach();

    let inner = receive(&request, Trust::Trust).parent;
    assert_eq!(inner.span().span_context(), &of_middleware);
    let unreadable = receive(&map(&[("b3", "nonsense")]), Trust::Trust).parent;
    assert!(!unreadable.has_active_span(), "another request, without a caller");
}

#[test]
fn what_a_copied_request_brought_along_is_replaced_or_removed_in_every_format() {
    LazyLock::force(&TELEMETRY);
    let stale = [
        ("Traceparent", "00-11111111111111111111111111111111-1111111111111111-01"),
        ("tracestate", "a=1"),
        ("B3", "11111111111111111111111111111111-1111111111111111-1"),
        ("X-B3-TraceId", "11111111111111111111111111111111"),
        ("X-B3-SpanId", "1111111111111111"),
        ("X-B3-ParentSpanId", "1111111111111111"),
        ("X-B3-Sampled", "1"),
        ("X-B3-Flags", "1"),
        ("Uber-Trace-Id", "1:1:0:1"),
        ("Uberctx-Tenant", "stale"),
        ("jaeger-baggage", "tenant=stale"),
        ("X-Amzn-Trace-Id", "Root=1-11111111-111111111111111111111111"),
        ("baggage", "tenant=stale"),
        ("host", "shop.example"),
    ];
    let context = extract(&map(&[("b3", &format!("{TRACE}-{SPAN}-1"))]))
        .with_baggage([KeyValue::new("user", "7")]);
    let expected = BTreeMap::from(
        [
            ("b3", format!("{TRACE}-{SPAN}-1")),
            ("baggage", "user=7".to_owned()),
            ("host", "shop.example".to_owned()),
            ("traceparent", format!("00-{TRACE}-{SPAN}-01")),
            ("uber-trace-id", format!("{TRACE}:{SPAN}:0:1")),
            ("uberctx-user", "7".to_owned()),
            ("x-amzn-trace-id", format!("{ROOT};Parent={SPAN};Sampled=1")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let alone = BTreeMap::from([("host".to_owned(), "shop.example".to_owned())]);

    let mut tree: BTreeMap<_, _> = map(&stale).into_iter().collect();
    inject_context(&context, &mut tree);
    assert_eq!(tree, expected);
    inject_context(&Context::new(), &mut tree);
    assert_eq!(tree, alone);

    let mut headers = http::HeaderMap::new();
    for (name, value) in stale {
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.append(&name, http::HeaderValue::from_static(value));
        headers.append(name, http::HeaderValue::from_static(value));
    }
    headers.remove("host");
    headers.insert("host", http::HeaderValue::from_static("shop.example"));
    let as_tree = |headers: &http::HeaderMap| -> BTreeMap<String, String> {
        assert_eq!(headers.len(), headers.keys_len(), "one value a name");
        let text = |value: &http::HeaderValue| value.to_str().expect("text").to_owned();
        headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    };
    let mut metadata = tonic::metadata::MetadataMap::from_headers(headers.clone());
    inject_context(&context, &mut headers);
    assert_eq!(as_tree(&headers), expected);
    inject_context(&context, &mut metadata);
    assert_eq!(as_tree(metadata.as_ref()), expected);
}

#[test]
fn ten_thousand_entries_are_read_in_bounds() {
    LazyLock::force(&TELEMETRY);
    let names = ["uberctx-", "x-b3-", "other-"];
    let entry = |n: usize| (format!("{}{n}", names[n % names.len()]), "v".repeat(10));
    let mut carrier: Vec<_> = (0..10_000).map(entry).collect();
    carrier.push(("uber-trace-id".to_owned(), format!("{TRACE}:{SPAN}:0:1")));

    let context = extract(&carrier);

    assert_eq!(context.span().span_context().span_id().to_string(), SPAN);
    assert_eq!(context.baggage().len(), 64);
    inject_context(&context, &mut carrier);
    let is_entry = |(name, _): &&(String, String)| name.starts_with("uberctx-");
    assert_eq!(carrier.iter().filter(is_entry).count(), 64);
}

#[test]
fn what_cannot_be_read_is_counted_once_a_request() {
    LazyLock::force(&TELEMETRY);
    // Other tests count at the same time.
    let before = TELEMETRY.stats().refused.parents;
    for _ in 0..100 {
        extract(&map(&[("b3", "nonsense")]));
    }
    assert!(TELEMETRY.stats().refused.parents >= before + 100);
}
