//! Which spans are dropped because they were short?
//!
//! An hour is longer than any test; a nanosecond is not.

use std::collections::HashMap;
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::task::{Poll, Waker};

use opentelemetry::trace::{Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, global};
use otel_runtime::{context, traced};
use otel_tests::capture::provider;

use super::capture;

#[traced(min_duration = "3600s")]
fn short(body: impl FnOnce()) {
    body();
}

#[traced(min_duration = "1ns")]
fn long() {
    // The clock has to move on by a nanosecond.
    let began = std::time::Instant::now();
    while began.elapsed().as_nanos() < 1000 {}
}

/// Whether the span of `short` stays, whose body this is.
fn stays(body: impl FnOnce()) -> bool {
    let spans = capture(|| short(body));
    spans.names().contains(&"short")
}

#[test]
fn a_short_one_is_dropped_and_a_long_one_is_not() {
    let spans = capture(|| {
        short(|| ());
        long();
    });

    assert_eq!(spans.names(), ["long"]);
}

#[test]
fn one_that_failed_stays() {
    #[traced(min_duration = "3600s")]
    fn fails() -> Result<(), &'static str> {
        Err("no")
    }
    #[traced(min_duration = "3600s")]
    fn panics() {
        panic!("expected by this test");
    }

    let spans = capture(|| {
        assert!(fails().is_err());
        assert!(catch_unwind(panics).is_err());
    });

    assert_eq!(spans.names(), ["fails", "panics"]);
    assert!(stays(|| Context::current().span().set_status(Status::error("by hand"))));
    assert!(!stays(|| Context::current().span().set_status(Status::Ok)));
}

#[test]
fn one_with_a_child_stays() {
    #[traced]
    fn child() {}

    assert!(stays(child));
    assert!(stays(|| provider().tracer("by hand").in_span("child", |_| ())));
    assert!(stays(|| global::tracer("by hand").in_span("child", |_| ())));
}

#[test]
fn one_with_a_child_that_is_dropped_itself_stays() {
    let spans = capture(|| short(|| short(|| ())));

    assert_eq!(spans.names(), ["short"]);
}

#[test]
fn only_what_has_a_child_itself_stays_for_it() {
    #[traced]
    fn child() {}
    #[traced(min_duration = "3600s")]
    fn sibling() {}

    let spans = capture(|| {
        short(|| {
            sibling();
            child();
        });
        sibling();
    });

    assert_eq!(spans.names(), ["child", "short"]);
    assert_eq!(spans.parent_of("child"), "short");
}

#[test]
fn what_hangs_elsewhere_is_no_child() {
    #[traced(root)]
    fn root() {}
    #[traced(parent = parent)]
    fn under(parent: &Context) {}
    #[traced(parent = Context::current().span().span_context().clone())]
    fn under_current() {}

    let elsewhere = Context::new();
    assert!(!stays(root));
    assert!(!stays(|| under(&elsewhere)));
    assert!(stays(|| under(&Context::current())));
    assert!(stays(under_current));
}

#[test]
fn one_that_was_handed_on_stays() {
    #[traced(min_duration = "3600s")]
    fn spawns() {
        std::thread::spawn(|| ()).join().expect("no panic");
    }
    #[traced(min_duration = "3600s", carry = false)]
    fn spawns_without() {
        std::thread::spawn(|| ()).join().expect("no panic");
    }

    assert!(stays(|| context::inject(&mut HashMap::<String, String>::new())));
    assert!(stays(|| context::carry(|| ())()));
    assert!(stays(|| drop(context::carry_future(async {}))));
    assert!(stays(|| drop(context::carry_in(Context::current(), || ()))));

    let spans = capture(|| {
        spawns();
        spawns_without();
    });
    assert_eq!(spans.names(), ["spawns"]);
}

#[test]
fn a_future_that_is_cancelled_soon_is_dropped() {
    #[traced(min_duration = "3600s")]
    async fn waits() {
        std::future::pending::<()>().await;
    }
    #[traced(min_duration = "1ns")]
    async fn waits_long() {
        long();
        std::future::pending::<()>().await;
    }

    let spans = capture(|| {
        let task = &mut std::task::Context::from_waker(Waker::noop());
        assert_eq!(pin!(waits()).poll(task), Poll::Pending);
        assert_eq!(pin!(waits_long()).poll(task), Poll::Pending);
    });

    assert_eq!(spans.names(), ["long", "waits_long"]);
}
