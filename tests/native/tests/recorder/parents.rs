//! Where does a span hang, and is anything done for one that nobody can see?

use std::cell::Cell;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceState};
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

/// A span of a trace that is not recorded.
fn unrecorded(remote: bool) -> SpanContext {
    let parent = remote_parent();
    SpanContext::new(
        parent.trace_id(),
        parent.span_id(),
        TraceFlags::NOT_SAMPLED,
        remote,
        TraceState::default(),
    )
}

/// Runs `work` under a span that is not recorded.
fn under_unrecorded(work: impl FnOnce()) {
    let _ = capture(|| ());
    let _attached = Context::new().with_remote_span_context(unrecorded(false)).attach();
    work();
}

#[test]
fn nothing_is_evaluated_for_a_child_of_what_is_not_recorded() {
    #[traced(attrs(n = evaluated()))]
    fn child() -> SpanId {
        Context::current().span().span_context().span_id()
    }

    EVALUATED.set(0);
    under_unrecorded(|| {
        let above = Context::current().span().span_context().span_id();
        assert_eq!(child(), above, "the context stays");
    });

    assert_eq!(EVALUATED.get(), 0);
}

#[test]
fn nothing_is_evaluated_under_an_explicit_local_parent_that_is_not_recorded() {
    #[traced(parent = parent, attrs(n = evaluated()))]
    fn in_context(parent: &Context) {
        assert!(!Context::current().span().is_recording());
    }
    #[traced(parent = parent, attrs(n = evaluated()))]
    fn under_span(parent: &SpanContext) {
        assert!(!Context::current().span().is_recording());
    }

    EVALUATED.set(0);
    let spans = capture(|| {
        in_context(&Context::new().with_remote_span_context(unrecorded(false)));
        under_span(&unrecorded(false));
    });

    assert_eq!(EVALUATED.get(), 0);
    assert_eq!(spans.all.len(), 0);
}

#[test]
fn a_root_is_recorded_under_what_is_not() {
    #[traced(root, attrs(n = evaluated()))]
    fn root_under_unrecorded() {
        child_of_that_root();
    }
    #[traced]
    fn child_of_that_root() {}

    under_unrecorded(root_under_unrecorded);

    let roots = spans_named("root_under_unrecorded");
    let children = spans_named("child_of_that_root");
    assert_eq!((roots.len(), children.len()), (1, 1));
    assert_eq!(roots[0].parent_span_id, SpanId::INVALID);
    assert_eq!(children[0].parent_span_id, roots[0].span_context.span_id());
}

#[test]
fn under_a_parent_that_is_recorded_so_is_its_child_whatever_is_current() {
    #[traced(parent = parent, attrs(n = evaluated()))]
    fn in_context(parent: &Context) {}
    #[traced(parent = parent, attrs(n = evaluated()))]
    fn under_span(parent: &SpanContext) {}

    let parent = remote_parent();
    under_unrecorded(|| {
        in_context(&Context::new().with_remote_span_context(parent.clone()));
        under_span(&parent);
    });

    let spans = Spans::of(parent);
    assert_eq!(spans.parent_of("in_context"), "remote");
    assert_eq!(spans.parent_of("under_span"), "remote");
}

#[traced(parent = parent)]
fn flags_under(parent: &Context) -> u8 {
    inner_flags()
}

#[traced]
fn inner_flags() -> u8 {
    Context::current().span().span_context().trace_flags().to_u8()
}

#[traced(root)]
fn root_flags() -> u8 {
    inner_flags()
}

#[test]
fn a_trace_that_begins_here_says_that_its_id_is_random() {
    let _ = capture(|| ());

    assert_eq!(root_flags(), 0b11);
    assert_eq!(flags_under(&Context::new()), 0b11);
    let [root] = &spans_named("root_flags")[..] else { panic!("one span") };
    assert_eq!(root.span_context.trace_flags().to_u8(), 0b11, "as exporters see it");
}

#[test]
fn whether_a_callers_id_is_random_is_passed_on_sampled_or_not() {
    let _ = capture(|| ());

    for flags in 0..=3 {
        for remote in [true, false] {
            let parent = remote_parent();
            let parent = SpanContext::new(
                parent.trace_id(),
                parent.span_id(),
                TraceFlags::new(flags),
                remote,
                TraceState::default(),
            );
            let context = Context::new().with_remote_span_context(parent);
            assert_eq!(flags_under(&context), flags, "remote: {remote}");
        }
    }
}
