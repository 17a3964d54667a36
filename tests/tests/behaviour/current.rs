//! What can a function say of the span that it runs in?

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{
    SpanContext, Status, TraceContextExt, TraceFlags, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue, Value};
use otel_runtime::{event, link, record, set_error, set_name, trace_id, traced};
use otel_tests::capture::{SpanExt, provider, remote_parent};

use crate::{capture, capture_async};

/// Says all that there is to say.
fn say_all(other: SpanContext) {
    record("rows", 3_usize);
    event("retry", vec![KeyValue::new("attempt", 2)]);
    set_error("out of stock");
    set_name("renamed");
    link(other);
}

#[traced]
fn says_all(other: SpanContext) {
    say_all(other);
}

#[traced]
async fn says_all_later(other: SpanContext) {
    tokio::task::yield_now().await;
    say_all(other);
}

fn says_all_in_a_future(other: SpanContext) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(says_all_later(other));
}

fn says_all_in_a_span_of_another_library(other: SpanContext) {
    provider().tracer("other").in_span("manual", |_| say_all(other));
}

type Way = (&'static str, fn(SpanContext));

#[test]
fn a_function_says_something_of_its_span_while_it_runs() {
    let other = remote_parent();
    let ways: [Way; 3] = [
        ("in a function", says_all),
        ("in a future", says_all_in_a_future),
        ("in a span of another library", says_all_in_a_span_of_another_library),
    ];

    for (way, call) in &ways {
        let spans = capture(|| call(other.clone()));

        let span = spans.one("renamed");
        assert_eq!(span.attribute("rows"), Some(&Value::I64(3)), "{way}");
        assert_eq!(span.error(), Some("out of stock"), "{way}");
        assert_eq!(span.links.len(), 1, "{way}");
        assert_eq!(span.links[0].span_context, other, "{way}");
        assert_eq!(span.events.len(), 1, "{way}");
        assert_eq!(span.events[0].name, "retry", "{way}");
        assert_eq!(span.events[0].attributes, [KeyValue::new("attempt", 2)], "{way}");
    }
}

#[traced(attrs(id))]
fn outer(id: u64) {
    unannotated();
    inner();
    record("after", true);
}

fn unannotated() {
    record("between", "a text");
}

#[traced]
fn inner() {
    record("inside", vec![1, 2]);
}

#[test]
fn what_is_said_is_of_the_innermost_span() {
    let spans = capture(|| outer(7));

    assert_eq!(spans.one("outer").keys(), ["id", "between", "after"]);
    assert_eq!(spans.one("inner").keys(), ["inside"]);
}

#[traced]
fn values(absent: Option<u64>, large: u64) {
    record("absent", absent);
    record("large", large);
    let reference = &large;
    record("reference", reference);
    record(String::from("computed"), String::from("owned"));
    record("list", &["a", "b"][..]);
}

#[test]
fn a_value_is_of_any_type_that_the_attribute_takes() {
    let spans = capture(|| values(None, u64::MAX));

    let span = spans.one("values");
    assert_eq!(span.keys(), ["large", "reference", "computed", "list"]);
    assert_eq!(span.text("large").as_deref(), Some("18446744073709551615"));
}

#[test]
fn without_a_span_nothing_happens() {
    say_all(remote_parent());
    assert_eq!(trace_id(), None);

    // A span of another process is nobody's to change.
    let spans = capture(|| say_all(remote_parent()));

    assert_eq!(spans.names(), Vec::<&str>::new());
}

static ASKED: AtomicBool = AtomicBool::new(false);

struct Never;

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        ASKED.store(true, Ordering::Relaxed);
        Ok(())
    }
}

#[traced]
fn says_of_nothing(other: SpanContext) {
    set_error(Never);
    say_all(other);
}

#[test]
fn in_a_trace_that_is_not_sampled_nothing_is_said_and_the_id_is_known() {
    let spans = capture(|| {
        let sampled = Context::current().span().span_context().clone();
        let unsampled = SpanContext::new(
            sampled.trace_id(),
            sampled.span_id(),
            TraceFlags::default(),
            true,
            sampled.trace_state().clone(),
        );
        let attached = Context::new().with_remote_span_context(unsampled).attach();
        says_of_nothing(remote_parent());
        assert_eq!(trace_id(), Some(sampled.trace_id()));
        drop(attached);
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
    assert!(!ASKED.load(Ordering::Relaxed));
}

#[test]
fn a_span_that_has_ended_stays_as_it_was() {
    let spans = capture(|| {
        let span = provider().tracer("other").start("ended");
        let attached = Context::current_with_span(span).attach();
        Context::current().span().end();
        set_error(Never);
        say_all(remote_parent());
        drop(attached);
    });

    assert!(!ASKED.load(Ordering::Relaxed));
    let span = spans.one("ended");
    assert_eq!((span.keys(), span.error()), (Vec::new(), None));
    assert!(span.links.is_empty() && span.events.is_empty());
}

#[traced]
fn fails_and_succeeds() -> Result<(), String> {
    set_error("half done");
    Ok(())
}

#[traced]
fn fails_twice() -> Result<(), String> {
    set_error("half done");
    Err("zero done".to_owned())
}

#[traced]
fn is_well_after_all() {
    set_error("half done");
    Context::current().span().set_status(Status::Ok);
    set_error("half done");
}

#[test]
fn an_error_that_was_set_outlasts_success_and_gives_way_to_the_error_that_is_returned() {
    let spans = capture(|| {
        fails_and_succeeds().expect("a success");
        fails_twice().expect_err("an error");
        is_well_after_all();
    });

    assert_eq!(spans.one("fails_and_succeeds").error(), Some("half done"));
    assert_eq!(spans.one("fails_twice").error(), Some("zero done"));
    assert_eq!(spans.one("is_well_after_all").status, Status::Ok);
}

#[traced]
fn answers() -> String {
    trace_id().map(|id| id.to_string()).unwrap_or_default()
}

#[test]
fn the_id_of_the_trace_is_32_hexadecimal_digits() {
    let mut answer = String::new();
    let spans = capture(|| answer = answers());

    assert_eq!(answer, spans.parent.trace_id().to_string());
    assert_eq!(answer.len(), 32);
}

struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a text that cannot be made")
    }
}

#[traced]
fn has_broken_values() {
    set_error(Broken);
    event("broken", std::iter::once_with(|| panic!("no attribute")));
    link(std::iter::once_with(|| -> SpanContext { panic!("no link") }));
    record("after", 1);
}

#[test]
fn what_panics_does_not_reach_the_function() {
    let spans = capture(has_broken_values);

    let span = spans.one("has_broken_values");
    assert_eq!(span.keys(), ["after"]);
    assert_eq!(span.error(), Some("<formatting failed>"));
    assert!(span.events.is_empty() && span.links.is_empty());
}

#[traced]
async fn waits_and_says() {
    tokio::task::yield_now().await;
    record("after", "the wait");
}

#[test]
fn what_is_said_after_an_await_is_of_the_same_span() {
    let spans = capture_async(async {
        let tasks =
            (0..3).map(|_| tokio::spawn(otel_runtime::context::carry_future(waits_and_says())));
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("a result");
        }
    });

    assert_eq!(spans.all.len(), 3);
    assert!(spans.all.iter().all(|span| span.keys() == ["after"]));
}
