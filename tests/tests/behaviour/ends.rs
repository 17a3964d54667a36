//! When and how does a span end?

use std::any::Any;
use std::cell::Cell;
use std::convert::TryInto;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread;

use opentelemetry::trace::{SpanContext, Status, TraceContextExt};
use opentelemetry::{Context, Value};
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, remote_parent};

use crate::{capture, capture_async};

fn span_context() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[traced]
fn panics(message: &str) -> u8 {
    if message.is_empty() { 0 } else { panic!("{}", format_args!("{message}")) }
}

#[traced]
fn passes(message: &str) -> Result<u8, String> {
    Ok(panics(message))
}

#[traced]
async fn panics_after_a_wait(message: &str) {
    tokio::task::yield_now().await;
    panics(message);
}

#[traced(skip_pii)]
fn private_panic(message: &str) -> u8 {
    panics(message)
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<String>().expect("a formatted message")
}

#[test]
fn a_panic_is_told_by_every_span_it_passes_and_goes_on() {
    let spans = capture(|| {
        let panic = catch_unwind(|| passes("disk on fire")).expect_err("a panic");
        assert_eq!(message_of(&*panic), "disk on fire");
    });

    for name in ["panics", "passes"] {
        let span = spans.one(name);
        assert_eq!(span.error(), Some("disk on fire"), "{name}");
        assert_eq!(span.attribute("error.type"), Some(&"panic".into()));
    }
    let [event] = spans.one("panics").exceptions().try_into().expect("one event");
    assert_eq!(event[0], ("exception.type", "panic".to_owned()));
    assert_eq!(event[1], ("exception.message", "disk on fire".to_owned()));
    assert!(event[2].1.ends_with("behaviour/ends.rs"), "{event:?}");
}

#[test]
fn a_panic_in_a_later_poll_is_recorded_once() {
    let spans = capture_async(async {
        let task = tokio::task::LocalSet::new();
        let panic = task.run_until(async {
            let parent = Context::current();
            tokio::task::spawn_local(async move {
                let _attached = parent.attach();
                let mut future = pin!(panics_after_a_wait("late"));
                for _ in 0..3 {
                    let poll = catch_unwind(AssertUnwindSafe(|| {
                        future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_ready()
                    }));
                    if poll.is_err() {
                        return;
                    }
                }
                unreachable!("the second poll panics");
            })
            .await
        });
        panic.await.expect("caught");
    });

    let span = spans.one("panics_after_a_wait");
    assert_eq!(span.error(), Some("late"));
    assert_eq!(span.attribute("traced.outcome"), None);
}

#[test]
fn skip_pii_keeps_the_text_of_a_panic_out() {
    let spans = capture(|| {
        catch_unwind(|| private_panic("a@example.org")).expect_err("a panic");
    });

    let span = spans.one("private_panic");
    assert_eq!(span.error(), Some("panic"));
    assert_eq!(span.exceptions(), Vec::<Vec<_>>::new());
}

/// What a span says of a panic: the message, and whether it has its place, as the innermost has; or nothing
/// but that it was one.
fn told(span: &SpanData) -> Option<(String, bool)> {
    assert_eq!(span.attribute("error.type"), Some(&"panic".into()), "{}", span.name);
    let events = span.exceptions();
    let [event] = events.as_slice() else {
        assert_eq!(events.len(), 0, "{}", span.name);
        let message = span.error().filter(|message| *message != "panic");
        return message.map(|message| (message.to_owned(), false));
    };
    let message = event.iter().find(|(key, _)| *key == "exception.message")?.1.clone();
    assert_eq!(span.error(), Some(message.as_str()), "{}", span.name);
    Some((message, event.iter().any(|(key, _)| *key == "code.line.number")))
}

fn payload_of<R>(panics: impl FnOnce() -> R) -> Box<dyn Any + Send> {
    catch_unwind(AssertUnwindSafe(panics)).map(drop).expect_err("a panic")
}

#[traced]
fn resumes(payload: Box<dyn Any + Send>) {
    resume_unwind(payload);
}

#[traced]
#[track_caller]
fn resumes_with_a_caller(payload: Box<dyn Any + Send>) {
    resume_unwind(payload);
}

#[traced]
async fn resumes_after_a_wait(payload: Box<dyn Any + Send>) {
    tokio::task::yield_now().await;
    resume_unwind(payload);
}

#[traced]
fn panics_after_another_panic() {
    payload_of(|| panic!("a card's number"));
    panic!("this or the other");
}

#[traced]
fn panics_after_a_call() {
    payload_of(|| panic!("a card's number"));
    panics("");
    panic!("this");
}

#[traced]
#[track_caller]
fn panics_with_a_caller() {
    panic!("seen from afar");
}

#[test]
fn no_span_tells_what_another_panic_said() {
    let elsewhere = || thread::spawn(|| panic!("elsewhere")).join().expect_err("a panic");
    let spans = capture(|| {
        // What this thread said last is not what it resumes.
        let say_something = || {
            payload_of(|| panic!("a card's number"));
            payload_of(|| private_panic("a@example.org"));
            payload_of(|| panic!("a card's number"));
        };
        say_something();
        payload_of(|| resumes(elsewhere()));
        say_something();
        payload_of(|| resumes_with_a_caller(elsewhere()));
        let mut waiting = pin!(resumes_after_a_wait(elsewhere()));
        assert!(poll(waiting.as_mut()).is_pending());
        say_something();
        payload_of(|| poll(waiting.as_mut()));
        payload_of(panics_after_another_panic);
        payload_of(panics_after_a_call);
        payload_of(panics_with_a_caller);
    });

    for name in
        ["resumes", "resumes_with_a_caller", "resumes_after_a_wait", "panics_after_another_panic"]
    {
        assert_eq!(told(spans.one(name)), None, "{name}");
    }
    let told = ["panics_after_a_call", "panics_with_a_caller"].map(|name| told(spans.one(name)));
    let expected = ["this", "seen from afar"].map(|message| Some((message.to_owned(), true)));
    assert_eq!(told, expected);
}

#[traced]
fn calls_private(message: &str) {
    private_panic(message);
}

#[traced]
#[track_caller]
fn calls_private_with_a_caller(message: &str) {
    calls_private(message);
}

#[test]
fn what_a_function_with_skip_pii_panics_with_is_told_to_none_of_its_callers() {
    let spans = capture(|| {
        let payload = payload_of(|| calls_private_with_a_caller("a@example.org"));
        payload_of(|| panics("something else"));
        payload_of(|| resumes(payload));
        payload_of(|| passes("the last"));
    });

    for name in ["private_panic", "calls_private", "calls_private_with_a_caller", "resumes"] {
        assert_eq!(told(spans.one(name)), None, "{name}");
    }
    assert_eq!(told(spans.one("passes")), Some(("the last".to_owned(), false)));
}

#[test]
fn a_panic_inside_a_destructor_is_not_taken_for_the_one_outside() {
    struct PanicsInside;
    impl Drop for PanicsInside {
        fn drop(&mut self) {
            payload_of(|| panics("inside"));
        }
    }
    #[traced]
    fn panics_outside() {
        let _inside = PanicsInside;
        panic!("outside");
    }

    let spans = capture(|| drop(payload_of(panics_outside)));

    assert_eq!(told(spans.one("panics_outside")), None);
}

fn poll(future: Pin<&mut impl Future<Output = ()>>) -> Poll<()> {
    future.poll(&mut TaskContext::from_waker(Waker::noop()))
}

#[traced]
fn in_a_destructor() {}

#[traced]
#[track_caller]
fn with_a_caller_in_a_destructor() {}

struct TracesOnDrop;

impl Drop for TracesOnDrop {
    fn drop(&mut self) {
        in_a_destructor();
        with_a_caller_in_a_destructor();
    }
}

#[test]
fn unwinding_that_was_on_its_way_is_not_a_panic_of_the_function() {
    let spans = capture(|| {
        catch_unwind(|| {
            let _traces = TracesOnDrop;
            panic!("elsewhere");
        })
        .expect_err("a panic");
    });

    assert_eq!(spans.one("in_a_destructor").status, Status::Unset);
    assert_eq!(spans.one("with_a_caller_in_a_destructor").status, Status::Unset);
}

#[test]
fn a_future_that_is_dropped_by_unwinding_elsewhere_is_cancelled() {
    let spans = capture(|| {
        let _ = catch_unwind(|| {
            let mut future = Box::pin(waits_for_ever());
            let poll = future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()));
            assert!(poll.is_pending());
            panic!("elsewhere");
        });
    });

    let span = spans.one("waits_for_ever");
    assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()));
    assert_eq!(span.status, Status::Unset);
}

thread_local! {
    static SEEN: Cell<Option<SpanContext>> = const { Cell::new(None) };
}

/// Remembers which span was current when it was dropped.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        SEEN.set(Some(span_context()));
    }
}

#[traced]
async fn waits_for_ever() {
    let _witness = Witness;
    std::future::pending::<()>().await;
}

#[test]
fn a_future_that_is_dropped_early_is_cancelled_and_not_an_error() {
    let spans = capture(|| {
        let mut future = Box::pin(waits_for_ever());
        let poll = future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()));
        assert!(poll.is_pending());
        drop(future);
    });

    let span = spans.one("waits_for_ever");
    assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()));
    assert_eq!(span.status, Status::Unset);
    // Its locals were destroyed inside its context, and nothing of it is left.
    assert_eq!(SEEN.take().as_ref(), Some(&span.span_context));
    assert!(!span_context().is_valid());
}

#[test]
fn a_future_that_is_never_polled_has_no_span() {
    let spans = capture(|| drop(waits_for_ever()));

    assert_eq!(spans.names(), Vec::<&str>::new());
}

#[traced]
fn leaks_its_context() -> Context {
    Context::current()
}

// yoshuawuyts/futures-concurrency#137: a span ends when the work does, not when it is dropped.
#[test]
fn a_span_ends_with_its_function_whoever_holds_its_context() {
    let parent = remote_parent();
    let _adopted = capture(|| {});
    let attached = Context::new().with_remote_span_context(parent.clone()).attach();
    let context = leaks_its_context();
    drop(attached);

    let spans = Spans::of(parent);
    assert_eq!(spans.one("leaks_its_context").span_context, *context.span().span_context());
}

#[traced(attrs(step = 1_u8))]
async fn starts_at_its_first_poll() {}

#[test]
fn the_span_of_an_async_function_starts_at_its_first_poll() {
    let before = std::time::SystemTime::now();
    let mut polled = before;
    let spans = capture(|| {
        let mut future = pin!(starts_at_its_first_poll());
        while std::time::SystemTime::now() <= before {}
        polled = std::time::SystemTime::now();
        assert!(future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_ready());
    });

    let span = spans.one("starts_at_its_first_poll");
    assert!(span.start_time >= polled);
    assert_eq!(span.attribute("step"), Some(&Value::I64(1)));
}

#[traced]
fn at_the_end_of_a_thread() {}

#[test]
fn a_function_in_the_destructor_of_a_thread_local_runs_untraced() {
    thread_local! {
        static LAST: TracesLate = const { TracesLate };
    }
    struct TracesLate;
    impl Drop for TracesLate {
        fn drop(&mut self) {
            at_the_end_of_a_thread();
        }
    }
    let spans = capture(|| {
        let parent = Context::current();
        let thread = std::thread::spawn(move || {
            // Registered first, so destroyed last, when the stack of contexts is gone.
            LAST.with(|_| ());
            let _attached = parent.attach();
            at_the_end_of_a_thread();
        });
        thread.join().expect("no panic");
    });

    assert_eq!(spans.names(), ["at_the_end_of_a_thread"]);
}

#[test]
fn a_future_that_a_thread_local_drops_is_cancelled() {
    thread_local! {
        static KEPT: Cell<Option<std::pin::Pin<Box<dyn Future<Output = ()>>>>> = const { Cell::new(None) };
    }
    let spans = capture(|| {
        let parent = Context::current();
        let thread = std::thread::spawn(move || {
            // Registered first, so destroyed last, when the stack of contexts is gone.
            KEPT.set(None);
            let _attached = parent.attach();
            let mut future: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(waits());
            assert!(future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())).is_pending());
            KEPT.set(Some(future));
        });
        thread.join().expect("no panic");
    });

    let outcome = spans.one("waits").attribute("traced.outcome");
    assert_eq!(outcome, Some(&"cancelled".into()));
}

#[traced]
async fn waits() {
    std::future::pending::<()>().await;
}
