//! Which attributes of its spans does a line show?

use opentelemetry::KeyValue;
use opentelemetry::trace::{Tracer, TracerProvider};
use otel_runtime::context::{carry, scope};
use otel_runtime::logs::with_trace_context;
use otel_runtime::{record, traced};
use otel_tests::capture::provider;
use tracing::info;
use tracing_subscriber::layer::Layer;

use crate::{Lines, capture, subscriber};

const KEYS: [&str; 6] = ["tenant.id", "level", "items", "name", "absent", "code.function.name"];

fn text(lines: &Lines) -> crate::Boxed {
    tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(false)
        .with_writer(lines.clone())
        .map_event_format(|format| with_trace_context(format).attributes(KEYS))
        .boxed()
}

fn json(lines: &Lines) -> crate::Boxed {
    tracing_subscriber::fmt::layer()
        .json()
        .with_writer(lines.clone())
        .map_event_format(|format| with_trace_context(format).attributes(KEYS))
        .boxed()
}

/// What stands between the ids and the message.
fn shown(line: &str) -> &str {
    let shown = line.split_once("trace_flags=01 ").expect("a span").1;
    shown.split_once("INFO").expect("a message").0.trim_end()
}

#[traced(attrs(tenant.id = tenant, name = %format_args!("two {tenant}"), items, level = "high"))]
fn handles(tenant: u32, items: &[u32]) {
    info!("outer");
    inner(8);
    provider().tracer("other").in_span("manual", |_| info!("by hand"));
    let subscriber = tracing::dispatcher::get_default(Clone::clone);
    let elsewhere = move || tracing::dispatcher::with_default(&subscriber, || info!("elsewhere"));
    std::thread::spawn(carry(elsewhere)).join().expect("a result");
}

#[traced(attrs(tenant.id = tenant))]
fn inner(tenant: u32) {
    record("items", 9);
    info!("inner");
}

#[test]
fn a_line_shows_what_its_span_began_with_and_else_what_those_around_it_did() {
    let lines = Lines::default();
    let _ = capture(subscriber([text(&lines)]), || handles(7, &[1, 2]));

    let outer = "tenant.id=7 level=high items=[1,2] name=\"two 7\" code.function.name=logs::listed::handles";
    assert_eq!(shown(&lines.with("outer")), outer);
    assert_eq!(shown(&lines.with("by hand")), outer);
    assert_eq!(shown(&lines.with("elsewhere")), outer);
    // What is set late is not shown.
    let inner =
        "tenant.id=8 level=high items=[1,2] name=\"two 7\" code.function.name=logs::listed::inner";
    assert_eq!(shown(&lines.with(": inner")), inner);
}

#[test]
fn in_json_they_have_their_types_and_no_key_is_there_twice() {
    let lines = Lines::default();
    let _ = capture(subscriber([json(&lines)]), || handles(7, &[1, 2]));

    let line: serde_json::Value = serde_json::from_str(&lines.with("outer")).expect("JSON");
    assert_eq!(line["tenant.id"], 7);
    assert_eq!(line["items"], serde_json::json!([1, 2]));
    assert_eq!(line["name"], "two 7");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["absent"], serde_json::Value::Null);
    assert_eq!(lines.with("outer").matches("\"level\"").count(), 1);
    assert!(line["trace_id"].is_string());
}

#[traced]
fn in_scope() {
    info!("in a scope");
}

#[test]
fn what_a_scope_gives_a_span_it_began_with() {
    let lines = Lines::default();
    let _ = capture(subscriber([text(&lines)]), || {
        let _scope = scope([KeyValue::new("tenant.id", "a b")]);
        in_scope();
    });

    let shown_of_scope = "tenant.id=\"a b\" code.function.name=logs::listed::in_scope";
    assert_eq!(shown(&lines.one()), shown_of_scope);
}

#[traced(attrs(name = text))]
fn says_badly(text: &str) {
    info!("bad");
}

#[test]
fn what_could_break_a_line_is_escaped() {
    let bad = "\u{1b}[31m\"\nlevel=ERROR\u{9b}";
    let (lines, objects) = (Lines::default(), Lines::default());
    let _ = capture(subscriber([text(&lines), json(&objects)]), || says_badly(bad));

    assert!(!lines.one().contains(char::is_control));
    assert!(
        lines.one().contains("name=\"\\u{1b}[31m\\\"\\nlevel=ERROR\\u{9b}\" "),
        "{}",
        lines.one()
    );
    assert!(!objects.one().contains('\u{1b}'));
    let object: serde_json::Value = serde_json::from_str(&objects.one()).expect("JSON");
    assert_eq!(object["name"], bad);
}

#[test]
fn what_must_not_leave_is_not_on_a_line_either() {
    let lines = Lines::default();
    let _ = capture(subscriber([text(&lines)]), || says_badly("api_key=7f3a9c21d4e5"));

    assert!(lines.one().contains("name="), "{}", lines.text());
    assert!(!lines.one().contains("7f3a9c21d4e5"), "{}", lines.text());
}
