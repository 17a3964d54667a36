//! Where do the attributes of a function go that only annotates?

use std::fmt;

use opentelemetry::Value;
use opentelemetry::trace::{Tracer, TracerProvider};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, provider};

use crate::{capture, capture_async};

#[traced(annotate, attrs(order.id = id, rows = %rows.len(), password), skip_pii)]
fn reserve(id: u64, rows: &[u8], password: &str) -> Result<usize, String> {
    inner();
    if rows.is_empty() { Err(password.to_owned()) } else { Ok(rows.len()) }
}

#[traced]
fn inner() {}

#[traced]
fn outer() -> usize {
    reserve(1, &[], "hunter2").unwrap_or_default()
        + reserve(7, &[1, 2], "hunter2").unwrap_or_default()
}

#[test]
fn the_attributes_go_onto_the_span_of_the_caller_and_no_span_is_made() {
    let mut rows = 0;
    let spans = capture(|| {
        rows = provider()
            .tracer("other")
            .in_span("manual", |_| reserve(7, &[1, 2], "hunter2"))
            .unwrap_or_default();
    });

    assert_eq!(rows, 2);
    assert_eq!(spans.names(), ["inner", "manual"]);
    let manual = spans.one("manual");
    assert_eq!(manual.keys(), ["order.id", "rows"]);
    assert_eq!(manual.attribute("order.id"), Some(&Value::I64(7)));
    assert_eq!(manual.text("rows").as_deref(), Some("2"));
    assert_eq!((manual.error(), manual.exceptions().len()), (None, 0));
    assert_eq!(spans.parent_of("inner"), "manual");
}

#[test]
fn without_a_span_the_function_does_what_it_does() {
    let spans = capture(|| assert_eq!(reserve(7, &[1], "hunter2"), Ok(1)));

    assert_eq!(spans.names(), ["inner"]);
    assert_eq!(outer_is_two(), 2);
}

fn outer_is_two() -> usize {
    outer()
}

#[traced(annotate, attrs(..))]
async fn reserve_later(id: u64, text: &str) -> usize {
    tokio::task::yield_now().await;
    let _ = id;
    text.len()
}

#[traced]
async fn outer_later() -> usize {
    reserve_later(7, "a text").await
}

#[test]
fn an_async_function_annotates_when_it_is_first_polled() {
    let spans = capture_async(async {
        assert_eq!(outer_later().await, 6);
    });

    assert_eq!(spans.names(), ["outer_later"]);
    assert_eq!(spans.one("outer_later").keys(), ["id", "text"]);
}

struct Stock {
    shard: u64,
}

#[traced(annotate, attrs(self.shard))]
impl Stock {
    fn look(&self) {}

    #[traced(attrs(id))]
    fn take(&self, id: u64) {
        let _ = id;
    }

    #[traced(name = "count", kind = client)]
    fn count(&self) {}

    #[traced(annotate = false)]
    fn list(&self) {}

    fn new() -> Stock {
        Stock { shard: 3 }
    }
}

#[traced]
fn uses_stock() {
    let stock = Stock::new();
    stock.look();
    stock.take(7);
    stock.count();
    stock.list();
}

#[test]
fn in_a_block_a_function_that_says_something_of_a_span_has_one() {
    let spans = capture(uses_stock);

    assert_eq!(spans.names(), ["count", "Stock::list", "uses_stock"]);
    let shard = |name: &str| spans.one(name).attribute("shard").cloned();
    assert_eq!(shard("count"), Some(Value::I64(3)));
    assert_eq!(shard("Stock::list"), Some(Value::I64(3)));
}

#[traced(kind = client, err = ?)]
impl Broken {
    #[traced(annotate, attrs(before = 1, broken = %self, after = 2))]
    fn annotates(&self) -> Result<(), Broken> {
        Err(Broken)
    }
}

#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a text that cannot be made")
    }
}

#[traced]
fn has_broken_attributes() {
    let _ = Broken.annotates();
}

#[test]
fn what_panics_does_not_reach_the_function_and_what_the_block_says_of_spans_is_for_others() {
    let spans = capture(has_broken_attributes);

    assert_eq!(spans.names(), ["has_broken_attributes"]);
    let span = spans.one("has_broken_attributes");
    assert_eq!(span.keys(), ["before", "broken", "after"]);
    assert_eq!(span.text("broken").as_deref(), Some("<formatting failed>"));
    assert_eq!(span.error(), None);
}
