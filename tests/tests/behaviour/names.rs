//! What is a span called, and where does it say that it comes from?

use opentelemetry::trace::SpanKind;
use otel_runtime::traced;
use otel_tests::capture::SpanExt;
use std::convert::TryFrom;

use crate::{capture, capture_async};

#[traced]
fn plain() {}

#[traced]
async fn plain_async() {}

struct Cart<T>(T);

impl<T> Cart<T> {
    #[traced]
    fn load(&self) -> &T {
        &self.0
    }

    #[traced]
    async fn store(&self) {}
}

trait Shop {
    fn open(&self);

    #[traced]
    fn close(&self) {}
}

impl Shop for Cart<u8> {
    #[traced]
    fn open(&self) {}
}

trait Blanket {
    fn anything(&self);
}

impl<T> Blanket for T {
    #[traced]
    fn anything(&self) {}
}

// tokio-rs/tracing#1939, #1123: the type is in the name.
#[test]
fn the_default_name_is_the_function_or_type_and_method() {
    let spans = capture(|| {
        plain();
        Cart(1_u8).load();
        Cart(1_u8).open();
        Cart(1_u8).close();
        Cart(1_u8).anything();
    });

    let names = ["plain", "Cart::load", "Cart::open", "Shop::close", "Blanket::anything"];
    assert_eq!(spans.names(), names);
}

#[test]
fn the_default_name_of_async_functions_is_the_same() {
    let spans = capture_async(async {
        plain_async().await;
        Cart(1_u8).store().await;
    });

    assert_eq!(spans.names(), ["plain_async", "Cart::store"]);
}

#[test]
fn a_span_says_which_function_it_is_of() {
    let spans = capture(|| {
        Cart(1_u8).load();
    });

    let span = spans.one("Cart::load");
    let function = span.attribute("code.function.name").expect("a function").to_string();
    assert_eq!(function, "behaviour::names::Cart::load");
    let file = span.attribute("code.file.path").expect("a file").to_string();
    assert!(file.ends_with("behaviour/names.rs"), "{file}");
    // The line of `fn load`, not of the attribute above it.
    let line = include_str!("names.rs").lines().position(|line| line.contains("fn load(&self)"));
    let line = i64::try_from(line.expect("this file")).expect("a small file") + 1;
    assert_eq!(span.attribute("code.line.number"), Some(&line.into()));
    assert!(span.attribute("code.namespace").is_none());
}

#[test]
fn the_scope_is_the_calling_crate() {
    let spans = capture(plain);

    let scope = &spans.one("plain").instrumentation_scope;
    assert_eq!(scope.name(), env!("CARGO_PKG_NAME"));
    assert_eq!(scope.version(), Some(env!("CARGO_PKG_VERSION")));
}

#[traced(scope = "shop.http")]
fn scoped() {}

#[test]
fn the_scope_can_be_given_and_then_has_no_version() {
    let spans = capture(scoped);

    let scope = &spans.one("scoped").instrumentation_scope;
    assert_eq!(scope.name(), "shop.http");
    assert_eq!(scope.version(), None);
}

const ROUTE: &str = "GET /const";

#[traced(name = "GET /literal", kind = server)]
fn literal() {}

#[traced(name = ROUTE, kind = client)]
fn constant() {}

#[traced(name = format!("GET /{version}"), kind = producer)]
fn expression(version: &str) {}

#[traced(name = "GET /async", kind = consumer)]
async fn literal_async() {}

#[test]
fn names_and_kinds_can_be_given() {
    let spans = capture(|| {
        literal();
        constant();
        expression("v2");
        plain();
    });

    assert_eq!(spans.one("GET /literal").span_kind, SpanKind::Server);
    assert_eq!(spans.one("GET /const").span_kind, SpanKind::Client);
    assert_eq!(spans.one("GET /v2").span_kind, SpanKind::Producer);
    assert_eq!(spans.one("plain").span_kind, SpanKind::Internal);
    let spans = capture_async(literal_async());
    assert_eq!(spans.one("GET /async").span_kind, SpanKind::Consumer);
}

#[traced]
#[track_caller]
fn caller() -> u32 {
    std::panic::Location::caller().line()
}

#[test]
fn a_function_still_knows_its_caller() {
    let mut lines = (0, 1);
    let spans = capture(|| lines = (caller(), line!()));

    assert_eq!(lines.0, lines.1);
    assert_eq!(spans.names(), ["caller"]);
}
