//! What does a function that the filter leaves out do with the `parent` or `root` that it says?
//!
//! What it calls and sends belongs there, as if it had a span.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_core::Stream;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{
    SpanContext, Status, TraceContextExt, TraceFlags, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, provider, remote_parent, spans_named};

use crate::level::with_directive;
use crate::{capture, capture_async};

const OFF: &str = "behaviour::context_only::below=off";

fn span_context() -> SpanContext {
    Context::current().span().span_context().clone()
}

fn tenant() -> Option<String> {
    Context::current().baggage().get("tenant").map(ToString::to_string)
}

/// A value of the program's own in the context.
struct Value;

fn has_value() -> bool {
    Context::current().get::<Value>().is_some()
}

#[traced]
fn child() {}

#[traced]
fn child_of_root() {}

/// Set where a value is asked for: the panic of one that is asked for at the end goes no further.
static ASKED: AtomicBool = AtomicBool::new(false);

fn never_asked<T>() -> T {
    ASKED.store(true, Ordering::Relaxed);
    panic!("nobody asks for this value")
}

/// Functions that have no spans.
mod below {
    use super::*;

    #[traced(parent = context, attrs(value = never_asked::<u8>()), name = never_asked::<String>())]
    pub(super) fn in_context(context: &Context) -> (SpanContext, Option<String>) {
        child();
        (span_context(), tenant())
    }

    #[traced(parent = span.clone(), links(never_asked::<SpanContext>()))]
    pub(super) fn under_span(span: &SpanContext) -> (SpanContext, Option<String>) {
        child();
        (span_context(), tenant())
    }

    #[traced(parent(extract = headers), kind = server)]
    pub(super) fn in_headers(headers: &HashMap<String, String>) -> SpanContext {
        child();
        span_context()
    }

    #[track_caller]
    #[traced(parent = context)]
    pub(super) fn tracks_caller(context: &Context) -> SpanContext {
        child();
        span_context()
    }

    #[traced(parent = context)]
    pub(super) async fn waits(context: Context) -> (SpanContext, SpanContext) {
        let before = span_context();
        child();
        tokio::task::yield_now().await;
        child();
        (before, span_context())
    }

    #[traced(parent = context)]
    pub(super) fn returns_future(context: &Context) -> impl Future<Output = SpanContext> + use<> {
        async {
            tokio::task::yield_now().await;
            child();
            span_context()
        }
    }

    #[traced(parent = context)]
    pub(super) fn returns_boxed(
        context: &Context,
    ) -> Pin<Box<dyn Future<Output = SpanContext> + Send>> {
        Box::pin(async {
            child();
            span_context()
        })
    }

    #[traced(parent = context)]
    pub(super) fn returns_stream(context: &Context) -> impl Stream<Item = SpanContext> + use<> {
        Once(Some(span_context))
    }

    #[traced(root, attrs(value = never_asked::<u8>()))]
    pub(super) fn root() -> (bool, Option<String>, bool) {
        child_of_root();
        (span_context().is_valid(), tenant(), has_value())
    }

    #[traced(root)]
    pub(super) async fn root_async() -> (bool, Option<String>, bool) {
        tokio::task::yield_now().await;
        child_of_root();
        (span_context().is_valid(), tenant(), has_value())
    }

    #[traced(parent = context)]
    pub(super) fn spawns(context: &Context) -> SpanContext {
        std::thread::spawn(span_context).join().expect("no panic")
    }

    #[traced(parent = context, ret(value = |_| never_asked::<u8>()), error_if = |_| never_asked::<bool>())]
    pub(super) fn fails(context: &Context) -> Result<(), String> {
        Err("of the call, not of its parent".to_owned())
    }

    #[traced(parent = context, err = |_| never_asked::<String>(), timings)]
    pub(super) async fn fails_async(context: Context) -> Result<(), String> {
        Err("of the call, not of its parent".to_owned())
    }

    #[traced(parent = context, err = |_| never_asked::<String>())]
    pub(super) fn fails_later(
        context: &Context,
    ) -> impl Future<Output = Result<(), String>> + use<> {
        async { Err("of the call, not of its parent".to_owned()) }
    }

    #[traced(parent = context)]
    pub(super) fn panics(context: &Context) {
        panic!("of the call, not of its parent");
    }

    #[traced(parent = context)]
    pub(super) async fn never_ends(context: Context) {
        std::future::pending().await
    }
}

/// What a function makes once.
struct Once<F>(Option<F>);

impl<T, F: FnOnce() -> T + Unpin> Stream for Once<F> {
    type Item = T;

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<T>> {
        std::task::Poll::Ready(self.0.take().map(|make| make()))
    }
}

/// A caller in another process, with baggage.
fn caller() -> (SpanContext, Context) {
    let span = remote_parent();
    let context = Context::new()
        .with_baggage([KeyValue::new("tenant", "blue")])
        .with_remote_span_context(span.clone());
    (span, context)
}

/// Everything that `work` does in the trace of `caller`, and not in that which was current, when it is
/// done once more: the first call of a function is another.
fn in_trace_of(caller: SpanContext, work: impl Fn()) -> Spans {
    with_directive(OFF, || {
        for _ in 0..2 {
            assert_eq!(capture(&work).names(), Vec::<&str>::new());
        }
    });
    Spans::of(caller)
}

#[test]
fn the_callers_trace_goes_on_without_a_span_of_its_own() {
    let (caller, context) = caller();
    let seen = Cell::new(None);
    let spans = in_trace_of(caller.clone(), || {
        seen.set(Some((
            below::in_context(&context),
            below::tracks_caller(&context),
            below::spawns(&context),
        )));
    });

    let (in_context, tracks_caller, spawned) = seen.take().expect("it ran");
    assert_eq!(in_context, (caller.clone(), Some("blue".to_owned())));
    assert_eq!(tracks_caller, caller);
    assert_eq!(spawned, caller);
    assert_eq!(spans.names(), ["child"; 4]);
    assert!(spans.all.iter().all(|span| span.parent_span_id == caller.span_id()));
}

#[test]
fn a_span_as_parent_leaves_the_baggage() {
    let caller = remote_parent();
    let seen = Cell::new(None);
    let spans = in_trace_of(caller.clone(), || {
        let baggage = [KeyValue::new("tenant", "green")];
        let _attached = Context::current_with_baggage(baggage).attach();
        seen.set(Some(below::under_span(&caller)));
    });

    assert_eq!(seen.take(), Some((caller, Some("green".to_owned()))));
    assert_eq!(spans.names(), ["child"; 2]);
}

#[test]
fn headers_are_read() {
    opentelemetry::global::set_text_map_propagator(
        otel_runtime::context::TraceContextPropagator::default(),
    );
    let caller = remote_parent();
    let traceparent = format!("00-{}-{}-01", caller.trace_id(), caller.span_id());
    let headers = HashMap::from([("traceparent".to_owned(), traceparent)]);
    let seen = Cell::new(None);
    let spans = in_trace_of(caller.clone(), || seen.set(Some(below::in_headers(&headers))));

    assert_eq!(seen.take(), Some(caller));
    assert_eq!(spans.names(), ["child"; 2]);
}

#[test]
fn futures_and_streams_are_polled_in_the_callers_trace() {
    let (caller, context) = caller();
    let seen = Cell::new(Vec::new());
    let work = || {
        capture_async(async {
            let (before, after) = below::waits(context.clone()).await;
            let returned = below::returns_future(&context).await;
            let boxed = below::returns_boxed(&context).await;
            let mut stream = pin!(below::returns_stream(&context));
            let item = std::future::poll_fn(|task| stream.as_mut().poll_next(task)).await;
            seen.set(vec![before, after, returned, boxed, item.expect("an item")]);
        });
    };
    let spans = in_trace_of(caller.clone(), work);

    assert_eq!(seen.take(), vec![caller; 5]);
    assert_eq!(spans.names(), ["child"; 8]);
}

#[test]
fn a_root_takes_the_span_away_and_leaves_the_rest() {
    let seen = Cell::new(Vec::new());
    let spans = with_directive(OFF, || {
        capture_async(async {
            let context = Context::current().with_baggage([KeyValue::new("tenant", "blue")]);
            let _attached = context.with_value(Value).attach();
            below::root();
            below::root_async().await;
            seen.set(vec![below::root(), below::root_async().await]);
        })
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
    assert_eq!(seen.take(), vec![(false, Some("blue".to_owned()), true); 2]);
    let roots = spans_named("child_of_root");
    assert_eq!(roots.iter().map(SpanExt::is_root).collect::<Vec<_>>(), [true; 4]);
}

#[test]
fn what_becomes_of_the_call_is_not_told_of_its_parent() {
    let parent = Cell::new(None);
    with_directive(OFF, || {
        capture_async(async {
            let tracer = provider().tracer("by hand");
            let span = tracer.start("an open parent");
            let context = Context::current_with_span(span);
            below::fails(&context).expect_err("it fails");
            below::fails(&context).expect_err("it fails");
            below::fails_async(context.clone()).await.expect_err("it fails");
            below::fails_later(&context).await.expect_err("it fails");
            let panic = std::panic::AssertUnwindSafe(|| below::panics(&context));
            std::panic::catch_unwind(panic).expect_err("it panics");
            {
                let mut never = pin!(below::never_ends(context.clone()));
                let polled = std::future::poll_fn(|task| {
                    std::task::Poll::Ready(never.as_mut().poll(task).is_pending())
                });
                assert!(polled.await);
            }
            parent.set(Some(context.span().is_recording()));
            context.span().end();
        })
    });

    assert_eq!(parent.take(), Some(true), "it is still open");
    assert!(!ASKED.load(Ordering::Relaxed));
    let [span] = &spans_named("an open parent")[..] else { panic!("one span") };
    assert_eq!(span.status, Status::Unset);
    assert!(span.attributes.is_empty() && span.events.is_empty(), "{span:?}");
}

#[traced(parent = context, attrs(value = never_asked::<u8>()))]
fn suppressed(context: &Context) -> (SpanContext, bool) {
    child();
    (span_context(), Context::current().is_telemetry_suppressed())
}

#[test]
fn where_telemetry_is_suppressed_it_stays_so_and_the_callers_trace_goes_on() {
    let (caller, context) = caller();
    let seen = Cell::new(Vec::new());
    let spans = capture(|| {
        let by_parent = suppressed(&context.with_telemetry_suppressed());
        let _scope = Context::enter_telemetry_suppressed_scope();
        seen.set(vec![by_parent, suppressed(&context)]);
    });

    assert_eq!(spans.names(), Vec::<&str>::new());
    assert_eq!(Spans::of(caller.clone()).names(), Vec::<&str>::new());
    assert_eq!(seen.take(), vec![(caller, true); 2]);
}

#[test]
fn an_unsampled_caller_is_passed_on_as_it_is() {
    let unsampled = remote_parent();
    let unsampled = SpanContext::new(
        unsampled.trace_id(),
        unsampled.span_id(),
        TraceFlags::NOT_SAMPLED,
        true,
        unsampled.trace_state().clone(),
    );
    let context = Context::new().with_remote_span_context(unsampled.clone());
    let seen = Cell::new(None);
    with_directive(OFF, || capture(|| seen.set(Some(below::tracks_caller(&context)))));

    assert_eq!(seen.take(), Some(unsampled.clone()));
    assert_eq!(Spans::of(unsampled).names(), Vec::<&str>::new());
}
