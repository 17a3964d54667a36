//! Is the span the current OpenTelemetry context inside, and gone afterwards?

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, provider, remote_parent, spans_named};
use std::convert::TryInto;

use crate::{capture, capture_async};

fn span_context() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[traced]
fn child() -> SpanContext {
    span_context()
}

#[traced]
fn parent() -> (SpanContext, SpanContext) {
    let inside = span_context();
    let child = child();
    assert_eq!(span_context(), inside);
    (inside, child)
}

#[test]
fn the_span_is_current_inside_and_gone_afterwards() {
    let mut seen = None;
    let spans = capture(|| {
        let before = span_context();
        seen = Some(parent());
        assert_eq!(span_context(), before);
    });

    let (parent, child) = seen.expect("two spans");
    assert_eq!(spans.one("parent").span_context, parent);
    assert_eq!(spans.one("child").span_context, child);
    assert_eq!(spans.parent_of("child"), "parent");
    assert_eq!(spans.parent_of("parent"), "remote");
}

#[traced]
async fn waits(times: usize) {
    let inside = span_context();
    for _ in 0..times {
        tokio::task::yield_now().await;
        assert_eq!(span_context(), inside);
        child();
    }
}

#[test]
fn interleaved_futures_keep_their_own_context() {
    let spans = capture_async(async {
        let outside = span_context();
        tokio::join!(waits(1), waits(1));
        assert_eq!(span_context(), outside);
    });

    let waits: Vec<_> = spans.all.iter().filter(|span| span.name == "waits").collect();
    let children: Vec<_> = spans.all.iter().filter(|span| span.name == "child").collect();
    assert_eq!((waits.len(), children.len()), (2, 2));
    let mut parents: Vec<_> = children.iter().map(|child| child.parent_span_id).collect();
    let mut ids: Vec<_> = waits.iter().map(|wait| wait.span_context.span_id()).collect();
    parents.sort_by_key(|id| id.to_bytes());
    ids.sort_by_key(|id| id.to_bytes());
    assert_eq!(parents, ids);
}

#[traced]
async fn outer() {
    inner().await;
    child();
}

#[traced]
async fn inner() {
    child();
    tokio::task::yield_now().await;
}

#[test]
fn a_future_that_begins_in_the_first_poll_of_another_leaves_it_its_span() {
    let spans = capture_async(outer());

    assert_eq!(spans.names(), ["child", "inner", "child", "outer"]);
    assert_eq!(spans.parent_of("inner"), "outer");
    assert_eq!(spans.parent_of("outer"), "remote");
    let outer = spans.one("outer").span_context.span_id();
    assert_eq!(spans.all[2].parent_span_id, outer);
}

#[traced]
async fn nests(depth: usize) -> usize {
    if depth == 0 {
        return 0;
    }
    tokio::task::yield_now().await;
    1 + Box::pin(nests(depth - 1)).await
}

#[test]
fn an_async_function_may_call_itself() {
    let spans = capture_async(async { assert_eq!(nests(3).await, 3) });

    assert_eq!(spans.all.len(), 4);
    // The innermost ends first, and each hangs under the one that ends after it.
    for pair in spans.all.windows(2) {
        assert_eq!(pair[0].parent_span_id, pair[1].span_context.span_id());
    }
}

#[test]
fn a_future_moves_between_threads_with_its_context() {
    let spans = capture(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
        let runtime = runtime.expect("a runtime");
        let context = Context::current();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let future = waits(20);
                let context = context.clone();
                runtime.spawn(opentelemetry::context::FutureExt::with_context(future, context))
            })
            .collect();
        for task in tasks {
            runtime.block_on(task).expect("no panic");
        }
    });

    assert_eq!(spans.all.iter().filter(|span| span.name == "child").count(), 160);
    for child in spans.all.iter().filter(|span| span.name == "child") {
        let mut waits = spans.all.iter().filter(|span| span.name == "waits");
        assert!(waits.any(|wait| wait.span_context.span_id() == child.parent_span_id));
    }
}

#[traced(attrs(id = 1_u8))]
fn around_a_manual_span() {
    let tracer = provider().tracer("manual");
    tracer.in_span("manual", |_| {
        child();
    });
    Context::current().span().set_attribute(KeyValue::new("late", true));
}

#[test]
fn manual_spans_nest_in_both_directions() {
    let spans = capture(around_a_manual_span);

    assert_eq!(spans.parent_of("child"), "manual");
    assert_eq!(spans.parent_of("manual"), "around_a_manual_span");
    assert_eq!(spans.one("around_a_manual_span").attribute("late"), Some(&true.into()));
}

#[traced(root)]
fn fresh_root() -> (SpanContext, Option<String>) {
    let context = Context::current();
    (span_context(), context.baggage().get("tenant").map(ToString::to_string))
}

#[traced(root)]
async fn fresh_root_async() {
    child();
}

fn with_tenant() -> Context {
    Context::current().with_baggage([KeyValue::new("tenant", "blue")])
}

#[test]
fn a_root_starts_a_new_trace_and_keeps_the_baggage() {
    let mut root = None;
    let spans = capture(|| {
        let _attached = with_tenant().attach();
        root = Some(fresh_root());
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
    let (root, tenant) = root.expect("it ran");
    let [span] = spans_named("fresh_root").try_into().expect("one span");
    assert_eq!(span.span_context, root);
    assert!(span.is_root());
    assert_eq!(tenant.as_deref(), Some("blue"));
    capture_async(fresh_root_async());
    let [span] = spans_named("fresh_root_async").try_into().expect("one span");
    assert!(span.is_root());
}

#[traced(parent = context)]
fn under_a_context(context: &Context) -> Option<String> {
    Context::current().baggage().get("tenant").map(ToString::to_string)
}

#[traced(parent = span)]
fn under_a_span(span: SpanContext) -> Option<String> {
    let _ = span;
    Context::current().baggage().get("tenant").map(ToString::to_string)
}

#[traced(parent = span.clone())]
async fn under_a_span_async(span: SpanContext) {
    let _ = span;
    child();
}

#[test]
fn a_context_as_parent_replaces_the_baggage_and_a_span_does_not() {
    let other = remote_parent();
    let spans = capture(|| {
        let _attached = with_tenant().attach();
        let bare = Context::new().with_remote_span_context(other.clone());
        assert_eq!(under_a_context(&bare), None);
        assert_eq!(under_a_span(other.clone()).as_deref(), Some("blue"));
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
    let spans = otel_tests::capture::Spans::of(other);
    assert_eq!(spans.parent_of("under_a_context"), "remote");
    assert_eq!(spans.parent_of("under_a_span"), "remote");
    let other = remote_parent();
    capture_async(under_a_span_async(other.clone()));
    let spans = otel_tests::capture::Spans::of(other);
    assert_eq!(spans.parent_of("under_a_span_async"), "remote");
    assert_eq!(spans.parent_of("child"), "under_a_span_async");
}

fn never_asked() -> u8 {
    panic!("nobody asks for this value")
}

#[traced(attrs(evaluated = never_asked()))]
fn suppressed() -> u8 {
    1
}

#[test]
fn nothing_is_evaluated_where_telemetry_is_suppressed() {
    let spans = capture(|| {
        let _scope = Context::enter_telemetry_suppressed_scope();
        assert_eq!(suppressed(), 1);
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
}
