//! How are the spans of a test drawn?

use std::time::UNIX_EPOCH;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceState, Tracer};
use opentelemetry::{Context, KeyValue, TraceFlags, TraceId, global};
use otel_runtime::context::carry_in;
use otel_runtime::testing::{Capture, capture};
use otel_runtime::traced;

use super::{checkout, load_cart};

const CHECKOUT: &str = "\
✗ checkout user_id=7 NoStock: none left
  load_cart items=3
  ✗ ship NoStock: none left";

#[test]
fn a_drawing_is_the_same_in_every_run() {
    for _ in 0..100 {
        let (_, spans) = capture(|| checkout(7));

        assert_eq!(spans.to_string(), CHECKOUT);
        assert_eq!(format!("{spans:?}"), CHECKOUT);
        spans.assert_tree(CHECKOUT);
    }
}

#[test]
fn a_span_alone_is_its_line() {
    let (_, spans) = capture(|| checkout(7));

    let span = spans.one("checkout");
    assert_eq!(span.to_string(), "✗ checkout user_id=7 NoStock: none left");
    assert_eq!(format!("{span:?}"), span.to_string());
}

#[test]
fn without_spans_it_says_so() {
    let ((), spans) = capture(|| ());

    assert!(spans.is_empty());
    spans.assert_tree("(no spans)");
}

#[test]
fn an_expected_tree_may_be_indented_as_the_code() {
    let (_, spans) = capture(|| checkout(7));

    spans.assert_tree(
        "
        ✗ checkout user_id=7 NoStock: none left
          load_cart items=3
          ✗ ship NoStock: none left
        ",
    );
}

#[test]
fn a_value_keeps_to_its_line() {
    #[traced(attrs(text, empty = "", plain = "plain"))]
    fn says(text: &str) {
        let _ = text;
    }

    let ((), spans) = capture(|| says("a \"b\"\nc"));

    assert_eq!(spans.to_string(), r#"says text="a \"b\"\nc" empty="" plain=plain"#);
}

#[test]
fn what_timings_measures_is_left_out() {
    #[traced(attrs(id), timings)]
    async fn measured(id: u64) {
        let _ = id;
    }

    let ((), spans) = capture(|| smol::block_on(measured(4)));

    assert!(spans.one("measured").attribute("busy_ns").is_some());
    assert_eq!(spans.to_string(), "measured id=4");
}

#[test]
fn spans_made_by_hand_are_among_the_others() {
    let ((), spans) = capture(|| {
        global::tracer("by hand").in_span("handmade", |context| {
            context.span().set_attribute(KeyValue::new("by", "hand"));
            load_cart(2);
        });
    });

    assert_eq!(spans.to_string(), "handmade by=hand\n  load_cart items=2");
}

#[test]
fn siblings_stand_in_the_order_in_which_they_were_begun_whatever_clocks_say() {
    let ((), spans) = capture(|| {
        let tracer = global::tracer("by hand");
        load_cart(1);
        drop(tracer.build(tracer.span_builder("handmade").with_start_time(UNIX_EPOCH)));
        load_cart(2);
    });

    assert_eq!(spans.to_string(), "load_cart items=1\nhandmade\nload_cart items=2");
}

#[test]
fn siblings_that_ran_at_once_can_be_ordered_by_name() {
    #[traced(name = name)]
    fn part(name: &'static str) {}

    #[traced]
    fn whole() {
        let parts = ["c", "a", "b"].map(|name| std::thread::spawn(move || part(name)));
        for part in parts {
            part.join().expect("a part");
        }
    }

    let ((), spans) = capture(whole);

    assert_eq!(spans.by_name().to_string(), "whole\n  a\n  b\n  c");
}

#[test]
fn spans_whose_parent_has_not_ended_are_drawn_apart() {
    let capture = Capture::start();
    let open = Context::current_with_span(global::tracer("test").start("open"));
    carry_in(open.clone(), || checkout(7))().expect_err("none left");
    load_cart(1);
    carry_in(open.clone(), || load_cart(2))();
    let spans = capture.finish();
    drop(open);

    let expected = "
        load_cart items=1
        (a span that has not ended)
          ✗ checkout user_id=7 NoStock: none left
            load_cart items=3
            ✗ ship NoStock: none left
          load_cart items=2
    ";
    spans.assert_tree(expected);
    assert_eq!(spans.roots().count(), 3);
}

#[test]
fn traces_that_link_here_are_captured_too() {
    #[traced]
    fn sends() {
        let message = Context::current();
        std::thread::spawn(move || receives(&message)).join().expect("a thread");
    }

    #[traced(root, links(message), attrs(what = "mail"))]
    fn receives(message: &Context) {
        load_cart(1);
        answers(&Context::current());
    }

    /// In a trace of another process, which is not here to be seen.
    #[traced(parent = elsewhere(), links(message))]
    fn answers(message: &Context) {}

    fn elsewhere() -> SpanContext {
        let (trace, span) = (TraceId::from(0x7ace_u128), SpanId::from(0x59a4_u64));
        SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::NONE)
    }

    #[traced(root)]
    fn unlinked() {}

    let ((), spans) = capture(|| {
        sends();
        unlinked();
    });

    let expected = "sends\nreceives what=mail\n  load_cart items=1\nanswers";
    assert_eq!(spans.to_string(), expected);
    let link = &spans.one("receives").links()[0];
    assert_eq!(&link.span_context, &spans.one("sends").data().span_context);
}
