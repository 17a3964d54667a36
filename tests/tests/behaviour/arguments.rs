//! Do arguments live and die as they do without the attribute?
#![allow(clippy::unnecessary_wraps, reason = "results are there to be inspected")]

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{self, Poll, Waker};

use opentelemetry::Context;
use opentelemetry::trace::SpanContext;
use otel_runtime::traced;

use crate::{capture, capture_async};

type Log = Rc<RefCell<Vec<&'static str>>>;

/// Says when it is dropped.
struct Loud(&'static str, Log);

impl Drop for Loud {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

type Outcome = Result<(), String>;

/// Defines the same function with and without the attribute.
macro_rules! twins {
    ($($(#[$attr:meta])* fn $name:ident / $plain:ident ($($args:tt)*) $(-> $ret:ty)? $body:block)*) => {$(
        #[traced]
        $(#[$attr])*
        fn $name($($args)*) $(-> $ret)? $body
        $(#[$attr])*
        fn $plain($($args)*) $(-> $ret)? $body
    )*};
}

macro_rules! async_twins {
    ($(async fn $name:ident / $plain:ident ($($args:tt)*) $(-> $ret:ty)? $body:block)*) => {$(
        #[traced]
        async fn $name($($args)*) $(-> $ret)? $body
        async fn $plain($($args)*) $(-> $ret)? $body
    )*};
}

twins! {
    fn sync_unit / sync_unit_plain(a: Loud, b: Loud, _: Loud, _d: Loud) {
        drop(b);
        let _ = &a;
    }

    fn sync_result / sync_result_plain(a: Loud, b: Loud, _: Loud, _d: Loud) -> Outcome {
        let _local = Loud("local", a.1.clone());
        drop(b);
        Err("no".to_owned())
    }

    fn sync_patterns / sync_patterns_plain((a, _): (Loud, Loud), (_, b): (Loud, Loud), c: Loud) -> Outcome {
        let _local = Loud("local", a.1.clone());
        let _ = (&a, &b, &c);
        Ok(())
    }
}

async_twins! {
    async fn async_unit / async_unit_plain(a: Loud, b: Loud, _: Loud, _d: Loud) {
        tokio::task::yield_now().await;
        drop(b);
        let _ = &a;
    }

    async fn async_result / async_result_plain(a: Loud, b: Loud, _: Loud, _d: Loud) -> Outcome {
        let _local = Loud("local", a.1.clone());
        tokio::task::yield_now().await;
        drop(b);
        Err("no".to_owned())
    }

    async fn async_patterns / async_patterns_plain((a, _): (Loud, Loud), (_, b): (Loud, Loud), c: Loud) {
        let _local = Loud("local", a.1.clone());
        tokio::task::yield_now().await;
        let _ = (&a, &b, &c);
    }
}

fn log() -> (Log, impl Fn(&'static str) -> Loud) {
    let log = Log::default();
    (log.clone(), move |name| Loud(name, log.clone()))
}

fn drops<R>(call: impl FnOnce(&dyn Fn(&'static str) -> Loud) -> R) -> Vec<&'static str> {
    let (log, loud) = log();
    let _ = call(&loud);
    log.take()
}

#[test]
fn arguments_drop_in_the_same_order() {
    capture(|| {
        assert_eq!(
            drops(|loud| sync_unit(loud("a"), loud("b"), loud("c"), loud("d"))),
            drops(|loud| sync_unit_plain(loud("a"), loud("b"), loud("c"), loud("d"))),
        );
        assert_eq!(
            drops(|loud| sync_result(loud("a"), loud("b"), loud("c"), loud("d"))),
            drops(|loud| sync_result_plain(loud("a"), loud("b"), loud("c"), loud("d"))),
        );
        assert_eq!(
            drops(|l| sync_patterns((l("a"), l("b")), (l("c"), l("d")), l("e"))),
            drops(|l| sync_patterns_plain((l("a"), l("b")), (l("c"), l("d")), l("e"))),
        );
    });
}

/// Polls a future `polls` times and drops it.
fn poll_and_drop<T>(future: impl Future<Output = T>, polls: usize) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let poll = future.as_mut().poll(&mut task::Context::from_waker(Waker::noop()));
        if poll.is_ready() {
            return;
        }
    }
}

#[test]
fn arguments_of_async_functions_drop_in_the_same_order() {
    capture(|| {
        for polls in 1..3 {
            assert_eq!(
                drops(|l| poll_and_drop(async_unit(l("a"), l("b"), l("c"), l("d")), polls)),
                drops(|l| poll_and_drop(async_unit_plain(l("a"), l("b"), l("c"), l("d")), polls)),
                "unit, {polls} polls"
            );
            assert_eq!(
                drops(|l| poll_and_drop(async_result(l("a"), l("b"), l("c"), l("d")), polls)),
                drops(|l| poll_and_drop(async_result_plain(l("a"), l("b"), l("c"), l("d")), polls)),
                "result, {polls} polls"
            );
            let patterns =
                |l: &dyn Fn(&'static str) -> Loud| ((l("a"), l("b")), (l("c"), l("d")), l("e"));
            assert_eq!(
                drops(|l| {
                    let (a, b, c) = patterns(l);
                    poll_and_drop(async_patterns(a, b, c), polls);
                }),
                drops(|l| {
                    let (a, b, c) = patterns(l);
                    poll_and_drop(async_patterns_plain(a, b, c), polls);
                }),
                "patterns, {polls} polls"
            );
        }
    });
}

#[test]
fn arguments_of_a_future_that_is_never_polled_drop_in_the_order_of_the_signature_reversed() {
    // The one difference that is known: an `async fn` moves its arguments at the first poll, and
    // drops them in the order of the signature before it.
    capture(|| {
        assert_eq!(
            drops(|l| poll_and_drop(async_unit(l("a"), l("b"), l("c"), l("d")), 0)),
            ["d", "c", "b", "a"]
        );
        assert_eq!(
            drops(|l| poll_and_drop(async_unit_plain(l("a"), l("b"), l("c"), l("d")), 0)),
            ["a", "b", "c", "d"]
        );
    });
}

#[traced]
async fn level_one<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    level_two(argument).await
}

#[traced]
async fn level_two<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    level_three(argument).await
}

#[traced]
async fn level_three<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    argument[0]
}

async fn plain_one<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    plain_two(argument).await
}

async fn plain_two<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    plain_three(argument).await
}

async fn plain_three<const N: usize>(argument: [u8; N]) -> u8 {
    tokio::task::yield_now().await;
    argument[0]
}

fn sizes<const N: usize>() -> [(usize, usize); 3] {
    [
        (size_of_val(&level_three([0; N])), size_of_val(&plain_three([0; N]))),
        (size_of_val(&level_two([0; N])), size_of_val(&plain_two([0; N]))),
        (size_of_val(&level_one([0; N])), size_of_val(&plain_one([0; N]))),
    ]
}

#[test]
fn annotated_futures_are_hardly_larger_and_with_large_arguments_smaller() {
    let table =
        [(8, sizes::<8>()), (64, sizes::<64>()), (256, sizes::<256>()), (4096, sizes::<4096>())];
    for (bytes, sizes) in table {
        for (level, (annotated, plain)) in (1..).zip(sizes) {
            assert!(
                annotated <= plain + 64 * level,
                "{bytes}-byte argument, {level} levels: {annotated} against {plain}"
            );
            assert!(
                bytes < 256 || annotated < plain,
                "{bytes}-byte argument, {level} levels: {annotated} against {plain}"
            );
        }
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn annotated_futures_are_send_where_plain_ones_are() {
    drop(assert_send(level_one([0; 8])));
}

#[traced]
fn longest<'a>(a: &'a mut String, b: &str) -> Result<&'a mut String, String> {
    if a.len() < b.len() {
        return Err(format!("{b} is longer"));
    }
    a.push('!');
    Ok(a)
}

struct Buffer(Vec<u8>);

impl Buffer {
    #[traced]
    fn first(&mut self) -> Result<&mut u8, String> {
        self.0.first_mut().ok_or_else(|| "empty".to_owned())
    }

    #[traced]
    async fn last(&mut self) -> Option<&mut u8> {
        self.0.last_mut()
    }
}

// tokio-rs/tracing#2796: looking at a result does not break its lifetimes.
#[test]
fn results_may_borrow_from_arguments() {
    capture(|| {
        let mut text = "text".to_owned();
        assert_eq!(longest(&mut text, "b").map(|text| text.len()), Ok(5));
        let mut buffer = Buffer(vec![1, 2]);
        *buffer.first().expect("two bytes") = 7;
        let mut last = pin!(buffer.last());
        let poll = last.as_mut().poll(&mut task::Context::from_waker(Waker::noop()));
        assert!(matches!(poll, Poll::Ready(Some(2))));
    });
}

#[traced(parent = context, name = name, links(origin))]
fn handled(context: Context, name: String, origin: SpanContext) -> (Context, String, SpanContext) {
    (context, name, origin)
}

#[traced(parent = context, name = name, links(origins))]
async fn handled_async<'a>(
    context: &Context,
    name: &'a str,
    origins: &[SpanContext],
) -> (usize, &'a str) {
    let _ = context;
    (origins.len(), name)
}

#[test]
fn a_place_that_the_attribute_names_is_still_there_in_the_body() {
    let spans = capture_async(async {
        let context = Context::current();
        let (_, name, _) = handled(context.clone(), "first".to_owned(), SpanContext::NONE);
        assert_eq!(name, "first");
        let origins = [SpanContext::NONE];
        assert_eq!(handled_async(&context, "second", &origins).await, (1, "second"));
    });

    assert_eq!(spans.names(), ["first", "second"]);
}

/// Makes a span when it is dropped.
struct Closing(&'static str);

impl Drop for Closing {
    fn drop(&mut self) {
        closing(self.0);
    }
}

#[traced(name = name)]
fn closing(name: &'static str) {
    let _ = name;
}

#[traced]
fn value(_argument: Closing) {
    let _local = Closing("local of a value");
}

#[traced]
fn result(_argument: Closing) -> Result<(), ()> {
    let _local = Closing("local of a result");
    Ok(())
}

#[traced]
async fn future(_argument: Closing) {
    let _local = Closing("local of a future");
}

#[test]
fn arguments_outlive_the_span_where_nobody_looks_at_the_result() {
    let spans = capture_async(async {
        value(Closing("argument of a value"));
        let _ = result(Closing("argument of a result"));
        future(Closing("argument of a future")).await;
    });

    for inside in
        ["local of a value", "local of a result", "argument of a result", "local of a future"]
    {
        let kind = inside.rsplit(' ').next().expect("a word");
        assert_eq!(
            spans.one(inside).parent_span_id,
            spans.one(kind).span_context.span_id(),
            "{inside}"
        );
    }
    let after = spans.one("argument of a value");
    assert_ne!(after.parent_span_id, spans.one("value").span_context.span_id());
    let inside = spans.one("argument of a future");
    assert_eq!(inside.parent_span_id, spans.one("future").span_context.span_id());
}
