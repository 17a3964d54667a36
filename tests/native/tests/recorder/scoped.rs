//! What of a scope is evaluated where nothing inside is recorded, and what stays beside it?

use std::cell::Cell;

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue, SpanId, TraceId};
use otel_runtime::{context, traced};
use otel_tests::capture::SpanExt;

use super::capture;

thread_local! {
    static EVALUATED: Cell<u32> = const { Cell::new(0) };
}

fn tenant() -> u32 {
    EVALUATED.set(EVALUATED.get() + 1);
    7
}

#[traced(scoped(tenant.id = tenant()))]
fn handle() {
    inner();
}

#[traced]
fn inner() {}

fn under(sampled: bool) -> Context {
    let flags = TraceFlags::default().with_sampled(sampled);
    let ids = (TraceId::from(7), SpanId::from(8));
    let parent = SpanContext::new(ids.0, ids.1, flags, false, TraceState::default());
    Context::new().with_remote_span_context(parent)
}

#[test]
fn in_a_trace_that_is_not_sampled_nothing_of_a_scope_is_evaluated() {
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    let attached = under(false).attach();
    handle();
    drop(attached);
    assert_eq!(EVALUATED.take(), 0);

    let attached = under(true).attach();
    handle();
    drop(attached);
    assert_eq!(EVALUATED.take(), 1);

    let suppressed = Context::enter_telemetry_suppressed_scope();
    handle();
    drop(suppressed);
    assert_eq!(EVALUATED.take(), 0);
}

#[traced(min_duration = "3600s")]
fn short(body: impl FnOnce()) {
    body();
}

#[test]
fn a_short_span_is_left_out_in_a_scope_as_without_and_one_that_opens_a_scope_has_its_children() {
    let spans = capture(|| {
        let _scope = context::scope([KeyValue::new("tenant.id", 7)]);
        short(|| ());
        short(|| {
            let _inner = context::scope([KeyValue::new("shard", 3)]);
            inner();
        });
    });

    assert_eq!(spans.names(), ["inner", "short"]);
    assert_eq!(spans.parent_of("inner"), "short");
    assert_eq!(spans.one("inner").keys(), ["tenant.id", "shard"]);
    assert_eq!(spans.one("short").keys(), ["tenant.id"]);
}
