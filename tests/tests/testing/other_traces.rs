//! Which spans of other traces belong to a test?

use std::collections::HashMap;
use std::thread;

use opentelemetry::trace::Tracer;
use opentelemetry::{Context, global};
use otel_runtime::context::{carry, inject};
use otel_runtime::testing::{Spans, capture, capture_async};
use otel_runtime::traced;

use super::{checkout, load_cart, message};

type Headers = HashMap<String, String>;

/// What every test here is sent, as if by the same caller.
fn headers() -> Headers {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Headers::from([("traceparent".to_owned(), traceparent.to_owned())])
}

#[traced(kind = server, parent(extract = headers), attrs(id))]
fn handles(headers: &Headers, id: u64) {
    load_cart(1);
}

#[traced(kind = server, parent(extract = headers))]
async fn handles_async(headers: Headers) {
    smol::future::yield_now().await;
    load_cart(2);
    thread::spawn(carry(|| load_cart(3))).join().expect("a thread");
}

#[traced(root)]
fn root() {
    load_cart(4);
}

const NO_SPANS_BUT_2: &str = "(no spans; 2 in other traces, which `with_other_traces()` adds)";

#[test]
fn a_handler_that_continues_its_callers_trace_is_told_of_and_found() {
    let ((), spans) = capture(|| handles(&headers(), 7));

    assert!(spans.is_empty());
    assert_eq!(spans.to_string(), NO_SPANS_BUT_2);
    let told = message(|| drop(spans.one("handles").to_string()));
    assert_eq!(told, format!("no span is called `handles`:\n{NO_SPANS_BUT_2}"));
    let spans = spans.with_other_traces();
    assert_eq!(spans.to_string(), "handles id=7\n  load_cart items=1");
    assert!(spans.one("handles").parent().is_none());
}

#[test]
fn an_async_handler_is_found_with_what_it_starts() {
    let ((), spans) = smol::block_on(capture_async(handles_async(headers())));

    let expected = "
        handles_async
          load_cart items=2
          load_cart items=3
    ";
    spans.with_other_traces().assert_tree(expected);
}

#[test]
fn what_hangs_below_is_found_wherever_it_was_begun() {
    #[traced(parent = context)]
    fn below(context: &Context) {}

    #[traced(parent(extract = headers), carry = false)]
    fn hands_on(headers: &Headers) {
        let message = Context::current();
        thread::spawn(move || below(&message)).join().expect("a thread");
    }

    let ((), spans) = capture(|| hands_on(&headers()));

    assert_eq!(spans.with_other_traces().to_string(), "hands_on\n  below");
}

#[test]
fn other_traces_stand_where_they_began() {
    #[traced]
    fn whole() {
        load_cart(5);
        root();
        handles(&headers(), 8);
    }

    let ((), spans) = capture(|| {
        handles(&headers(), 9);
        whole();
        global::tracer("by hand").in_span("handmade", |_| root());
    });

    let own = "whole\n  load_cart items=5\nhandmade";
    assert_eq!(spans.to_string(), own, "spans of this trace say nothing of others");
    let told = message(|| spans.assert_tree("whole"));
    assert!(
        told.ends_with("\n(8 in other traces, which `with_other_traces()` adds)"),
        "but a test that fails does: {told}"
    );
    let expected = "
        handles id=9
          load_cart items=1
        whole
          load_cart items=5
        root
          load_cart items=4
        handles id=8
          load_cart items=1
        handmade
        root
          load_cart items=4
    ";
    spans.with_other_traces().assert_tree(expected);
}

#[test]
fn tests_that_are_sent_the_same_headers_do_not_mix() {
    let captured: Vec<Spans> = thread::scope(|scope| {
        let captures: Vec<_> = (0..20_u64)
            .map(|id| scope.spawn(move || capture(|| handles(&headers(), id)).1))
            .collect();
        captures.into_iter().map(|capture| capture.join().expect("a capture")).collect()
    });

    for (id, spans) in captured.into_iter().enumerate() {
        let expected = format!("handles id={id}\n  load_cart items=1");
        assert_eq!(spans.with_other_traces().to_string(), expected);
    }
}

#[test]
fn a_handler_that_is_sent_the_trace_of_the_capture_is_part_of_it() {
    let ((), spans) = capture(|| {
        let mut headers = Headers::new();
        inject(&mut headers);
        // As a server does, which was there before the test.
        thread::spawn(move || handles(&headers, 1)).join().expect("a thread");
    });

    assert_eq!(spans.to_string(), "handles id=1\n  load_cart items=1");
}

#[test]
fn a_test_that_has_no_spans_is_told_what_may_have_become_of_them() {
    let ((), spans) = capture(|| {
        // As a server does that is sent nothing, or somebody else's trace.
        thread::spawn(|| handles(&headers(), 1)).join().expect("a thread");
    });

    assert_eq!(spans.to_string(), "(no spans)", "how many depends on other tests");
    let told = message(|| spans.assert_tree("handles"));
    let (_, note) = told.split_once("\n(of no test, spans that ended meanwhile: ").expect("a note");
    assert!(
        note.ends_with(
            "; what runs in a thread or task of its own has to be given the context, by `carry` or \
             `inject`)"
        ),
        "{told}"
    );
    let ((), spans) = capture(|| load_cart(1));
    let told = message(|| drop(spans.one("handles").to_string()));
    assert_eq!(told, "no span is called `handles`:\nload_cart items=1");
}

#[test]
fn a_tree_can_be_compared_by_names_or_by_some_keys() {
    let (_, spans) = capture(|| checkout(7));

    let names = spans.clone().only_names();
    names.assert_tree("checkout\n  load_cart\n  ship");
    let keys = spans.clone().only_keys(["user_id", "none"]);
    keys.assert_tree(
        "✗ checkout user_id=7 NoStock: none left\n  load_cart\n  ✗ ship NoStock: none left",
    );
    let told = message(|| names.assert_tree("checkout\n  ship"));
    assert!(told.ends_with("  checkout\n+   load_cart\n    ship"), "{told}");
    assert_eq!(spans.by_name().only_names().to_string(), "checkout\n  load_cart\n  ship");
}

#[test]
fn both_orders_of_asking_are_one() {
    let ((), spans) = capture(|| {
        root();
        handles(&headers(), 1);
        load_cart(5);
    });

    let expected = "handles\n  load_cart\nload_cart\nroot\n  load_cart";
    let drawn = |spans: Spans| spans.only_names().to_string();
    assert_eq!(drawn(spans.clone().by_name().with_other_traces()), expected);
    assert_eq!(drawn(spans.with_other_traces().by_name()), expected);
}
