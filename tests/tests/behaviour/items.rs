//! Which functions of a block have a span, and of which kinds may a function be?
#![allow(unsafe_code, reason = "functions may be unsafe")]

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use opentelemetry::trace::{SpanKind, TraceContextExt};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

/// The name of the function whose span is current, if there is one.
fn current() -> bool {
    opentelemetry::Context::current().span().is_recording()
}

struct Shop {
    shard: &'static str,
}

const SHOP: Shop = Shop { shard: "eu" };

#[traced(attrs(self.shard), kind = client, err = ?)]
impl Shop {
    const SIZE: usize = { 3 };

    const fn size() -> usize {
        Self::SIZE
    }

    fn open(&self) -> bool {
        current()
    }

    #[traced(name = "given", kind = server, attrs(shard = 7, id))]
    fn load(&self, id: u64) -> Result<u64, String> {
        Err(format!("no {id}"))
    }

    #[otel_runtime::traced(err = false)]
    async fn store(&mut self) -> Result<(), String> {
        self.shard = "us";
        Err("no".to_owned())
    }

    #[traced(off)]
    fn left_out(&self) -> bool {
        self.shard.is_empty() || current()
    }
}

// tokio-rs/tracing#2852, #3179: `impl` and `trait` blocks.
#[test]
fn an_impl_gives_its_functions_spans() {
    let spans = capture_async(async {
        assert!(SHOP.open());
        assert_eq!(Shop::size(), 3);
        assert!(!SHOP.left_out());
        let mut shop = SHOP;
        let _ = shop.store().await;
        let _ = SHOP.load(1);
    });

    assert_eq!(spans.names(), ["Shop::open", "Shop::store", "given"]);
    let open = spans.one("Shop::open");
    assert_eq!((&open.span_kind, open.attribute("shard")), (&SpanKind::Client, Some(&"eu".into())));
    assert_eq!(spans.one("Shop::store").error(), None);
}

#[test]
fn what_an_inner_attribute_says_goes_over_what_the_block_says() {
    let spans = capture(|| {
        let _ = SHOP.load(1);
    });

    let load = spans.one("given");
    assert_eq!(load.span_kind, SpanKind::Server);
    assert_eq!(load.keys(), ["shard", "id", "error.type"]);
    assert_eq!(load.attribute("shard"), Some(&7.into()));
    // `err = ?` is the block's.
    assert_eq!(load.error(), Some("\"no 1\""));
}

#[traced(skip_pii, root)]
mod private {
    use opentelemetry::{Context, trace::TraceContextExt};

    pub(super) fn hidden(email: &str) -> Result<(), String> {
        Err(email.to_owned())
    }

    #[traced(skip_pii = false, root = false, attrs(email))]
    pub(super) fn shown(email: &str) -> Result<(), String> {
        Err(email.to_owned())
    }

    pub(super) trait Depth {
        fn depth(&self) -> u8;

        fn twice(&self) -> u8 {
            self.depth() * 2
        }
    }

    #[traced(root = false)]
    impl Depth for u8 {
        fn depth(&self) -> u8 {
            u8::from(Context::current().span().is_recording()) + *self
        }
    }

    #[traced(off)]
    pub(super) mod left_out {
        pub(in super::super) fn helper() {}
    }

    #[traced(kind = producer, root = false)]
    pub(super) mod deeper {
        pub(in super::super) fn deepest() {}
    }

    macro_rules! made {
        ($($item:item)*) => { #[otel_runtime::traced(root = false)] pub(super) mod made { $($item)* } };
    }

    made! {
        pub(in super::super) fn by_macro() {}
        pub(in super::super) struct Made;
        impl Made { pub(in super::super) fn by_macro(&self) {} }
    }
}

// tokio-rs/tracing#1638: modules.
#[test]
fn a_module_gives_the_functions_in_it_spans_however_deep() {
    use private::Depth;
    let spans = capture(|| {
        let _ = private::shown("a@b.c");
        assert_eq!(1_u8.twice(), 4);
        private::left_out::helper();
        private::deeper::deepest();
        private::made::by_macro();
        private::made::Made.by_macro();
    });

    // `Depth::twice` is a root, and the impl's `depth` under it.
    assert_eq!(spans.names(), ["shown", "deepest", "by_macro", "Made::by_macro"]);
    assert_eq!(spans.one("deepest").span_kind, SpanKind::Producer);
    let twice = &otel_tests::capture::spans_named("Depth::twice")[0];
    assert!(twice.is_root());
    assert!(!otel_tests::capture::spans_named("u8::depth")[0].is_root());
}

#[test]
fn flags_of_a_block_can_be_taken_back() {
    let spans = capture(|| {
        let _ = private::hidden("a@b.c");
        let _ = private::shown("a@b.c");
    });

    assert_eq!(spans.one("shown").error(), Some("a@b.c"));
    assert_eq!(spans.one("shown").attribute("email"), Some(&"a@b.c".into()));
    let hidden = &otel_tests::capture::spans_named("hidden")[0];
    assert_eq!((hidden.is_root(), hidden.error()), (true, Some("")));
}

#[traced(off)]
fn alone() -> bool {
    current()
}

#[test]
fn off_on_a_function_of_its_own_leaves_it_as_it_is() {
    let spans = capture(|| assert!(!alone()));

    assert!(spans.all.is_empty());
}

/// A future that waits once.
async fn wait() {
    tokio::task::yield_now().await;
}

/// Polls once, and drops.
fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[async_trait]
trait Store<T: Send + 'static> {
    async fn load(&self, id: u64) -> Result<u64, String>;
    async fn store(&mut self, value: T) -> &T;
    async fn name() -> &'static str
    where
        Self: Sized;

    #[traced(attrs(id))]
    async fn by_default(&self, id: u64) -> u64 {
        wait().await;
        id
    }
}

struct Inside<T>(Option<T>, &'static str);

#[async_trait]
impl<T: Send + Sync + 'static> Store<T> for Inside<T> {
    #[traced(attrs(id, shard = self.1))]
    async fn load(&self, id: u64) -> Result<u64, String> {
        assert!(current());
        wait().await;
        assert!(current());
        Err(format!("no {id} in {}", self.1))
    }

    #[traced]
    async fn store(&mut self, value: T) -> &T {
        wait().await;
        self.0.insert(value)
    }

    #[traced(name = std::any::type_name::<Self>())]
    async fn name() -> &'static str {
        std::any::type_name::<Self>()
    }
}

struct Above<T>(Option<T>, &'static str);

#[traced(attrs(shard = "one"))]
#[async_trait]
impl<T: Send + Sync + 'static> Store<T> for Above<T> {
    #[traced(attrs(id, shard = self.1))]
    async fn load(&self, id: u64) -> Result<u64, String> {
        assert!(current());
        wait().await;
        assert!(current());
        Err(format!("no {id} in {}", self.1))
    }

    async fn store(&mut self, value: T) -> &T {
        wait().await;
        self.0.insert(value)
    }

    #[traced(name = std::any::type_name::<Self>())]
    async fn name() -> &'static str {
        std::any::type_name::<Self>()
    }

    async fn by_default(&self, _: u64) -> u64 {
        0
    }
}

async fn use_store<S: Store<u16>>(mut store: S) {
    assert_eq!(store.load(4).await, Err("no 4 in eu".to_owned()));
    assert_eq!(*store.store(5).await, 5);
    assert_eq!(S::name().await, std::any::type_name::<S>());
}

#[test]
fn async_trait_may_stand_below_or_above() {
    for (spans, ty) in [
        (capture_async(use_store(Inside(None, "eu"))), "Inside"),
        (capture_async(use_store(Above(None, "eu"))), "Above"),
    ] {
        let load = spans.one(&format!("{ty}::load"));
        assert_eq!(load.attribute("shard"), Some(&"eu".into()), "{ty}");
        assert_eq!(load.attribute("id"), Some(&4.into()));
        assert_eq!(load.error(), Some("no 4 in eu"));
        assert_eq!(spans.parent_of(&format!("{ty}::store")), "remote");
        assert_eq!(spans.all.len(), 3, "{:?}", spans.names());
    }
}

#[test]
fn a_default_method_of_an_async_trait_is_traced() {
    let spans = capture_async(async {
        assert_eq!(Inside(Some(1_u8), "").by_default(3).await, 3);
        assert_eq!(Above(Some(1_u8), "").by_default(3).await, 0);
    });

    assert_eq!(spans.names(), ["Store::by_default", "Above::by_default"]);
    assert_eq!(spans.one("Store::by_default").attribute("id"), Some(&3.into()));
}

#[test]
fn a_dropped_call_of_an_async_trait_is_cancelled() {
    let spans = capture(|| {
        drop(Store::<u8>::load(&Inside::<u8>(None, "never polled"), 1));
        assert!(poll_once(Store::<u8>::load(&Inside::<u8>(None, ""), 1)).is_pending());
        assert!(poll_once(Store::<u8>::load(&Above::<u8>(None, ""), 1)).is_pending());
    });

    assert_eq!(spans.names(), ["Inside::load", "Above::load"]);
    for span in &spans.all {
        assert_eq!(span.attribute("traced.outcome"), Some(&"cancelled".into()));
    }
}

/// An attribute that needs `async` stands below.
#[traced(attrs(id))]
#[tokio::main(flavor = "current_thread")]
async fn entry(id: u64) -> Result<u64, String> {
    wait().await;
    Err(id.to_string())
}

#[test]
fn a_function_stays_async_for_an_attribute_below() {
    let spans = capture(|| assert_eq!(entry(1), Err("1".to_owned())));

    assert_eq!(spans.one("entry").error(), Some("1"));
}

#[traced(attrs(id))]
fn opaque(id: u64) -> impl Future<Output = Result<u64, String>> + Send + 'static {
    assert!(!current());
    let before = id + 1;
    async move {
        assert!(current());
        wait().await;
        assert!(current());
        if before == 1 {
            return Err("none".to_owned());
        }
        Ok(before)
    }
}

#[traced(attrs(a.len = a.len(), b))]
fn boxed<'a, T: ToString + Sync>(
    a: &'a str,
    b: u8,
    c: &'a T,
) -> Pin<Box<dyn Future<Output = Result<String, std::num::ParseIntError>> + Send + 'a>> {
    let early = a.is_empty();
    if early {
        return Box::pin(std::future::ready(Ok(String::new())));
    }
    Box::pin(async move {
        assert!(current());
        wait().await;
        a.parse::<u8>()?;
        Ok(c.to_string())
    })
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Shop {
    #[traced(attrs(self.shard))]
    fn alias(&self) -> BoxFuture<'_, Result<(), &str>> {
        Box::pin(async move {
            wait().await;
            Err(self.shard)
        })
    }

    #[traced]
    #[allow(clippy::type_complexity)]
    fn boxed_opaque(&mut self) -> Pin<Box<impl Future<Output = &mut &'static str>>> {
        Box::pin(async move { &mut self.shard })
    }

    #[traced(err = |error| format!("<{error}>"))]
    fn no_more(&self) -> impl Future<Output = std::io::Result<impl Send + use<>>> + '_ {
        async move {
            wait().await;
            if self.shard == "eu" { Err(std::io::Error::other("eu")) } else { Ok(1_u8) }
        }
    }
}

// tokio-rs/tracing#1863, #1874, #16: functions that return a future.
#[test]
fn a_future_that_a_function_returns_is_traced() {
    let spans = capture_async(async {
        assert_eq!(opaque(0).await, Err("none".to_owned()));
        assert_eq!(tokio::spawn(boxed("1", 2, &7)).await.expect("done"), Ok("7".to_owned()));
        assert_eq!(SHOP.alias().await, Err("eu"));
        *Shop { shard: "" }.boxed_opaque().await = "us";
        assert!(SHOP.no_more().await.is_err());
    });

    assert_eq!(
        spans.names(),
        ["opaque", "boxed", "Shop::alias", "Shop::boxed_opaque", "Shop::no_more"]
    );
    assert_eq!(spans.one("opaque").error(), Some("none"));
    assert_eq!(spans.one("opaque").attribute("id"), Some(&0.into()));
    assert_eq!(spans.one("boxed").keys(), ["a.len", "b"]);
    assert_eq!(spans.one("boxed").error(), None);
    assert_eq!(spans.one("Shop::alias").error(), Some("eu"));
    assert_eq!(spans.one("Shop::no_more").error(), Some("<eu>"));
    // What is spawned hangs under the caller.
    assert!(spans.all.iter().all(|span| span.parent_span_id == spans.parent.span_id()));
}

#[test]
fn a_returned_future_begins_its_span_when_it_is_polled_and_may_be_cancelled() {
    let spans = capture(|| {
        drop(opaque(1));
        drop(boxed("1", 2, &7));
        assert!(poll_once(opaque(1)).is_pending());
        assert!(poll_once(boxed("1", 2, &7)).is_pending());
        assert_eq!(poll_once(boxed("", 2, &7)), Poll::Ready(Ok(String::new())));
        assert!(!current());
    });

    assert_eq!(spans.names(), ["opaque", "boxed", "boxed"]);
    let outcome = |at: usize| spans.all[at].attribute("traced.outcome").map(ToString::to_string);
    assert_eq!([outcome(0), outcome(1)], [Some("cancelled".to_owned()), Some("cancelled".into())]);
    assert_eq!(outcome(2), None);
}

#[traced]
fn panics() -> impl Future<Output = u8> {
    async { panic!("oh") }
}

#[test]
fn a_returned_future_that_panics_is_an_error() {
    let spans = capture(|| {
        let caught = std::panic::catch_unwind(|| poll_once(panics()));
        assert!(caught.is_err() && !current());
    });

    assert_eq!(spans.one("panics").attribute("error.type"), Some(&"panic".into()));
}

/// Counts down, waiting before each.
struct Countdown(u8, bool);

impl futures_core::Stream for Countdown {
    type Item = u8;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<u8>> {
        assert!(current());
        self.1 = !self.1;
        if self.1 {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(left) = self.0.checked_sub(1) else { return Poll::Ready(None) };
        self.0 = left;
        Poll::Ready(Some(left))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.into(), Some(self.0.into()))
    }
}

#[traced(attrs(from))]
fn stream(from: u8) -> impl futures_core::Stream<Item = u8> + Send {
    assert!(!current());
    Countdown(from, false)
}

type BoxStream<'a, T> = Pin<Box<dyn futures_core::Stream<Item = T> + Send + 'a>>;

#[traced(attrs(from))]
fn boxed_stream(from: u8) -> BoxStream<'static, u8> {
    Box::pin(Countdown(from, false))
}

async fn sum(stream: impl futures_core::Stream<Item = u8>) -> u8 {
    let mut stream = pin!(stream);
    let mut sum = 0;
    while let Some(item) = std::future::poll_fn(|task| stream.as_mut().poll_next(task)).await {
        assert!(!current());
        sum += item;
    }
    sum
}

#[test]
fn a_stream_has_a_span_from_its_first_poll_to_its_end() {
    use futures_core::Stream;
    let spans = capture_async(async {
        drop(stream(1));
        assert_eq!(stream(4).size_hint(), (4, Some(4)));
        assert_eq!(sum(stream(4)).await, 6);
        assert_eq!(sum(boxed_stream(4)).await, 6);
        let mut dropped = pin!(stream(2));
        let _ = dropped.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
    });

    assert_eq!(spans.names(), ["stream", "boxed_stream", "stream"]);
    assert_eq!(spans.all[1].attribute("from"), Some(&4.into()));
    assert_eq!(spans.all[0].attribute("traced.outcome"), None);
    assert_eq!(spans.all[2].attribute("traced.outcome"), Some(&"cancelled".into()));
}

#[traced]
unsafe fn not_safe(pointer: *const u8) -> Result<u8, String> {
    // SAFETY: the caller has a byte there.
    Ok(unsafe { *pointer })
}

#[traced]
async unsafe fn not_safe_async(byte: &u8) -> u8 {
    wait().await;
    *byte
}

#[traced(attrs(x))]
extern "C" fn foreign(x: i32) -> i32 {
    x + 1
}

#[traced]
pub(crate) unsafe extern "C" fn foreign_not_safe(x: i32) -> i32 {
    x + 1
}

#[traced]
fn never() -> ! {
    panic!("never")
}

#[traced]
async fn never_async() -> ! {
    wait().await;
    panic!("never")
}

#[traced]
#[tokio::main(flavor = "current_thread")]
async fn never_kept() -> ! {
    wait().await;
    panic!("never")
}

#[test]
fn functions_may_be_unsafe_foreign_or_without_end() {
    let spans = capture_async(async {
        let byte = 7;
        // SAFETY: it is a byte.
        assert_eq!(unsafe { not_safe(&raw const byte) }, Ok(7));
        // SAFETY: nothing is asked for.
        assert_eq!(unsafe { not_safe_async(&byte) }.await, 7);
        let pointer: extern "C" fn(i32) -> i32 = foreign;
        assert_eq!(pointer(1), 2);
        // SAFETY: nothing is asked for.
        assert_eq!(unsafe { foreign_not_safe(1) }, 2);
        assert!(std::panic::catch_unwind(|| never()).is_err());
        assert!(tokio::spawn(never_async()).await.is_err());
    });

    let names =
        ["not_safe", "not_safe_async", "foreign", "foreign_not_safe", "never", "never_async"];
    assert_eq!(spans.names(), names);
    assert_eq!(spans.one("never").error(), Some("never"));
    let spans = capture(|| assert!(std::panic::catch_unwind(|| never_kept()).is_err()));
    assert_eq!(spans.one("never_kept").error(), Some("never"));
}

#[traced(attrs(n))]
fn factorial(n: u64) -> u64 {
    if n == 0 { 1 } else { n * factorial(n - 1) }
}

#[traced]
async fn factorial_async(n: u64) -> u64 {
    wait().await;
    if n == 0 { 1 } else { n * Box::pin(factorial_async(n - 1)).await }
}

#[traced]
fn factorial_boxed(n: u64) -> BoxFuture<'static, u64> {
    Box::pin(async move { if n == 0 { 1 } else { n * factorial_boxed(n - 1).await } })
}

#[test]
fn functions_may_call_themselves() {
    let spans = capture(|| assert_eq!(factorial(3), 6));
    assert_eq!(spans.all.len(), 4);
    for pair in spans.all.windows(2) {
        assert_eq!(pair[0].parent_span_id, pair[1].span_context.span_id());
    }
    let spans = capture_async(async {
        assert_eq!(factorial_async(3).await, 6);
        assert_eq!(factorial_boxed(3).await, 6);
    });
    assert_eq!(spans.all.len(), 8);
    for at in [0, 1, 2, 4, 5, 6] {
        assert_eq!(spans.all[at].parent_span_id, spans.all[at + 1].span_context.span_id());
    }
}

trait Everywhere {
    fn made(&self) -> impl Future<Output = u8> + Send;
    async fn plain(&self) -> u8;
    fn dynamic(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
}

#[traced]
impl Everywhere for Shop {
    fn made(&self) -> impl Future<Output = u8> + Send {
        async { 1 }
    }

    async fn plain(&self) -> u8 {
        2
    }

    fn dynamic(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
        Box::pin(async { 3 })
    }
}

#[test]
fn methods_of_a_trait_may_return_futures() {
    let spans = capture_async(async {
        assert_eq!(SHOP.made().await + SHOP.plain().await + SHOP.dynamic().await, 6);
    });

    assert_eq!(spans.names(), ["Shop::made", "Shop::plain", "Shop::dynamic"]);
}

#[traced(attrs(..), skip(secret), ret, timings, ok_if = |_ret| true, level = warn, scope = "all")]
mod together {
    use super::{BoxStream, Countdown};

    pub(super) fn nothing(shown: u8, secret: &str) {
        let _ = (shown, secret);
    }

    pub(super) async fn number(other: u8) -> Result<u8, String> {
        Ok(other)
    }

    #[traced(skip_pii, skip(hidden))]
    pub(super) fn private(hidden: u8) -> u8 {
        hidden
    }

    #[traced(timings = false)]
    pub(super) async fn untimed() -> u8 {
        2
    }

    pub(super) fn stream(from: u8) -> BoxStream<'static, u8> {
        Box::pin(Countdown(from, false))
    }
}

#[test]
fn what_a_block_says_is_about_those_functions_that_it_can_be_about() {
    let spans = capture_async(async {
        together::nothing(1, "secret");
        assert_eq!(together::number(1).await, Ok(1));
        together::private(1);
        together::untimed().await;
        sum(together::stream(1)).await;
    });

    assert_eq!(spans.one("nothing").keys(), ["shown"]);
    let number = spans.one("number");
    assert_eq!(number.keys()[..1], ["other"]);
    assert!(number.keys().contains(&"return") && number.keys().contains(&"polls"));
    assert_eq!(spans.one("private").keys(), Vec::<&str>::new());
    assert_eq!(spans.one("untimed").keys(), ["return"]);
    assert_eq!(spans.one("stream").keys(), ["from"]);
    assert!(spans.all.iter().all(|span| span.instrumentation_scope.name() == "all"));
}

#[traced(ret, error_if = |value| *value == 2)]
fn returned_future(value: u64) -> impl Future<Output = u64> {
    async move { value }
}

#[test]
fn the_output_of_a_returned_future_is_its_result() {
    let spans = capture_async(async {
        assert_eq!(returned_future(2).await, 2);
    });

    assert_eq!(spans.one("returned_future").attribute("return"), Some(&2.into()));
    assert!(spans.one("returned_future").error().is_some());
}

struct Rack {
    shard: u8,
}

#[traced(attrs(self.shard, kind = "store"), name = format!("shard {}", self.shard))]
impl Rack {
    fn new(shard: u8) -> Self {
        Rack { shard }
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
    let spans = capture(|| assert_eq!(Rack::new(7).get(), 7));

    assert_eq!(spans.names(), ["Rack::new", "shard 7"]);
    let [new, get] = ["Rack::new", "shard 7"].map(|name| spans.one(name));
    assert_eq!((new.text("shard"), new.text("kind").as_deref()), (None, Some("store")));
    assert_eq!(get.text("shard").as_deref(), Some("7"));
}

#[test]
fn what_is_said_on_a_condition_inside_a_block_holds_where_that_does() {
    let spans = capture(|| {
        let store = Rack::new(7);
        store.conditional();
        store.otherwise();
        store.without();
    });

    assert_eq!(spans.names(), ["Rack::new", "inner", "shard 7"]);
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
