//! Which spans of a loop become one?

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use opentelemetry::trace::{SpanContext, Status, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue, SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::{context, traced};
use otel_tests::capture::{SpanExt, Spans};

/// Runs `work` and returns the spans it made. One test at a time: a flush of another would write in the middle
/// what is folded.
fn capture(work: impl FnOnce()) -> Spans {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    otel_tests::capture::capture(work)
}

const COUNT: &str = "traced.folded.count";
const TOTAL: &str = "traced.folded.total_ns";
const LARGEST: &str = "traced.folded.largest_ns";

#[traced(fold = 3, attrs(shop = "a", item))]
fn load(item: usize) {
    let _ = item;
}

#[traced(fold = 3)]
fn store(body: impl FnOnce()) {
    body();
}

#[traced]
fn parent(body: impl FnOnce()) {
    body();
}

/// The spans with this name that stand for others.
fn folded<'a>(spans: &'a Spans, name: &str) -> Vec<&'a SpanData> {
    let named = spans.all.iter().filter(|span| span.name == name);
    named.filter(|span| span.attribute(COUNT).is_some()).collect()
}

/// How many spans have this name, and for how many others each of them stands that does.
fn counted(spans: &Spans, name: &str) -> (usize, Vec<String>) {
    let all = spans.all.iter().filter(|span| span.name == name).count();
    let folded = folded(spans, name);
    (all - folded.len(), folded.iter().filter_map(|span| span.text(COUNT)).collect())
}

fn nanoseconds(from: SystemTime, to: SystemTime) -> i64 {
    i64::try_from(to.duration_since(from).expect("no end before the start").as_nanos())
        .expect("a short time")
}

#[test]
fn the_first_children_of_a_span_are_spans_and_the_rest_are_one() {
    let spans = capture(|| parent(|| (0..10).for_each(load)));

    assert_eq!(counted(&spans, "load"), (3, vec!["7".to_owned()]));
    let one = folded(&spans, "load")[0];
    let parent = spans.one("parent");
    assert_eq!(one.parent_span_id, parent.span_context.span_id());
    assert!(parent.start_time <= one.start_time && one.end_time <= parent.end_time);
    let number = |key| one.text(key).and_then(|text| text.parse::<i64>().ok()).expect("a number");
    let (total, largest) = (number(TOTAL), number(LARGEST));
    let took = nanoseconds(one.start_time, one.end_time);
    assert!(largest <= total && total <= took, "{largest} {total} {took}");
    assert_eq!(one.text("shop").as_deref(), Some("a"), "what all have in common stays");
    assert_eq!(one.attribute("item"), None);
    let function = one.text("code.function.name").expect("a place");
    assert!(function.ends_with("::load"), "{function}");
    let ids: Vec<_> = spans.all.iter().map(|span| span.span_context.span_id()).collect();
    assert!(ids.iter().all(|id| ids.iter().filter(|other| *other == id).count() == 1));
}

#[test]
fn few_children_are_spans_each() {
    let spans = capture(|| parent(|| (0..3).for_each(load)));

    assert_eq!(counted(&spans, "load"), (3, vec![]));
}

#[test]
fn each_parent_and_each_function_is_counted_by_itself() {
    let spans = capture(|| {
        for _ in 0..2 {
            parent(|| {
                (0..5).for_each(load);
                (0..4).for_each(|_| store(|| ()));
            });
        }
    });

    assert_eq!(counted(&spans, "load"), (6, vec!["2".to_owned(), "2".to_owned()]));
    assert_eq!(counted(&spans, "store"), (6, vec!["1".to_owned(), "1".to_owned()]));
}

#[test]
fn names_of_their_own_are_told_apart() {
    #[traced(fold = 1, name = name)]
    fn named(name: &'static str) {}

    let spans = capture(|| {
        parent(|| {
            for name in ["a", "b", "a", "a", "b"] {
                named(name);
            }
        });
    });

    assert_eq!(counted(&spans, "a"), (1, vec!["2".to_owned()]));
    assert_eq!(counted(&spans, "b"), (1, vec!["1".to_owned()]));
}

#[test]
fn what_failed_or_is_referred_to_is_a_span_of_its_own() {
    #[traced(fold = 1)]
    fn fails(fails: bool) -> Result<(), &'static str> {
        if fails { Err("no") } else { Ok(()) }
    }
    #[traced]
    fn child() {}
    #[traced(fold = 1, links(to))]
    fn linked(to: &SpanContext) {}

    let spans = capture(|| {
        parent(|| {
            for it in 0..10 {
                let _ = fails(it % 3 == 2);
            }
        });
    });
    assert_eq!(counted(&spans, "fails"), (4, vec!["6".to_owned()]));
    let failed = spans.all.iter().filter(|span| matches!(span.status, Status::Error { .. }));
    assert_eq!(failed.count(), 3);

    let other = Context::current().span().span_context().clone();
    let linked_to = otel_tests::capture::remote_parent();
    let spans = capture(|| {
        parent(|| {
            for it in 0..10 {
                store(|| {
                    if it % 2 == 0 {
                        child();
                    }
                });
                linked(&linked_to);
                linked(&other);
            }
        });
    });
    // Of the first three, two have a child; so do three of the rest, and four do not.
    assert_eq!(counted(&spans, "store"), (3 + 3, vec!["4".to_owned()]));
    assert_eq!(spans.all.iter().filter(|span| span.name == "child").count(), 5);
    assert_eq!(
        counted(&spans, "linked"),
        (1 + 9, vec!["10".to_owned()]),
        "an invalid link is none"
    );

    let handed_on: [fn(); 4] = [
        || context::inject(&mut HashMap::<String, String>::new()),
        || context::carry(|| ())(),
        || drop(context::carry_future(async {})),
        || Context::current().span().set_status(Status::error("by hand")),
    ];
    for work in handed_on {
        let spans = capture(|| parent(|| (0..5).for_each(|_| store(work))));
        assert_eq!(counted(&spans, "store"), (5, vec![]));
    }
}

#[test]
fn a_span_without_a_parent_in_this_process_is_never_folded() {
    let spans = capture(|| (0..5).for_each(load));

    assert_eq!(counted(&spans, "load"), (5, vec![]), "their parent is elsewhere");
}

#[test]
fn nothing_is_folded_in_a_trace_that_is_not_sampled() {
    otel_tests::capture::install(env!("CARGO_PKG_NAME"));
    let ids = (TraceId::from(71), SpanId::from(8));
    let flags = TraceFlags::default();
    let unsampled = SpanContext::new(ids.0, ids.1, flags, false, TraceState::default());
    let attached = Context::new().with_remote_span_context(unsampled).attach();
    (0..10).for_each(load);
    drop(attached);

    assert_eq!(otel_tests::capture::spans_of(ids.0).len(), 0);
}

#[test]
fn a_flush_in_the_middle_loses_nothing_and_counts_on() {
    let spans = capture(|| {
        parent(|| {
            (0..5).for_each(load);
            // It flushes.
            let _ = otel_tests::capture::spans_named("load");
            (0..4).for_each(load);
        });
    });

    assert_eq!(counted(&spans, "load"), (3, vec!["2".to_owned(), "4".to_owned()]));
}

#[test]
fn children_on_several_threads_are_counted_by_each_and_none_is_lost() {
    let spans = capture(|| {
        parent(|| {
            let context = Context::current();
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(context::carry_in(context.clone(), || (0..10).for_each(load)));
                }
            });
        });
    });

    assert_eq!(counted(&spans, "load"), (12, vec!["7".to_owned(); 4]));
}

#[test]
fn a_parent_that_ends_on_another_thread_leaves_its_children_to_a_flush() {
    let spans = capture(|| {
        let (sender, receiver) = std::sync::mpsc::channel::<Context>();
        let ends = std::thread::spawn(move || receiver.recv().expect("a context").span().end());
        let tracer = opentelemetry::global::tracer("by hand");
        let span = opentelemetry::trace::Tracer::start(&tracer, "by hand");
        let context = Context::current_with_span(span);
        context::carry_in(context.clone(), || (0..5).for_each(load))();
        sender.send(context).expect("it is received");
        ends.join().expect("no panic");
    });

    assert_eq!(counted(&spans, "load"), (3, vec!["2".to_owned()]));
}

#[test]
fn a_short_span_is_left_out_before_it_is_counted() {
    #[traced(fold = 1, min_duration = "3600s")]
    fn short(fails: bool) -> Result<(), &'static str> {
        if fails { Err("no") } else { Ok(()) }
    }

    let spans = capture(|| {
        parent(|| {
            for it in 0..6 {
                let _ = short(it > 3);
            }
        });
    });

    assert_eq!(counted(&spans, "short"), (2, vec![]));
}

#[test]
fn what_a_scope_says_of_all_of_them_the_one_span_says_too() {
    let spans = capture(|| {
        let _scope = context::scope([KeyValue::new("tenant.id", 7)]);
        parent(|| (0..5).for_each(load));
    });

    let one = folded(&spans, "load")[0];
    assert_eq!(one.text("tenant.id").as_deref(), Some("7"));
    assert_eq!(spans.one("parent").text("tenant.id").as_deref(), Some("7"));
}

#[test]
fn async_children_that_wait_for_each_other_are_folded_as_they_end() {
    #[traced(fold = 3)]
    async fn fetch() {
        tokio::task::yield_now().await;
    }
    #[traced]
    async fn fetch_all() {
        let mut all: Vec<_> = (0..10).map(|_| Box::pin(fetch())).collect();
        std::future::poll_fn(|task| {
            use std::future::Future;
            all.retain_mut(|it| it.as_mut().poll(task).is_pending());
            if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }

    let spans = capture(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(fetch_all());
    });

    assert_eq!(counted(&spans, "fetch"), (3, vec!["7".to_owned()]));
}
