//! Which of the spans that an error passes have an event of it?

use std::convert::TryInto;
use std::fmt;
use std::panic::catch_unwind;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, Value};
use otel_runtime::context::{JoinSetExt, carry, carry_future};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, spans_named};

use crate::{capture, capture_async};

#[derive(Clone, Debug)]
struct DiskFull;

impl fmt::Display for DiskFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("disk full")
    }
}

impl std::error::Error for DiskFull {}

/// Another type that says the same, as of `#[error(transparent)]`.
#[derive(Debug)]
struct Failure(DiskFull);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("disk full")
    }
}

impl std::error::Error for Failure {}

/// An error that is no `Display`.
struct Silent;

#[traced]
fn write() -> Result<u8, DiskFull> {
    Err(DiskFull)
}

#[traced]
async fn write_async() -> Result<u8, DiskFull> {
    tokio::task::yield_now().await;
    Err(DiskFull)
}

/// Name and messages of all spans with exception events, in the order in which they ended.
fn told(spans: &Spans) -> Vec<(&str, Vec<String>)> {
    let of = |span: &opentelemetry_sdk::trace::SpanData| {
        let told = span.exceptions().into_iter().map(|event| {
            let message = event.into_iter().find(|(key, _)| *key == "exception.message");
            message.map(|(_, message)| message).unwrap_or_default()
        });
        told.collect::<Vec<_>>()
    };
    let all = spans.all.iter().map(|span| (span.name.as_ref(), of(span)));
    all.filter(|(_, told)| !told.is_empty()).collect()
}

fn once(name: &str) -> Vec<(&str, Vec<String>)> {
    vec![(name, vec!["disk full".to_owned()])]
}

#[traced]
fn save() -> Result<u8, Failure> {
    Ok(write().map_err(Failure)? + 1)
}

#[traced]
fn order() -> Result<u8, Box<dyn std::error::Error>> {
    Ok(save()? + 1)
}

#[test]
fn an_error_is_an_event_of_the_innermost_span_whatever_type_it_is_converted_to() {
    let spans = capture(|| drop(order()));

    assert_eq!(told(&spans), once("write"));
    for (name, error_type) in [("write", "DiskFull"), ("save", "Failure"), ("order", "Failure")] {
        let span = spans.one(name);
        assert_eq!(span.error(), Some("disk full"), "{name}");
        let Some(Value::String(found)) = span.attribute("error.type") else { panic!("{name}") };
        assert!(found.as_str().ends_with(error_type), "{name}: {found}");
    }
}

#[traced]
async fn save_async() -> Result<u8, DiskFull> {
    tokio::task::yield_now().await;
    let result = write_async().await;
    tokio::task::yield_now().await;
    // Another call in between, that fails as well and is dealt with.
    let _ = other_async().await;
    result
}

#[traced]
async fn other_async() -> Result<u8, String> {
    Err("another".to_owned())
}

#[test]
fn an_error_of_an_async_function_is_an_event_once_though_others_fail_meanwhile() {
    let spans = capture_async(async { drop(save_async().await) });

    let expected = [
        ("write_async", vec!["disk full".to_owned()]),
        ("other_async", vec!["another".to_owned()]),
    ];
    assert_eq!(told(&spans), expected);
}

#[traced]
async fn by_every_way() -> Result<u8, DiskFull> {
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn_carried(write_async());
    let joined = tasks.join_next().await.expect("a task").expect("no panic");
    let spawned = tokio::spawn(write_async()).await.expect("no panic");
    let carried = carry_future(write_async()).await;
    let blocking = tokio::task::spawn_blocking(write).await.expect("no panic");
    let thread = std::thread::spawn(write).join().expect("no panic");
    let closure = carry(write)();
    let (left, right) = rayon::join(write, write);
    let all = vec![joined, spawned, carried, blocking, thread, closure, left, right];
    all.into_iter().next_back().expect("eight")
}

#[test]
fn an_error_that_comes_from_another_thread_or_task_is_an_event_once() {
    let spans = capture(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
        drop(runtime.expect("a runtime").block_on(carry_future(by_every_way())));
    });

    let told = told(&spans);
    assert_eq!(told.len(), 8, "{told:?}");
    assert_eq!(spans.one("by_every_way").exceptions().len(), 0, "each of the others told it");
}

#[traced]
fn adds_context() -> Result<u8, String> {
    write().map_err(|error| format!("saving order 7: {error}"))
}

#[traced]
fn passes_context_on() -> Result<u8, String> {
    adds_context()
}

#[test]
fn a_text_that_grew_on_the_way_is_a_new_event() {
    let spans = capture(|| drop(passes_context_on()));

    let grown = vec!["saving order 7: disk full".to_owned()];
    let expected = [("write", vec!["disk full".to_owned()]), ("adds_context", grown)];
    assert_eq!(told(&spans), expected);
}

#[traced]
fn tries_three_times() -> Result<u8, DiskFull> {
    write().or_else(|_| write()).or_else(|_| write())
}

#[test]
fn each_attempt_has_an_event_and_who_gives_up_has_none() {
    let spans = capture(|| drop(tries_three_times()));

    assert_eq!(told(&spans), [once("write"), once("write"), once("write")].concat());
}

#[traced(name = "another trace", root)]
fn in_another_trace() -> Result<u8, DiskFull> {
    Err(DiskFull)
}

#[traced]
fn calls_another_trace() -> Result<u8, DiskFull> {
    in_another_trace()
}

#[test]
fn an_error_of_another_trace_is_an_event_in_both() {
    let spans = capture(|| drop(calls_another_trace()));

    assert_eq!(told(&spans), once("calls_another_trace"));
    let [other] = spans_named("another trace").try_into().expect("one span");
    assert_eq!(other.exceptions().len(), 1);
}

#[traced(skip_pii)]
fn private() -> Result<u8, DiskFull> {
    Err(DiskFull)
}

#[traced]
fn calls_private() -> Result<u8, DiskFull> {
    private()
}

#[traced(skip_pii)]
fn private_between() -> Result<u8, DiskFull> {
    write()
}

#[traced]
fn calls_private_between() -> Result<u8, DiskFull> {
    private_between()
}

#[test]
fn a_span_that_may_not_tell_the_text_leaves_it_to_the_next_one_that_may() {
    assert_eq!(told(&capture(|| drop(calls_private()))), once("calls_private"));
    assert_eq!(told(&capture(|| drop(calls_private_between()))), once("write"));
}

#[traced]
fn silent() -> Result<u8, Silent> {
    Err(Silent)
}

#[traced]
fn calls_silent() -> Result<u8, Silent> {
    silent()
}

#[test]
fn an_error_without_a_text_is_known_by_its_type() {
    let spans = capture(|| drop(calls_silent()));

    assert_eq!(told(&spans), [("silent", vec![String::new()])]);
}

#[traced]
fn records_by_hand() -> Result<u8, DiskFull> {
    Context::current().span().record_error(&DiskFull);
    Err(DiskFull)
}

#[test]
fn an_error_that_the_program_has_recorded_is_not_recorded_again() {
    let spans = capture(|| drop(records_by_hand()));

    assert_eq!(told(&spans), once("records_by_hand"));
}

#[traced]
fn bursts() -> u8 {
    panic!("disk full")
}

#[traced]
fn calls_what_bursts() -> Result<u8, String> {
    Ok(bursts())
}

#[traced]
async fn awaits_what_bursts() -> u8 {
    tokio::task::yield_now().await;
    calls_what_bursts().expect("it panics")
}

#[test]
fn a_panic_is_an_event_of_the_innermost_span() {
    let spans = capture(|| drop(catch_unwind(calls_what_bursts)));
    assert_eq!(told(&spans), once("bursts"));
    for name in ["bursts", "calls_what_bursts"] {
        assert_eq!(spans.one(name).error(), Some("disk full"));
        assert_eq!(spans.one(name).attribute("error.type"), Some(&"panic".into()));
    }

    let spans = capture_async(async {
        let panic = tokio::spawn(carry_future(awaits_what_bursts())).await;
        assert!(panic.is_err());
    });
    assert_eq!(told(&spans), once("bursts"));
    assert_eq!(spans.one("awaits_what_bursts").error(), Some("disk full"));
}

#[traced]
fn bursts_after_what_burst() -> u8 {
    let _ = catch_unwind(bursts);
    let _ = silent();
    panic!("disk full")
}

#[test]
fn a_panic_of_the_same_text_at_another_place_is_another_one() {
    let spans = capture(|| drop(catch_unwind(bursts_after_what_burst)));

    let silent = vec![("silent", vec![String::new()])];
    let expected = [once("bursts"), silent, once("bursts_after_what_burst")].concat();
    assert_eq!(told(&spans), expected);
}
