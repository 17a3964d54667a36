//! How long did an async function work and wait?

use std::convert::TryFrom;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::{Duration, Instant};

use opentelemetry::Value;
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::capture;

const KEYS: [&str; 4] = ["busy_ns", "idle_ns", "polls", "longest_poll_ns"];

/// Values under [`KEYS`].
#[derive(Debug, PartialEq, Eq)]
struct Timings {
    busy: Duration,
    idle: Duration,
    polls: i64,
    longest: Duration,
}

fn timings(span: &SpanData) -> Timings {
    let [busy, idle, polls, longest] = KEYS.map(|key| match span.attribute(key) {
        Some(Value::I64(value)) => *value,
        other => panic!("{}", format_args!("`{key}` is {other:?}")),
    });
    let time = |ns| Duration::from_nanos(u64::try_from(ns).expect("not negative"));
    Timings { busy: time(busy), idle: time(idle), polls, longest: time(longest) }
}

/// Takes `time`, without giving way.
fn work(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {}
}

fn poll(future: std::pin::Pin<&mut impl Future>) -> Poll<()> {
    future.poll(&mut TaskContext::from_waker(Waker::noop())).map(drop)
}

const SHORT: Duration = Duration::from_micros(200);
const LONG: Duration = Duration::from_millis(2);

#[traced(timings, attrs(id))]
async fn works_and_waits(id: u64) -> u64 {
    work(SHORT);
    tokio::task::yield_now().await;
    work(LONG);
    tokio::task::yield_now().await;
    untimed().await;
    id
}

#[traced]
async fn untimed() {}

#[test]
fn an_async_function_tells_how_long_it_worked_and_waited() {
    let mut elapsed = Duration::ZERO;
    let spans = capture(|| {
        let start = Instant::now();
        let mut future = pin!(works_and_waits(7));
        assert!(poll(future.as_mut()).is_pending());
        work(LONG);
        assert!(poll(future.as_mut()).is_pending());
        work(LONG);
        assert!(poll(future.as_mut()).is_ready());
        elapsed = start.elapsed();
    });

    let span = spans.one("works_and_waits");
    let Timings { busy, idle, polls, longest } = timings(span);
    assert_eq!(polls, 3);
    assert!(busy >= SHORT + LONG, "{busy:?}");
    assert!(idle >= 2 * LONG, "{idle:?}");
    assert!(longest >= LONG && longest < busy, "{longest:?} of {busy:?}");
    assert!(busy + idle <= elapsed, "{busy:?} and {idle:?} of {elapsed:?}");
    assert_eq!(span.keys(), ["id", "busy_ns", "idle_ns", "polls", "longest_poll_ns"]);
    assert_eq!(spans.one("untimed").keys(), Vec::<&str>::new());
}

#[traced(timings)]
async fn never_waits() -> Result<u8, String> {
    Err("at once".to_owned())
}

#[test]
fn a_function_that_never_waits_has_one_poll() {
    let spans = capture(|| assert!(poll(pin!(never_waits())).is_ready()));

    let span = spans.one("never_waits");
    let Timings { busy, idle, polls, longest } = timings(span);
    assert_eq!((polls, idle), (1, Duration::ZERO));
    assert_eq!(busy, longest);
    assert_eq!(span.error(), Some("at once"));
}

#[traced(timings)]
async fn waits_for_ever() {
    std::future::pending::<()>().await;
}

#[test]
fn a_cancelled_function_waited_until_it_was_dropped() {
    let spans = capture(|| {
        let mut future = Box::pin(waits_for_ever());
        assert!(poll(future.as_mut()).is_pending());
        work(LONG);
        drop(future);
        drop(waits_for_ever());
    });

    let span = spans.one("waits_for_ever");
    assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()));
    let Timings { idle, polls, .. } = timings(span);
    assert_eq!(polls, 1);
    assert!(idle >= LONG, "{idle:?}");
}

#[traced(timings)]
async fn panics(after_waiting: bool) {
    if after_waiting {
        tokio::task::yield_now().await;
    }
    work(SHORT);
    panic!("no more");
}

#[test]
fn a_poll_that_panics_counts() {
    for (after_waiting, expected) in [(false, 1), (true, 2)] {
        let spans = capture(|| {
            let mut future = pin!(panics(after_waiting));
            if after_waiting {
                assert!(poll(future.as_mut()).is_pending());
            }
            catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))).expect_err("a panic");
        });

        let span = spans.one("panics");
        assert_eq!(span.error(), Some("no more"));
        let Timings { busy, polls, .. } = timings(span);
        assert_eq!(polls, expected);
        assert!(busy >= SHORT, "{busy:?}");
    }
}

#[traced(timings)]
async fn outer() {
    inner(false).await;
    inner(true).await;
}

#[traced(timings, level = trace)]
async fn inner(wait: bool) {
    if wait {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_function_without_a_span_leaves_no_timings_on_that_of_its_caller() {
    let spans = capture(|| {
        let mut future = pin!(outer());
        assert!(poll(future.as_mut()).is_pending());
        assert!(poll(future.as_mut()).is_ready());
    });

    // Each once: `attribute` sees to it.
    assert_eq!(spans.names(), ["outer"]);
    assert_eq!(timings(spans.one("outer")).polls, 2);
}

async fn plain(bytes: [u8; 64]) -> u8 {
    tokio::task::yield_now().await;
    bytes[0]
}

#[traced]
async fn traced_without(bytes: [u8; 64]) -> u8 {
    tokio::task::yield_now().await;
    bytes[0]
}

#[test]
fn who_does_not_ask_for_timings_does_not_store_them() {
    let plain = std::mem::size_of_val(&plain([0; 64]));
    let without = std::mem::size_of_val(&traced_without([0; 64]));

    assert!(without <= plain + 64, "{without} of {plain}");
}
