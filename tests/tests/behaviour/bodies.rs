//! Does a body do what it does without the attribute, whatever it is written in?

use std::fmt::{self, Debug, Display};
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Waker};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

fn span_context() -> SpanContext {
    Context::current().span().span_context().clone()
}

#[traced]
async fn waits_twice() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

// futures-concurrency#137, tokio-rs/tracing#2522: between polls nobody is inside.
#[test]
fn a_future_is_entered_only_while_it_is_polled() {
    let spans = capture(|| {
        let outside = span_context();
        let mut future = pin!(waits_twice());
        for ready in [false, false, true] {
            let poll = future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()));
            assert_eq!(poll.is_ready(), ready);
            assert_eq!(span_context(), outside);
        }
    });

    assert_eq!(spans.names(), ["waits_twice"]);
}

struct Desk {
    open: u8,
    shelf: Vec<&'static str>,
}

impl Desk {
    fn free(&self) -> u8 {
        10 - self.open
    }

    #[traced(attrs(free = self.free(), first = self.shelf[0], open = %self.open + 1))]
    async fn serve(&mut self) -> u8 {
        tokio::task::yield_now().await;
        self.open += 1;
        self.open
    }

    #[traced(attrs(free = self.free()), name = format!("{} open", self.shelf.len()))]
    fn close(self) -> Vec<&'static str> {
        self.shelf
    }
}

#[test]
fn expressions_may_use_self() {
    let spans = capture_async(async {
        let mut desk = Desk { open: 1, shelf: vec!["pens"] };
        assert_eq!(desk.serve().await, 2);
        assert_eq!(desk.close(), ["pens"]);
    });

    let serve = spans.one("Desk::serve");
    assert_eq!(serve.attribute("free"), Some(&9.into()));
    assert_eq!(serve.attribute("first"), Some(&"pens".into()));
    assert_eq!(serve.attribute("open"), Some(&"2".into()));
    assert_eq!(spans.one("1 open").attribute("free"), Some(&8.into()));
}

#[allow(unsafe_code, reason = "that it is declared so is what is tested")]
mod declared_unsafe {
    #[otel_runtime::traced(attrs(a))]
    pub(super) async unsafe fn in_future(a: u8) -> u8 {
        tokio::task::yield_now().await;
        a
    }

    #[otel_runtime::traced(attrs(a))]
    pub(super) unsafe extern "C" fn at_call(a: u8) -> u8 {
        a
    }

    pub(super) async fn both() -> (u8, u8) {
        // SAFETY: neither asks for anything.
        unsafe { (in_future(1).await, at_call(2)) }
    }
}

#[test]
fn a_function_may_be_unsafe() {
    let spans = capture_async(async { assert_eq!(declared_unsafe::both().await, (1, 2)) });

    assert_eq!(spans.names(), ["in_future", "at_call"]);
}

trait Handler {
    fn handle(&self, id: u8) -> Pin<Box<dyn Future<Output = Box<dyn Display + Send>> + Send + '_>>;
}

#[traced]
async fn shown(id: u8) -> Box<dyn Display + Send> {
    Box::new(id)
}

impl Handler for () {
    fn handle(&self, id: u8) -> Pin<Box<dyn Future<Output = Box<dyn Display + Send>> + Send + '_>> {
        Box::pin(shown(id))
    }
}

#[traced]
fn later(id: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move { id })
}

#[test]
fn futures_and_values_become_trait_objects() {
    capture_async(async {
        let handlers: [Box<dyn Handler>; 1] = [Box::new(())];
        assert_eq!(handlers[0].handle(7).await.to_string(), "7");
        assert_eq!(later(7).await, 7);
    });
}

#[traced]
fn empty() {}

#[traced]
async fn empty_async() {}

#[test]
fn a_body_may_be_empty() {
    let spans = capture_async(async {
        empty();
        empty_async().await;
    });

    assert_eq!(spans.names(), ["empty", "empty_async"]);
}

mod aliases {
    use super::{NotFound, io};

    pub(super) type Result<T = ()> = std::result::Result<T, NotFound>;
    pub(super) type Lookup = Result<u8>;

    pub(super) mod io_like {
        pub(in crate::bodies) type Result<T> = super::io::Result<T>;
    }
}

#[derive(Debug)]
struct NotFound;

impl Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not found")
    }
}

#[traced]
fn without_arguments() -> aliases::Result {
    Err(NotFound)
}

#[traced]
async fn with_one_argument(mut left: u8) -> aliases::Result<u8> {
    left += 1;
    if left > 0 {
        return Err(NotFound);
    }
    Ok(left)
}

#[traced]
fn of_another_name() -> aliases::Lookup {
    Err(NotFound)
}

#[traced(err = ?)]
fn of_another_name_and_asked_for() -> aliases::Lookup {
    Err(NotFound)
}

#[traced]
fn of_io(mut left: u8) -> io::Result<u8> {
    left += 1;
    Err(io::Error::other(left.to_string()))
}

#[traced]
async fn of_io_by_alias() -> aliases::io_like::Result<u8> {
    Err(io::Error::other("io"))
}

#[traced]
fn of_http() -> ::http::Result<http::Method> {
    Ok(http::Method::from_bytes(b"NOT A METHOD")?)
}

// tokio-rs/tracing#2522
#[test]
fn an_error_is_known_through_aliases() {
    let spans = capture_async(async {
        let _ = (without_arguments(), of_another_name(), of_another_name_and_asked_for());
        let _ = (with_one_argument(0).await, of_io(0), of_io_by_alias().await, of_http());
    });

    assert_eq!(spans.one("without_arguments").error(), Some("not found"));
    assert_eq!(spans.one("with_one_argument").error(), Some("not found"));
    assert_eq!(spans.one("of_another_name").error(), None);
    assert_eq!(spans.one("of_another_name_and_asked_for").error(), Some("NotFound"));
    assert_eq!(spans.one("of_io").error(), Some("1"));
    assert_eq!(spans.one("of_io_by_alias").error(), Some("io"));
    assert_eq!(spans.one("of_http").error(), Some("invalid HTTP method"));
}

#[traced(attrs(%from))]
async fn both_sides(from: impl Display + Debug) -> Result<impl Iterator<Item = u8>, impl Debug> {
    let text = from.to_string();
    if text.is_empty() { Err(text) } else { Ok(text.into_bytes().into_iter()) }
}

#[test]
fn impl_trait_goes_in_and_comes_out() {
    let spans = capture_async(async {
        assert_eq!(both_sides("ab").await.map(Iterator::count).ok(), Some(2));
    });

    assert_eq!(spans.one("both_sides").attribute("from"), Some(&"ab".into()));
}

struct Event {
    r#type: &'static str,
    r#match: u8,
}

const KIND: &str = "constant";

#[traced(attrs(
    event.r#type,
    nested.fn.match = event.r#match,
    yes = true,
    number = -7,
    float = 1.5,
    text = "text",
    character = 'c',
    constant = KIND,
    array = [1, 2],
))]
fn literals(event: &Event) {
    let _ = event;
}

// tokio-rs/tracing#1312, #3402
#[test]
fn literals_and_keywords_are_values_and_keys() {
    let spans = capture(|| literals(&Event { r#type: "book", r#match: 3 }));

    let span = spans.one("literals");
    let shown: Vec<_> = span.keys();
    assert_eq!(
        shown,
        [
            "event.type",
            "nested.fn.match",
            "yes",
            "number",
            "float",
            "text",
            "character",
            "constant",
            "array"
        ]
    );
    assert_eq!(span.attribute("event.type"), Some(&"book".into()));
    assert_eq!(span.attribute("nested.fn.match"), Some(&3.into()));
    assert_eq!(span.attribute("number"), Some(&(-7).into()));
    assert_eq!(span.attribute("character"), Some(&"c".into()));
    assert_eq!(span.attribute("constant"), Some(&"constant".into()));
}

#[traced(attrs(len = name.len(), %name))]
async fn consumes(name: String) {
    drop(name);
    tokio::task::yield_now().await;
}

#[traced(attrs(lens = names.into_iter().map(str::len).sum::<usize>()))]
fn consumed(names: Vec<&'static str>) {}

// fastrace: a property that is read after the body has moved its argument.
#[test]
fn an_attribute_is_read_before_its_argument_is_gone() {
    let spans = capture_async(async {
        consumes("name".to_owned()).await;
        consumed(vec!["a", "bc"]);
    });

    assert_eq!(spans.one("consumes").attribute("len"), Some(&4.into()));
    assert_eq!(spans.one("consumes").attribute("name"), Some(&"name".into()));
    assert_eq!(spans.one("consumed").attribute("lens"), Some(&3.into()));
}

struct Ret(u8);

#[traced(attrs(value = Ret(a).0))]
fn shadows(a: u8) -> Result<Ret, NotFound> {
    #[allow(dead_code, reason = "only its name matters")]
    type Result = u16;
    #[allow(dead_code, reason = "only its name matters")]
    struct Ret;
    Ok(super::bodies::Ret(a))
}

// tokio-rs/tracing#3306
#[test]
fn a_body_may_take_the_names_that_the_attribute_uses() {
    let spans = capture(|| assert_eq!(shadows(3).map(|ret| ret.0).ok(), Some(3)));

    assert_eq!(spans.one("shadows").attribute("value"), Some(&3.into()));
}

static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// Calls what is traced while it is shown.
struct Reenters;

#[traced(attrs(nested = true))]
fn in_between() {
    SHOWN.fetch_add(1, Ordering::Relaxed);
}

impl Debug for Reenters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        in_between();
        f.write_str("shown")
    }
}

impl Display for Reenters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

#[traced(attrs(?value, shown = %value))]
fn reenters(value: &Reenters) -> Result<(), Reenters> {
    let _ = value;
    Err(Reenters)
}

#[traced(attrs(?value))]
async fn reenters_async(value: &Reenters) -> Result<(), Reenters> {
    tokio::task::yield_now().await;
    let _ = value;
    Err(Reenters)
}

// tokio-rs/tracing#587
#[test]
fn a_value_may_call_what_is_traced_while_it_is_shown() {
    let spans = capture_async(async {
        let _ = reenters(&Reenters);
        let _ = reenters_async(&Reenters).await;
    });

    for name in ["reenters", "reenters_async"] {
        let span = spans.one(name);
        assert_eq!(span.attribute("value"), Some(&"shown".into()));
        assert_eq!(span.error(), Some("shown"));
    }
    assert_eq!(SHOWN.load(Ordering::Relaxed), 5);
}
