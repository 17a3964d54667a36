//! What does a span say of itself, and of those around it?

use std::panic::{AssertUnwindSafe, catch_unwind};

use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status};
use otel_runtime::testing::{Capture, capture, capture_async};
use otel_runtime::traced;

use super::{checkout, load_cart, ship};

#[test]
fn a_span_knows_those_above_and_below_it() {
    let (result, spans) = capture(|| checkout(7));

    assert!(result.is_err());
    assert_eq!(spans.len(), 3);
    let names: Vec<_> = spans.iter().map(|span| span.name()).collect();
    assert_eq!(names, ["checkout", "load_cart", "ship"]);
    let checkout = spans.one("checkout");
    assert!(checkout.parent().is_none());
    let children: Vec<_> = checkout.children().map(|span| span.name()).collect();
    assert_eq!(children, ["load_cart", "ship"]);
    assert_eq!(spans.one("ship").parent().map(|span| span.name()), Some("checkout"));
    assert_eq!(spans.one("ship").children().count(), 0);
    assert_eq!(spans.roots().count(), 1);
    assert_eq!((&spans).into_iter().count(), 3);
}

#[test]
fn children_are_not_those_of_a_sibling() {
    #[traced]
    fn outer() {
        let _ = checkout(1);
        let _ = checkout(2);
    }

    let ((), spans) = capture(outer);

    let below = |span: otel_runtime::testing::Span<'_>| span.children().count();
    assert_eq!(below(spans.one("outer")), 2);
    assert_eq!(spans.named("checkout").map(below).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn a_span_says_what_was_recorded() {
    let (_, spans) = capture(|| checkout(7));

    let checkout = spans.one("checkout");
    assert_eq!(checkout.kind(), &SpanKind::Server);
    assert_eq!(checkout.attribute("user_id"), Some(&Value::I64(7)));
    assert_eq!(checkout.attribute("nothing"), None);
    let ship = spans.one("ship");
    assert!(ship.is_error() && !ship.was_cancelled());
    assert_eq!(ship.error(), Some("none left"));
    assert_eq!(ship.status(), &Status::error("none left"));
    assert_eq!(ship.events()[0].name, "exception");
    assert!(ship.links().is_empty());
    assert!(ship.duration() <= checkout.duration());
    let keys: Vec<_> =
        ship.data().attributes.iter().map(|attribute| attribute.key.as_str()).collect();
    let place = ["code.function.name", "code.file.path", "code.line.number"];
    assert_eq!(keys, [&place[..], &["error.type"]].concat());
    let load_cart = spans.one("load_cart");
    assert!(!load_cart.is_error());
    assert_eq!(load_cart.error(), None);
}

#[test]
fn a_future_that_was_dropped_was_cancelled() {
    #[traced]
    async fn waits() {
        std::future::pending().await
    }

    let ((), spans) = capture(|| {
        let mut task = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(Box::pin(waits()).as_mut().poll(&mut task).is_pending());
    });

    assert!(spans.one("waits").was_cancelled());
    assert_eq!(spans.to_string(), "⊘ waits");
}

#[test]
fn the_spans_of_code_that_panics_are_captured() {
    #[traced]
    fn breaks() {
        panic!("out of order");
    }

    let (result, spans) = capture(|| catch_unwind(AssertUnwindSafe(breaks)));

    assert!(result.is_err());
    assert_eq!(spans.one("breaks").error(), Some("out of order"));
    assert_eq!(spans.to_string(), "✗ breaks panic: out of order");
}

#[test]
fn functions_of_every_level_have_spans() {
    #[traced(level = trace)]
    fn whisper() {}

    let ((), spans) = capture(whisper);

    assert_eq!(spans.to_string(), "whisper");
}

#[test]
fn a_capture_may_begin_and_end_anywhere() {
    let outer = Capture::start();
    load_cart(1);
    let inner = Capture::start();
    load_cart(2);
    let inner = inner.finish();
    load_cart(3);
    let outer = outer.finish();

    assert_eq!(inner.to_string(), "load_cart items=2");
    assert_eq!(outer.to_string(), "load_cart items=1\nload_cart items=3");
}

#[test]
fn an_async_test_needs_no_runtime() {
    let (result, spans) = smol::block_on(capture_async(async {
        smol::future::yield_now().await;
        ship()
    }));

    assert!(result.is_err());
    assert_eq!(spans.to_string(), "✗ ship NoStock: none left");
}
