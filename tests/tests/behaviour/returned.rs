//! What does a span say of the returned value, and who decides what counts as an error?

use opentelemetry::Value;
use opentelemetry::trace::Status;
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

#[traced(ret)]
fn number() -> u64 {
    42
}

#[traced(ret)]
fn half(number: u64) -> Result<u64, String> {
    if number.is_multiple_of(2) { Ok(number / 2) } else { Err("odd".to_owned()) }
}

#[derive(Debug)]
struct Cart {
    items: Vec<&'static str>,
}

#[traced(ret = ?)]
async fn cart() -> Option<Cart> {
    tokio::task::yield_now().await;
    Some(Cart { items: vec!["book", "lamp"] })
}

#[traced(ret = %)]
fn word() -> char {
    'x'
}

#[traced(ret(items.count = |cart| cart.items.len(), first = |cart| cart.items.first().copied(), all = ?|cart| &cart.items))]
fn parts() -> Cart {
    Cart { items: vec!["book", "lamp"] }
}

#[traced(ret(broken = |_| -> u8 { panic!("a bug in the closure") }), ok_if = |_| panic!("another"))]
fn host() -> u8 {
    7
}

// tokio-rs/tracing#3190: parts of the returned value.
#[test]
fn a_returned_value_is_recorded_as_asked() {
    let spans = capture_async(async {
        number();
        let _ = (half(4), half(3));
        cart().await;
        word();
        parts();
    });

    assert_eq!(spans.one("number").attribute("return"), Some(&Value::I64(42)));
    let halves: Vec<_> = spans.all.iter().filter(|span| span.name == "half").collect();
    assert_eq!(halves[0].attribute("return"), Some(&Value::I64(2)));
    assert_eq!(halves[1].attribute("return"), None);
    assert_eq!(halves[1].error(), Some("odd"));
    let cart = r#"Some(Cart { items: ["book", "lamp"] })"#;
    assert_eq!(spans.one("cart").attribute("return"), Some(&cart.into()));
    assert_eq!(spans.one("word").attribute("return"), Some(&"x".into()));
    let parts = spans.one("parts");
    assert_eq!(parts.keys(), ["items.count", "first", "all"]);
    assert_eq!(parts.attribute("items.count"), Some(&Value::I64(2)));
    assert_eq!(parts.attribute("first"), Some(&"book".into()));
    assert_eq!(parts.attribute("all"), Some(&r#"["book", "lamp"]"#.into()));
}

#[test]
fn a_closure_that_panics_does_not_reach_the_host() {
    let spans = capture(|| assert_eq!(host(), 7));

    let span = spans.one("host");
    assert_eq!(span.keys(), Vec::<&str>::new());
    assert_eq!(span.status, Status::Unset);
}

#[derive(Debug, PartialEq)]
struct NotFound;

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not found")
    }
}

#[traced(error_if = |status| *status >= 500)]
fn status(status: u16) -> u16 {
    status
}

#[traced(ok_if = |found| matches!(found, Ok(_) | Err(NotFound)))]
fn look_up() -> Result<u8, NotFound> {
    Err(NotFound)
}

#[traced(ok_if = Option::is_some)]
async fn look_up_async(found: bool) -> Option<u8> {
    tokio::task::yield_now().await;
    found.then_some(1)
}

#[traced(error_if = Result::is_err, err = |error| format!("{error}!"))]
fn decided() -> Result<u8, NotFound> {
    Err(NotFound)
}

#[test]
fn the_caller_decides_what_counts_as_an_error() {
    let spans = capture_async(async {
        status(404);
        status(503);
        assert_eq!(look_up(), Err(NotFound));
        look_up_async(true).await;
        look_up_async(false).await;
        assert_eq!(decided(), Err(NotFound));
    });

    let errors = |name: &str| -> Vec<Option<&str>> {
        spans.all.iter().filter(|span| span.name == name).map(SpanExt::error).collect()
    };
    assert_eq!(errors("status"), [None, Some("")]);
    assert_eq!(errors("look_up"), [None]);
    assert_eq!(errors("look_up_async"), [None, Some("")]);
    assert_eq!(errors("decided"), [Some("not found!")]);
    // Where no type says what went wrong, the convention's word for that does.
    let status = spans.all.iter().find(|span| span.name == "status" && span.error().is_some());
    let status = status.expect("the second");
    assert_eq!(status.attribute("error.type"), Some(&"_OTHER".into()));
    assert_eq!(status.exceptions(), Vec::<Vec<_>>::new());
}

#[traced(ret)]
async fn untraced() -> Result<u8, NotFound> {
    Ok(1)
}

#[traced]
async fn around() {
    let _suppressed = opentelemetry::Context::enter_telemetry_suppressed_scope();
    assert_eq!(untraced().await, Ok(1));
}

#[test]
fn the_result_of_a_function_without_a_span_is_not_its_callers() {
    let spans = capture_async(around());

    assert_eq!(spans.names(), ["around"]);
    assert_eq!(spans.one("around").keys(), Vec::<&str>::new());
}
