//! Which traces begin at a function with `sample`?

use std::cell::Cell;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use otel_runtime::traced;
use otel_tests::capture::{Spans, remote_parent, spans_named};

use super::capture;

thread_local! {
    static EVALUATED: Cell<u32> = const { Cell::new(0) };
}

fn evaluated() -> u32 {
    EVALUATED.set(EVALUATED.get() + 1);
    1
}

#[traced(sample = 0, attrs(n = evaluated()))]
fn never() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[traced(sample = 0.0, root)]
fn never_a_root() -> SpanContext {
    Context::current().span().span_context().clone()
}

const ALL: f64 = 1.0;

#[traced]
fn caller() {
    never();
}

#[test]
fn a_trace_that_is_in_no_share_is_not_recorded_and_evaluates_nothing() {
    #[traced(sample = 0, attrs(n = evaluated()))]
    fn left_out() -> SpanContext {
        inside_left_out();
        Context::current().span().span_context().clone()
    }
    #[traced]
    fn inside_left_out() {}

    EVALUATED.set(0);
    let mut begun = SpanContext::NONE;
    let _ = capture(|| {
        let _attached = Context::new().attach();
        begun = left_out();
        assert!(!Context::current().span().span_context().is_valid());
    });

    assert!(spans_named("left_out").is_empty() && spans_named("inside_left_out").is_empty());
    assert_eq!(EVALUATED.get(), 0);
    assert!(begun.is_valid() && !begun.is_sampled(), "{begun:?}");
}

#[test]
fn a_trace_that_is_in_the_whole_share_is_recorded() {
    #[traced(sample = ALL)]
    fn whole_share() {}

    let _ = capture(|| {
        let _attached = Context::new().attach();
        whole_share();
    });

    assert_eq!(spans_named("whole_share").len(), 1);
}

#[test]
fn a_share_says_nothing_of_a_span_that_has_a_parent() {
    let spans = capture(|| {
        never();
        caller();
    });

    assert_eq!(spans.names().iter().filter(|name| **name == "never").count(), 2);
}

#[traced(sample = ALL)]
fn below() {}

#[test]
fn under_a_parent_that_is_not_sampled_a_share_adds_nothing() {
    let parent = remote_parent();
    let unsampled = SpanContext::new(
        parent.trace_id(),
        parent.span_id(),
        TraceFlags::NOT_SAMPLED,
        true,
        TraceState::NONE,
    );

    let _ = capture(|| {
        let _attached = Context::new().with_remote_span_context(unsampled.clone()).attach();
        below();
    });

    assert!(Spans::of(unsampled).all.is_empty());
}

#[test]
fn a_root_inside_a_trace_is_a_root() {
    let spans = capture(|| {
        #[traced]
        fn outer() -> SpanContext {
            never_a_root()
        }
        assert!(!outer().is_sampled());
    });

    assert_eq!(spans.names(), ["outer"]);
}
