//! Is a function with the attribute the one that it is without?
//!
//! What it returns, what it is given, what it says when it fails, in bodies that macros make included.

use std::fmt::Display;
use std::future::Future;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::pin::Pin;

use opentelemetry::Context;
use opentelemetry::trace::SpanContext;
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

/// An attribute of a span, as text.
fn text(span: &SpanData, key: &str) -> Option<String> {
    span.attribute(key).map(ToString::to_string)
}

/// Bodies that are put together from what a macro is given, in the words that it is given it.
macro_rules! made {
    ($(#[$attr:meta])* $twice:ident, $negated:ident, $waits:ident, $in_a_block:ident, $block:ident, $e:expr, $body:block) => {
        $(#[$attr])* fn $twice() -> i32 { 2 * $e }
        $(#[$attr])* fn $negated() -> Result<i32, String> { Ok(-$e) }
        $(#[$attr])* async fn $waits() -> i32 { 2 * $e }
        $(#[$attr])* fn $block() -> i32 $body
        struct $in_a_block;
        $(#[$attr])* impl $in_a_block { fn twice(&self) -> i32 { 2 * $e } }
    };
}
made!(
    #[traced]
    twice,
    negated,
    waits,
    Traced,
    block,
    1 + 2,
    { 2 * 3 + 1 }
);
made!(plain_twice, plain_negated, plain_waits, Plain, plain_block, 1 + 2, { 2 * 3 + 1 });

// tokio-rs/tracing#1318 was the same of another attribute.
#[test]
fn a_body_made_by_a_macro_computes_what_it_does_without_the_attribute() {
    let _ = capture_async(async {
        assert_eq!((twice(), negated(), block()), (6, Ok(-3), 7));
        assert_eq!((twice(), negated(), block()), (plain_twice(), plain_negated(), plain_block()));
        assert_eq!((waits().await, Traced.twice()), (plain_waits().await, Plain.twice()));
        assert_eq!(Traced.twice(), 6);
    });
}

/// A type, a closure and a value that a macro is given.
macro_rules! described {
    ($name:ident -> $ret:ty, $value:expr, $part:expr) => {
        #[traced(attrs(value = $value), ret(part = $part))]
        fn $name() -> $ret {
            Err("no".to_owned())
        }
    };
}
described!(described -> Result<u8, String>, 1 + 2, |ret: &Result<u8, String>| ret.is_err());

#[test]
fn what_a_macro_hands_to_the_attribute_counts_as_one_thing() {
    let spans = capture(|| drop(described()));

    let span = spans.one("described");
    assert_eq!(text(span, "value").as_deref(), Some("3"));
    assert_eq!(text(span, "part").as_deref(), Some("true"));
    assert!(span.attribute("error.type").is_some(), "a `$ret:ty` is a `Result` too");
}

type Boxed = Pin<Box<dyn Future<Output = u8> + Send>>;

#[traced]
fn adder(n: u64) -> impl Fn(u64) -> u64 {
    move |x| x + n
}

#[traced]
fn length() -> impl Fn(&str) -> usize {
    |s| s.len()
}

#[traced]
fn layer() -> impl Fn(u8) -> Boxed {
    |x| Box::pin(async move { x + 1 })
}

#[traced]
fn fallible(n: u64) -> Result<impl Fn(u64) -> u64, String> {
    if n == 0 {
        return Err("none".to_owned());
    }
    Ok(move |x| x + n)
}

#[traced]
async fn awaited(n: u64) -> impl Fn(&str, u64) -> usize {
    move |s, x| s.len() + usize::from(x == n)
}

struct Shop<T>(T);

impl<T: Copy + Into<u64>> Shop<T> {
    #[traced]
    async fn counter(&self) -> Result<impl Fn(&str, T) -> u64 + use<'_, T>, String> {
        let own = self.0.into();
        Ok(move |s: &str, x: T| own + x.into() + s.len() as u64)
    }
}

#[test]
fn a_closure_that_is_returned_is_told_what_it_is_given() {
    let spans = capture_async(async {
        assert_eq!((adder(1)(2), length()("abc")), (3, 3));
        assert_eq!(layer()(1).await, 2);
        assert_eq!(fallible(1).map(|f| f(2)), Ok(3));
        assert!(fallible(0).is_err());
        assert_eq!(awaited(1).await("abc", 1), 4);
        assert_eq!(Shop(1_u32).counter().await.map(|f| f("abc", 1)), Ok(5));
    });

    assert_eq!(spans.names().len(), 7);
}

#[traced]
fn words() -> Box<dyn Iterator<Item = impl Display>> {
    Box::new(vec!["a", "b"].into_iter())
}

#[traced]
fn tried() -> Result<Box<dyn Iterator<Item = impl Display>>, String> {
    Ok(Box::new(vec!["a", "b"].into_iter()))
}

#[traced]
async fn written() -> Box<dyn Iterator<Item = impl Display>> {
    Box::new(vec!["a", "b"].into_iter())
}

#[test]
fn an_impl_trait_may_stand_anywhere_in_what_is_returned() {
    let _ = capture_async(async {
        assert_eq!(words().map(|word| word.to_string()).collect::<String>(), "ab");
        let tried = tried().map(|words| words.map(|word| word.to_string()).collect());
        assert_eq!(tried, Ok::<String, _>("ab".to_owned()));
        assert_eq!(written().await.map(|word| word.to_string()).collect::<String>(), "ab");
    });
}

/// The line that a caller is in, by way of a conversion that asks.
#[derive(Debug, PartialEq)]
struct Line(u32);

#[traced]
#[track_caller]
fn called() -> Result<(), Line> {
    Err(Line(Location::caller().line()))
}

#[test]
fn a_function_whose_result_is_looked_at_knows_its_caller() {
    let spans = capture(|| {
        let (line, here) = (called(), line!());
        assert_eq!(line, Err(Line(here)));
    });

    assert!(spans.one("called").attribute("error.type").is_some());
}

#[traced]
fn raw(r#type: String) -> String {
    format!("<{type}>")
}

#[traced]
async fn raw_async(r#type: String) -> Result<String, ()> {
    Ok(format!("<{type}>"))
}

#[traced]
async fn formatted(width: usize, precision: usize, name: String) -> Result<String, ()> {
    Ok(format!("{name:>width$}{:.precision$}\u{7b}name}", 2.25))
}

#[test]
fn a_format_string_may_name_arguments_in_every_way_it_can() {
    let _ = capture_async(async {
        assert_eq!(raw("a".to_owned()), "<a>");
        assert_eq!(raw_async("b".to_owned()).await.as_deref(), Ok("<b>"));
        assert_eq!(formatted(3, 1, "c".to_owned()).await.as_deref(), Ok("  c2.2c"));
    });
}

#[traced(parent = context, name = name, links(origin))]
fn handled(context: Context, name: String, origin: SpanContext) -> (Context, String, SpanContext) {
    (context, name, origin)
}

#[traced(parent = context, name = name, links(origins))]
async fn handled_async<'a>(
    context: &Context,
    name: &'a str,
    origins: &[SpanContext],
) -> (usize, &'a str) {
    let _ = context;
    (origins.len(), name)
}

#[test]
fn a_place_that_the_attribute_names_is_still_there_in_the_body() {
    let spans = capture_async(async {
        let context = Context::current();
        let (_, name, _) = handled(context.clone(), "first".to_owned(), SpanContext::NONE);
        assert_eq!(name, "first");
        let origins = [SpanContext::NONE];
        assert_eq!(handled_async(&context, "second", &origins).await, (1, "second"));
    });

    assert_eq!(spans.names(), ["first", "second"]);
}

#[traced(attrs(prefix = %key[..3], rest = ?key[3..], boxed = %*boxed))]
fn sliced(key: &str, boxed: Box<str>) -> usize {
    key.len() + boxed.len()
}

#[test]
fn a_text_is_recorded_whatever_it_is_a_part_of() {
    let spans = capture(|| assert_eq!(sliced("abcd", "x".into()), 5));

    let span = spans.one("sliced");
    assert_eq!(text(span, "prefix").as_deref(), Some("abc"));
    assert_eq!(text(span, "rest").as_deref(), Some("\"d\""));
    assert_eq!(text(span, "boxed").as_deref(), Some("x"));
}

#[traced(attrs(before = items.len(), first = items[0], after = items.len()), name = names[7])]
fn first(items: &[u64], names: &[&'static str]) -> usize {
    items.len() + names.len()
}

#[traced(attrs(first = items[0]), links(items.iter().map(|_| -> SpanContext { panic!() })))]
async fn first_async(items: &[u64]) -> usize {
    items.len()
}

#[test]
fn an_expression_that_panics_costs_the_span_its_value_and_the_host_nothing() {
    let spans = capture_async(async {
        assert_eq!(first(&[], &[]), 0);
        assert_eq!(first_async(&[]).await, 0);
        assert_eq!(first_async(&[7]).await, 1);
    });

    assert_eq!(spans.names(), ["first", "first_async", "first_async"]);
    let span = spans.one("first");
    assert_eq!(span.attribute("first"), None);
    assert_eq!(text(span, "before").as_deref(), Some("0"));
    assert_eq!(text(span, "after").as_deref(), Some("0"));
}

/// Makes a span when it is dropped.
struct Closing(&'static str);

impl Drop for Closing {
    fn drop(&mut self) {
        closing(self.0);
    }
}

#[traced(name = name)]
fn closing(name: &'static str) {
    let _ = name;
}

#[traced]
fn value(_argument: Closing) {
    let _local = Closing("local of a value");
}

#[traced]
fn result(_argument: Closing) -> Result<(), ()> {
    let _local = Closing("local of a result");
    Ok(())
}

#[traced]
async fn future(_argument: Closing) {
    let _local = Closing("local of a future");
}

#[test]
fn arguments_outlive_the_span_where_nobody_looks_at_the_result() {
    let spans = capture_async(async {
        value(Closing("argument of a value"));
        let _ = result(Closing("argument of a result"));
        future(Closing("argument of a future")).await;
    });

    for inside in
        ["local of a value", "local of a result", "argument of a result", "local of a future"]
    {
        let kind = inside.rsplit(' ').next().expect("a word");
        assert_eq!(
            spans.one(inside).parent_span_id,
            spans.one(kind).span_context.span_id(),
            "{inside}"
        );
    }
    let after = spans.one("argument of a value");
    assert_ne!(after.parent_span_id, spans.one("value").span_context.span_id());
    let inside = spans.one("argument of a future");
    assert_eq!(inside.parent_span_id, spans.one("future").span_context.span_id());
}

/// A trait for everything, whose methods are called as those that look at a result once were.
trait Everything: Sized {
    fn error(self) -> Option<u8> {
        None
    }

    fn failure(self) -> u8 {
        1
    }

    fn returned(self) -> u8 {
        2
    }
}

impl<T> Everything for T {}

#[traced(ret)]
fn surrounded() -> Result<u8, String> {
    assert_eq!((1.error(), 1.failure(), 1.returned()), (None, 1, 2));
    Err("no".to_owned())
}

#[test]
fn a_trait_for_everything_does_not_get_in_the_way() {
    let spans = capture(|| drop(surrounded()));

    assert_eq!(
        text(spans.one("surrounded"), "error.type").as_deref(),
        Some("alloc::string::String")
    );
}

#[derive(Debug)]
struct Fault {
    code: String,
}

impl Fault {
    fn code(&self) -> &str {
        &self.code
    }
}

#[traced(err = |error| error.code())]
fn faulty() -> Result<(), Fault> {
    Err(Fault { code: "E1".to_owned() })
}

#[test]
fn what_describes_an_error_may_borrow_from_it() {
    let spans = capture(|| drop(faulty()));

    let status = format!("{:?}", spans.one("faulty").status);
    assert!(status.contains("E1"), "{status}");
}

struct Store {
    shard: u8,
}

#[traced(attrs(self.shard, kind = "store"), name = format!("shard {}", self.shard))]
impl Store {
    fn new(shard: u8) -> Self {
        Store { shard }
    }

    fn get(&self) -> u8 {
        self.shard
    }

    #[cfg_attr(all(), traced(name = "inner"))]
    fn conditional(&self) {}

    #[cfg_attr(any(), traced(name = "never"))]
    fn otherwise(&self) {}

    #[cfg_attr(all(), traced(off))]
    fn without(&self) {}
}

#[test]
fn what_a_block_says_of_self_is_not_about_functions_without_one() {
    let spans = capture(|| assert_eq!(Store::new(7).get(), 7));

    assert_eq!(spans.names(), ["Store::new", "shard 7"]);
    let [new, get] = ["Store::new", "shard 7"].map(|name| spans.one(name));
    assert_eq!((text(new, "shard"), text(new, "kind").as_deref()), (None, Some("store")));
    assert_eq!(text(get, "shard").as_deref(), Some("7"));
}

#[test]
fn what_is_said_on_a_condition_inside_a_block_holds_where_that_does() {
    let spans = capture(|| {
        let store = Store::new(7);
        store.conditional();
        store.otherwise();
        store.without();
    });

    assert_eq!(spans.names(), ["Store::new", "inner", "shard 7"]);
}

#[traced]
async fn job(id: u64) -> u64 {
    id
}

#[traced]
fn made(id: u64) -> impl Future<Output = u64> + UnwindSafe {
    std::future::ready(id)
}

#[test]
fn a_future_is_as_unwind_safe_as_it_is_without_the_attribute() {
    fn safe<T: UnwindSafe + RefUnwindSafe>(future: T) -> T {
        future
    }
    let spans = capture_async(async {
        assert_eq!(safe(job(7)).await, 7);
        assert_eq!(made(7).await, 7);
    });

    assert_eq!(spans.names(), ["job", "made"]);
}

mod io {
    pub(super) trait Stream {
        fn read(&mut self) -> u8;
    }

    impl Stream for u8 {
        fn read(&mut self) -> u8 {
            *self
        }
    }
}

#[traced]
fn open() -> impl io::Stream {
    7
}

/// A future that is more than a wrapper of one can be.
trait More {}

impl<T> More for T {}

#[traced]
fn more() -> impl Future<Output = u8> + More {
    std::future::ready(7)
}

#[test]
fn what_is_more_than_a_future_or_another_stream_has_the_span_of_its_call() {
    let spans = capture_async(async {
        assert_eq!(io::Stream::read(&mut open()), 7);
        assert_eq!(more().await, 7);
    });

    assert_eq!(spans.names(), ["open", "more"]);
}

#[traced(error_if = |status| *status >= 400, error_type = |status| *status)]
fn asked(status: u16) -> u16 {
    status
}

#[traced(error_type = |ret| ret.as_ref().err().map_or("", |error| error.as_str()))]
async fn tried_later(error: &str) -> Result<(), String> {
    Err(error.to_owned())
}

#[test]
fn an_error_is_of_the_type_that_is_said() {
    let spans = capture_async(async {
        asked(503);
        let _ = tried_later("E1").await;
    });

    assert_eq!(text(spans.one("asked"), "error.type").as_deref(), Some("503"));
    assert_eq!(text(spans.one("tried_later"), "error.type").as_deref(), Some("E1"));
}
