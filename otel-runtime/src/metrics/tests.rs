//! Do the counts of all threads add up?

use std::sync::LazyLock;
use std::thread;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanId, TraceId};

use super::counts::Counts;
use super::exemplar::Exemplar;
use super::own::OwnCounts;
use super::total::{Function, Total};

static SCOPE: LazyLock<InstrumentationScope> =
    LazyLock::new(|| InstrumentationScope::builder("shop").build());

fn function(number: u32, path: &'static str) -> Function {
    Function { number, path, scope: &SCOPE }
}

fn exemplar(nanoseconds: u64) -> Exemplar {
    let (trace_id, span_id) = (TraceId::from(7), SpanId::from(nanoseconds));
    Exemplar { trace_id, span_id, time: 1, nanoseconds }
}

fn totals(counts: &Counts) -> Vec<Total> {
    counts.read().expect("nobody holds the lock").totals
}

/// Path, `error.type`, calls and the sum of their nanoseconds.
fn told(counts: &Counts) -> Vec<(&'static str, Option<String>, u64, u64)> {
    let tell = |total: &Total| {
        let error_type = total.error_type.as_deref().map(str::to_owned);
        (total.function.path, error_type, total.durations.count(), total.durations.sum())
    };
    totals(counts).iter().map(tell).collect()
}

#[test]
fn every_call_is_counted_whether_its_thread_has_ended_or_not() {
    let counts = Counts::default();
    let count = || {
        let mut own = OwnCounts::of(&counts);
        for nanoseconds in 1..=1000 {
            own.succeeded(&function(3, "a"), nanoseconds, None);
        }
        own.failed(&function(0, "b"), "timeout", 5, None);
        own
    };
    let kept = count();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(count()));
        }
    });
    let expected = [("a", None, 5000, 5 * 500_500), ("b", Some("timeout".to_owned()), 5, 25)];
    assert_eq!(told(&counts), expected);
    drop(kept);
    assert_eq!(told(&counts), expected, "and once only");
}

#[test]
fn functions_of_one_path_are_one() {
    let counts = Counts::default();
    let mut own = OwnCounts::of(&counts);
    own.succeeded(&function(1, "generic"), 10, None);
    own.succeeded(&function(2, "generic"), 20, None);
    assert_eq!(told(&counts), [("generic", None, 2, 30)]);
}

#[test]
fn an_error_type_without_end_is_bounded() {
    let counts = Counts::default();
    let mut own = OwnCounts::of(&counts);
    for id in 0..1000 {
        own.failed(&function(0, "a"), &format!("order {id}"), 1, None);
    }
    let told = told(&counts);
    assert_eq!(told.len(), 33);
    assert_eq!(told.iter().map(|(_, _, calls, _)| calls).sum::<u64>(), 1000, "none is lost");
    assert!(told.contains(&("a", Some("_OTHER".to_owned()), 968, 968)), "{told:?}");
}

#[test]
fn the_exemplar_is_the_slowest_sampled_call_since_the_last_reading() {
    let counts = Counts::default();
    let mut own = OwnCounts::of(&counts);
    for nanoseconds in [5, 9, 2] {
        own.succeeded(&function(0, "a"), nanoseconds, Some(&exemplar(nanoseconds)));
    }
    own.succeeded(&function(0, "a"), 1000, None);
    let exemplars = || totals(&counts).remove(0).exemplars;
    assert_eq!(exemplars(), [exemplar(9)]);
    assert_eq!(exemplars(), []);
    own.succeeded(&function(0, "a"), 3, Some(&exemplar(3)));
    drop(own);
    assert_eq!(exemplars(), [exemplar(3)], "also from a thread that has ended");
    assert_eq!(exemplars(), []);
}

#[test]
fn what_was_counted_since_an_earlier_reading_is_the_difference() {
    let counts = Counts::default();
    let mut own = OwnCounts::of(&counts);
    own.succeeded(&function(0, "a"), 100, None);
    let before = totals(&counts).remove(0).durations;
    own.succeeded(&function(0, "a"), 100, None);
    own.succeeded(&function(0, "a"), 0, None);
    let since = totals(&counts).remove(0).durations.since(&before);
    assert_eq!((since.count(), since.zeros(), since.sum()), (2, 1, 100));
    assert_eq!(since.range(), None);
}
