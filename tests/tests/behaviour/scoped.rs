//! Which spans have the attributes of a scope?

use std::collections::HashMap;
use std::pin::Pin;

use futures_core::Stream;
use opentelemetry::trace::{Span, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::{self, TraceContextPropagator};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, provider, spans_named};

use crate::level::with_directive;
use crate::{capture, capture_async};

fn tenant(id: i64) -> [KeyValue; 1] {
    [KeyValue::new("tenant.id", id)]
}

/// The tenant that a span says.
fn tenant_of(spans: &Spans, name: &str) -> Option<String> {
    spans.one(name).text("tenant.id")
}

#[traced]
fn inner() {}

#[traced]
async fn inner_async() {
    tokio::task::yield_now().await;
    inner();
}

/// A span of another library.
fn foreign() {
    provider().tracer("another library").in_span("foreign", |_| ());
}

#[test]
fn every_span_inside_has_them_whoever_makes_it_and_none_after_it() {
    #[traced]
    fn outer() {
        inner();
        foreign();
    }
    #[traced]
    fn after() {}

    let spans = capture(|| {
        {
            let _scope = context::scope(tenant(7));
            outer();
        }
        after();
    });

    for name in &["outer", "inner", "foreign"] {
        assert_eq!(tenant_of(&spans, name).as_deref(), Some("7"), "{name}");
    }
    assert_eq!(tenant_of(&spans, "after"), None);
    assert_eq!(spans.parent_of("inner"), "outer");
}

#[test]
fn the_span_around_a_scope_has_none_of_it() {
    #[traced]
    fn around() {
        let _scope = context::scope(tenant(7));
        inner();
    }

    let spans = capture(around);

    assert_eq!(tenant_of(&spans, "around"), None);
    assert_eq!(tenant_of(&spans, "inner").as_deref(), Some("7"));
}

#[test]
fn of_scopes_inside_each_other_the_inner_one_holds_for_its_keys() {
    #[traced]
    fn before() {}
    #[traced]
    fn after() {}

    let spans = capture(|| {
        let _outer =
            context::scope(vec![KeyValue::new("tenant.id", 1), KeyValue::new("shard", "a")]);
        before();
        {
            let _inner = context::scope(vec![
                KeyValue::new("tenant.id", 2),
                KeyValue::new("tenant.id", 3),
                KeyValue::new("", "no key"),
            ]);
            inner();
        }
        after();
    });

    let all = ["before", "inner", "after"].iter().map(|name| {
        (tenant_of(&spans, name).expect("a tenant"), spans.one(name).text("shard").expect("one"))
    });
    let expected = [("1", "a"), ("3", "a"), ("1", "a")];
    for (says, expected) in all.zip(expected.iter()) {
        assert_eq!((says.0.as_str(), says.1.as_str()), *expected);
    }
    assert_eq!(spans.one("inner").attribute(""), None);
}

#[test]
fn a_spans_own_attribute_holds_whenever_it_is_set() {
    #[traced(attrs(tenant.id = "listed"))]
    fn listed() {}
    #[traced]
    fn late() {
        Context::current().span().set_attribute(KeyValue::new("tenant.id", "late"));
    }
    let scope =
        || vec![KeyValue::new("tenant.id", 7), KeyValue::new("code.function.name", "not this")];

    let spans = capture(|| {
        let _scope = context::scope(scope());
        listed();
        late();
        let tracer = provider().tracer("another library");
        tracer
            .span_builder("foreign")
            .with_attributes([KeyValue::new("tenant.id", "built")].to_vec())
            .start(&tracer);
        let mut span = tracer.start("foreign, late");
        span.set_attribute(KeyValue::new("tenant.id", "late"));
    });

    assert_eq!(tenant_of(&spans, "listed").as_deref(), Some("listed"));
    assert_eq!(tenant_of(&spans, "foreign").as_deref(), Some("built"));
    // The provider that was adopted keeps both; the last one counts.
    for name in &["late", "foreign, late"] {
        let mut said =
            spans.one(name).attributes.iter().filter(|it| it.key.as_str() == "tenant.id");
        assert_eq!(
            said.next_back().map(|it| it.value.to_string()).as_deref(),
            Some("late"),
            "{name}"
        );
    }
    let function = spans.one("listed").text("code.function.name").expect("a function");
    assert!(function.ends_with("::listed"), "{function}");
}

#[test]
fn what_an_error_is_does_not_come_from_a_scope() {
    #[traced]
    fn fails() -> Result<(), std::num::ParseIntError> {
        "no".parse::<u8>().map(|_| ())
    }

    let spans = capture(|| {
        let _scope = context::scope(vec![KeyValue::new("error.type", "of the scope")]);
        assert!(fails().is_err());
    });

    let mut types =
        spans.one("fails").attributes.iter().filter(|it| it.key.as_str() == "error.type");
    let last = types.next_back().map(|it| it.value.to_string());
    assert_eq!(last.as_deref(), Some("core::num::error::ParseIntError"));
}

struct Shop {
    shard: &'static str,
}

#[traced(scoped(self.shard))]
impl Shop {
    fn sell(&self) {
        inner();
    }

    #[traced(scoped(shard = "another", item))]
    async fn send(&self, item: u8) {
        inner_async().await;
    }

    fn open() {}
}

#[test]
fn an_attribute_of_the_function_opens_a_scope_for_its_span_and_those_inside() {
    let spans = capture(|| {
        Shop { shard: "b" }.sell();
        Shop::open();
        inner_async_of_nobody();
    });

    assert_eq!(spans.one("Shop::sell").text("shard").as_deref(), Some("b"));
    assert_eq!(spans.one("inner").text("shard").as_deref(), Some("b"));
    assert_eq!(spans.one("Shop::open").text("shard"), None);
    assert_eq!(spans.one("inner_async_of_nobody").text("shard"), None);

    let spans = capture_async(async { Shop { shard: "b" }.send(3).await });
    for name in &["Shop::send", "inner_async", "inner"] {
        let span = spans.one(name);
        assert_eq!(span.text("shard").as_deref(), Some("another"), "{name}");
        assert_eq!(span.text("item").as_deref(), Some("3"), "{name}");
    }
}

#[traced]
fn inner_async_of_nobody() {}

#[derive(Debug)]
struct Order;

#[test]
fn its_values_have_every_form_that_attributes_have() {
    #[traced(scoped(
        number,
        order.text = %number,
        order = ?order,
        "enduser.scope" = "a",
        nothing,
        many = [1, 2],
    ), attrs(number = number + 1))]
    fn forms(number: i64, order: Order, nothing: Option<u8>) {
        inner();
    }

    let spans = capture(|| forms(7, Order, None));

    let own = spans.one("forms");
    assert_eq!(own.text("number").as_deref(), Some("8"), "its own holds");
    let inner = spans.one("inner");
    assert_eq!(inner.keys(), ["number", "order.text", "order", "enduser.scope", "many"]);
    assert_eq!(inner.text("number").as_deref(), Some("7"));
    assert_eq!(inner.text("order").as_deref(), Some("Order"));
    assert_eq!(inner.text("many").as_deref(), Some("[1,2]"));
}

#[test]
fn a_scope_goes_along_to_threads_tasks_and_futures() {
    #[traced(scoped(tenant.id = 7))]
    async fn starts() {
        std::thread::spawn(inner).join().expect("no panic");
        tokio::spawn(inner_async()).await.expect("no panic");
    }
    #[traced(scoped(tenant.id = 8))]
    fn made() -> impl std::future::Future<Output = ()> {
        inner_async()
    }

    let spans = capture_async(starts());
    let inners = spans.all.iter().filter(|span| span.name == "inner");
    let tenants: Vec<_> = inners.map(|span| span.text("tenant.id")).collect();
    assert_eq!(tenants, [Some("7".to_owned()), Some("7".to_owned())]);

    let spans = capture_async(async { made().await });
    for name in &["made", "inner_async", "inner"] {
        assert_eq!(tenant_of(&spans, name).as_deref(), Some("8"), "{name}");
    }

    let spans = capture_async(async {
        let scoped = context::scope_future(tenant(9), inner_async());
        scoped.await;
        foreign();
    });
    assert_eq!(tenant_of(&spans, "inner_async").as_deref(), Some("9"));
    assert_eq!(tenant_of(&spans, "inner").as_deref(), Some("9"));
    assert_eq!(tenant_of(&spans, "foreign"), None);
}

#[test]
fn a_stream_opens_its_scope_while_it_is_polled() {
    #[traced(scoped(tenant.id = 7))]
    fn items() -> impl Stream<Item = u8> {
        Once(false)
    }
    struct Once(bool);
    impl Stream for Once {
        type Item = u8;
        fn poll_next(
            mut self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<u8>> {
            inner();
            let is_over = std::mem::replace(&mut self.0, true);
            std::task::Poll::Ready(if is_over { None } else { Some(1) })
        }
    }

    let spans = capture_async(async {
        let mut items = Box::pin(items());
        while std::future::poll_fn(|task| items.as_mut().poll_next(task)).await.is_some() {}
    });

    assert_eq!(tenant_of(&spans, "items").as_deref(), Some("7"));
    let inners = spans.all.iter().filter(|span| span.name == "inner");
    assert!(inners.map(|span| span.text("tenant.id")).all(|it| it.as_deref() == Some("7")));
}

#[test]
fn skip_pii_leaves_out_what_is_personal_from_its_own_scope_and_from_those_around_it() {
    #[traced(skip_pii, scoped(email = never(), tenant.id = 7))]
    fn own() {
        inner();
    }
    #[traced(skip_pii)]
    fn under() {}
    fn never() -> String {
        panic!("it is personal, so it is not evaluated")
    }

    let spans = capture(own);
    for name in &["own", "inner"] {
        assert_eq!(spans.one(name).keys(), ["tenant.id"], "{name}");
    }

    let spans = capture(|| {
        let _scope =
            context::scope(vec![KeyValue::new("user.email", "a@b"), KeyValue::new("shard", 1)]);
        under();
        inner();
    });
    assert_eq!(spans.one("under").keys(), ["shard"]);
    assert_eq!(spans.one("inner").keys(), ["user.email", "shard"]);
}

#[test]
fn a_value_that_panics_is_left_out_and_the_function_goes_on() {
    #[traced(scoped(tenant.id = broken(), shard = 1))]
    fn works() -> u8 {
        inner();
        7
    }
    fn broken() -> u8 {
        panic!("expected by this test")
    }

    let spans = capture(|| assert_eq!(works(), 7));

    assert_eq!(spans.one("inner").keys(), ["shard"]);
}

#[test]
fn a_scope_does_not_leave_the_process() {
    use opentelemetry::propagation::TextMapPropagator;

    let mut headers = HashMap::new();
    capture(|| {
        let _scope = context::scope(tenant(7));
        TraceContextPropagator::default().inject_context(&Context::current(), &mut headers);
    });

    assert_eq!(headers.keys().collect::<Vec<_>>(), ["traceparent"]);
}

#[test]
fn a_root_and_a_span_under_a_span_stay_in_the_scope_and_one_in_a_context_is_in_that_ones() {
    #[traced(root)]
    fn root_in_a_scope() {
        inner_of_root();
    }
    #[traced]
    fn inner_of_root() {}
    #[traced(parent = Context::current().span().span_context().clone())]
    fn under_a_span() {}
    #[traced(parent = context)]
    fn in_a_context(context: &Context) {
        inner();
    }

    let spans = capture(|| {
        let elsewhere = Context::current();
        let of_another = context::with_scope(&elsewhere, vec![KeyValue::new("shard", 3)]);
        let _scope = context::scope(tenant(7));
        root_in_a_scope();
        under_a_span();
        in_a_context(&of_another);
    });

    assert_eq!(tenant_of(&spans, "under_a_span").as_deref(), Some("7"));
    assert_eq!(spans.one("in_a_context").keys(), ["shard"]);
    assert_eq!(spans.one("inner").keys(), ["shard"]);
    for name in &["root_in_a_scope", "inner_of_root"] {
        let last = spans_named(name).pop().expect("it has ended");
        assert_eq!(last.text("tenant.id").as_deref(), Some("7"), "{name}");
    }
}

#[test]
fn a_request_that_names_its_caller_stays_in_the_scope_of_its_worker() {
    #[traced(parent(extract = headers), scoped(shard = 3))]
    fn handles(headers: &HashMap<String, String>) {
        inner_of_request();
    }
    #[traced]
    fn inner_of_request() {}

    capture(|| {
        let _scope = context::scope(tenant(7));
        handles(&HashMap::new());
    });

    for name in &["handles", "inner_of_request"] {
        let last = spans_named(name).pop().expect("it has ended");
        let mut keys = last.keys();
        keys.sort_unstable();
        assert_eq!(keys, ["shard", "tenant.id"], "{name}");
    }
}

#[test]
fn nothing_is_in_scope_where_a_call_is_detached() {
    let spans = capture(|| {
        let _scope = context::scope(tenant(7));
        let parent = Context::current().span().span_context().clone();
        context::detached(|| {
            let _parent = Context::new().with_remote_span_context(parent).attach();
            inner();
        });
    });

    assert_eq!(tenant_of(&spans, "inner"), None);
}

mod below {
    use super::*;

    #[traced(scoped(tenant.id = 7), attrs(never = never()))]
    pub(super) fn opens() {
        inner();
    }

    #[traced(scoped(tenant.id = 8), attrs(never = never()), parent = context)]
    pub(super) fn opens_elsewhere(context: &Context) {
        inner();
    }

    fn never() -> u8 {
        panic!("it has no span, so nothing of it is recorded")
    }
}

#[test]
fn a_function_that_the_filter_leaves_out_opens_its_scope_for_those_that_it_calls() {
    let spans = with_directive("behaviour::scoped::below=off", || capture(below::opens));
    assert_eq!(spans.names(), ["inner"]);
    assert_eq!(tenant_of(&spans, "inner").as_deref(), Some("7"));

    let spans = with_directive("behaviour::scoped::below=off", || {
        capture(|| below::opens_elsewhere(&Context::current()))
    });
    assert_eq!(spans.names(), ["inner"]);
    assert_eq!(tenant_of(&spans, "inner").as_deref(), Some("8"));
}

#[test]
fn what_is_no_span_can_ask_for_them() {
    let both = context::with_scope(&context::with_scope(&Context::new(), tenant(7)), tenant(8));

    assert_eq!(context::scoped_attributes(&both), tenant(8));
    assert_eq!(context::scoped_attributes(&Context::new()), Vec::new());
}
