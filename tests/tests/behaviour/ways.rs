//! Does a caller's context reach what is started elsewhere where there is no span, whichever way it is started?

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags};
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::{
    JoinSetExt, RuntimeExt, carry, carry_each, carry_future, carry_future_in, carry_in,
};
use otel_runtime::traced;
use otel_tests::capture::remote_parent;

use crate::capture;
use crate::level::with_directive;

/// What is seen of the caller: its trace, its span and its baggage.
type Seen = (String, String, Option<String>);

fn seen() -> Seen {
    let context = Context::current();
    let span = context.span().span_context().clone();
    let tenant = context.baggage().get("tenant").map(ToString::to_string);
    (span.trace_id().to_string(), span.span_id().to_string(), tenant)
}

async fn seen_later() -> Seen {
    tokio::task::yield_now().await;
    seen()
}

/// What is seen behind each way to start work elsewhere.
#[traced(parent = context)]
async fn by_every_way(context: &Context) -> Vec<(&'static str, Seen)> {
    let here = Context::current();
    let mut all = vec![("here", seen())];
    all.push(("tokio::spawn", tokio::spawn(seen_later()).await.expect("no panic")));
    all.push(("tokio::task::spawn", tokio::task::spawn(seen_later()).await.expect("no panic")));
    let blocking = tokio::task::spawn_blocking(seen).await.expect("no panic");
    all.push(("tokio::task::spawn_blocking", blocking));
    let handle = tokio::runtime::Handle::current().spawn(seen_later()).await.expect("no panic");
    all.push(("Handle::current().spawn", handle));
    let handle = tokio::runtime::Handle::current();
    let carried = handle.spawn_carried(seen_later()).await.expect("no panic");
    all.push(("Handle::spawn_carried", carried));
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn_carried(seen_later());
    all.push(("JoinSet", tasks.join_next().await.expect("one").expect("no panic")));
    let local = tokio::task::LocalSet::new();
    let on_local = local.run_until(carry_future(async {
        tokio::task::spawn_local(seen_later()).await.expect("no panic")
    }));
    all.push(("tokio::task::spawn_local", on_local.await));
    all.push(("std::thread::spawn", std::thread::spawn(seen).join().expect("no panic")));
    let named = std::thread::Builder::new().spawn(seen).expect("a thread");
    all.push(("thread::Builder", named.join().expect("no panic")));
    let scoped = std::thread::scope(|scope| scope.spawn(seen).join().expect("no panic"));
    all.push(("std::thread::scope", scoped));
    let (left, right) = rayon::join(seen, seen);
    all.extend([("rayon::join, left", left), ("rayon::join, right", right)]);
    let (sender, receiver) = std::sync::mpsc::channel();
    let (one, other) = (sender.clone(), sender.clone());
    rayon::spawn(move || drop(one.send(seen())));
    all.push(("rayon::spawn", receiver.recv().expect("it ran")));
    rayon::spawn_fifo(move || drop(other.send(seen())));
    all.push(("rayon::spawn_fifo", receiver.recv().expect("it ran")));
    let mut in_scope = None;
    rayon::scope(|scope| scope.spawn(|_| in_scope = Some(seen())));
    all.push(("rayon::scope", in_scope.expect("it ran")));
    all.push(("smol::spawn", smol::spawn(seen_later()).await));
    all.push(("smol::unblock", smol::unblock(seen).await));
    let pool = |work: Box<dyn FnOnce() -> Seen + Send>| {
        // A thread that knows nothing of this crate.
        let [thread] = [work].map(std::thread::spawn);
        thread.join().expect("no panic")
    };
    all.push(("carry", pool(Box::new(carry(seen)))));
    let each = carry_each(|()| seen());
    all.push(("carry_each", pool(Box::new(move || each(())))));
    all.push(("carry_in", pool(Box::new(carry_in(here.clone(), seen)))));
    all.push(("carry_future", carry_future(seen_later()).await));
    all.push(("carry_future_in", carry_future_in(here, seen_later()).await));
    all
}

fn assert_reached(why: &str, caller: &SpanContext, context: &Context) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
    let all = runtime.expect("a runtime").block_on(by_every_way(context));

    assert_eq!(all.len(), 23, "{why}");
    for (way, (trace_id, span_id, tenant)) in all {
        assert_eq!(trace_id, caller.trace_id().to_string(), "{why}: {way}");
        assert_eq!(span_id, caller.span_id().to_string(), "{why}: {way}");
        assert_eq!(tenant.as_deref(), Some("blue"), "{why}: {way}");
    }
}

/// A caller in another process, with baggage.
fn caller(flags: TraceFlags) -> (SpanContext, Context) {
    let of = remote_parent();
    let span = SpanContext::new(of.trace_id(), of.span_id(), flags, true, of.trace_state().clone());
    let context = Context::new()
        .with_baggage([KeyValue::new("tenant", "blue")])
        .with_remote_span_context(span.clone());
    (span, context)
}

#[test]
fn below_the_filter_the_callers_context_reaches_whatever_is_started_by_every_way() {
    with_directive("behaviour::ways=off", || {
        // The first call of a function is another.
        for _ in 0..2 {
            let (span, context) = caller(TraceFlags::SAMPLED);
            capture(|| assert_reached("below the filter", &span, &context));
        }
    });
}

#[test]
fn where_nothing_may_be_recorded_the_callers_context_reaches_whatever_is_started() {
    let (span, context) = caller(TraceFlags::SAMPLED);
    capture(|| assert_reached("suppressed", &span, &context.with_telemetry_suppressed()));
}
