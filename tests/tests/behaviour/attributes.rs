//! What does a span record?

use std::convert::TryFrom;
use std::fmt;

use opentelemetry::trace::SpanContext;
use opentelemetry::{Array, Value};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

#[traced]
fn nothing(password: &str, user_id: u64) -> usize {
    password.len() + usize::try_from(user_id).unwrap_or_default()
}

// tokio-rs/tracing#3402, #754, #1273: arguments are opt-in.
#[test]
fn nothing_is_recorded_that_was_not_asked_for() {
    let spans = capture(|| {
        nothing("hunter2", 7);
    });

    assert_eq!(spans.one("nothing").keys(), Vec::<&str>::new());
}

#[derive(Debug)]
struct Items(u8);

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items", self.0)
    }
}

struct Order {
    id: u64,
    total: Items,
    note: Items,
}

impl Order {
    fn next(&self) -> u64 {
        self.id + 1
    }
}

struct Shard {
    shard: &'static str,
}

impl Shard {
    #[traced(attrs(
        user_id,
        order.id,
        next.id = order.next(),
        "enduser.id" = user_id,
        shown = %order.total,
        items = ?order.total,
        %order.note,
        self.shard,
        r#type = "book",
        sum = user_id + 1,
    ))]
    fn every_form(&self, user_id: u64, order: &Order) {
        let _ = (user_id, order);
    }
}

// tokio-rs/tracing#3460: a bare name records its variable.
#[test]
fn every_form_of_an_attribute_is_recorded_under_its_key() {
    let order = Order { id: 41, total: Items(3), note: Items(4) };
    let spans = capture(|| Shard { shard: "eu" }.every_form(7, &order));

    let span = spans.one("Shard::every_form");
    let expected: [(&str, Value); 10] = [
        ("user_id", 7.into()),
        ("order.id", 41.into()),
        ("next.id", 42.into()),
        ("enduser.id", 7.into()),
        ("shown", "3 items".into()),
        ("items", "Items(3)".into()),
        ("order.note", "4 items".into()),
        ("shard", "eu".into()),
        ("type", "book".into()),
        ("sum", 8.into()),
    ];
    assert_eq!(span.keys(), expected.each_ref().map(|(key, _)| *key));
    for (key, value) in expected {
        assert_eq!(span.attribute(key), Some(&value), "{key}");
    }
}

#[traced(attrs(order.id, user.id))]
fn both(order: &Ids, user: &Ids) {
    let _ = (order, user);
}

struct Ids {
    id: u64,
}

#[test]
fn two_values_of_one_name_are_told_apart_by_what_they_are_of() {
    let spans = capture(|| both(&Ids { id: 1 }, &Ids { id: 2 }));

    let span = spans.one("both");
    assert_eq!(span.attribute("order.id"), Some(&1.into()));
    assert_eq!(span.attribute("user.id"), Some(&2.into()));
}

#[traced(attrs(user_id, email))]
async fn load(user_id: u64, email: &str) {
    let _ = (user_id, email);
}

#[test]
fn async_functions_record_the_same_way() {
    let spans = capture_async(load(7, "a@example.org"));

    let span = spans.one("load");
    assert_eq!(span.attribute("user_id"), Some(&Value::I64(7)));
    assert_eq!(span.attribute("email"), Some(&"a@example.org".into()));
}

#[traced(attrs(a, b, c, d, e, f, g, h))]
#[expect(clippy::too_many_arguments, clippy::many_single_char_names, reason = "one of each type")]
fn types(
    a: u64,
    b: i128,
    c: f32,
    d: bool,
    e: Option<&str>,
    f: Option<u8>,
    g: &[&str],
    h: Vec<i64>,
) {
    let _ = (a, b, c, d, e, f, g, h);
}

// tokio-rs/tracing#3067: an `Option` is unwrapped, and `None` is left out.
#[test]
fn values_keep_their_types() {
    let spans =
        capture(|| types(u64::MAX, -1, 0.5, true, Some("x"), None, &["p", "q"], vec![1, 2]));

    let span = spans.one("types");
    assert_eq!(span.attribute("a"), Some(&"18446744073709551615".into()));
    assert_eq!(span.attribute("b"), Some(&Value::I64(-1)));
    assert_eq!(span.attribute("c"), Some(&Value::F64(0.5)));
    assert_eq!(span.attribute("d"), Some(&Value::Bool(true)));
    assert_eq!(span.attribute("e"), Some(&"x".into()));
    assert_eq!(span.attribute("f"), None);
    let strings = Array::String(vec!["p".into(), "q".into()]);
    assert_eq!(span.attribute("g"), Some(&Value::Array(strings)));
    assert_eq!(span.attribute("h"), Some(&Value::Array(Array::I64(vec![1, 2]))));
}

struct Customer {
    id: u64,
    email: &'static str,
}

fn never_asked() -> u64 {
    panic!("personal data is not even evaluated")
}

#[traced(
    skip_pii,
    attrs(
        customer.id,
        customer.email,
        contact = %customer.email,
        phone = never_asked(),
        "x-api-key" = never_asked(),
        first_name = never_asked(),
        cart.cache_key = 1,
        customer_id = customer.id,
    )
)]
fn personal(customer: &Customer) {
    let _ = customer;
}

// smithy-lang/smithy-rs#1372: personal data leaks by default elsewhere.
#[test]
fn skip_pii_drops_what_is_personal_by_key_or_by_path() {
    let customer = Customer { id: 7, email: "a@example.org" };
    let spans = capture(|| personal(&customer));

    assert_eq!(spans.one("personal").keys(), ["customer.id", "cart.cache_key", "customer_id"]);
}

struct File {
    name: &'static str,
}

impl Customer {
    fn name(&self) -> &'static str {
        panic!("personal data of {} is not even evaluated", self.id)
    }

    fn emails(&self) -> [&'static str; 1] {
        [self.email]
    }
}

#[traced(
    skip_pii,
    attrs(
        file = file.name,
        contact = customer.name(),
        to = customer.emails()[0],
        domain = customer.emails()[0].trim(),
        cards = cards.len(),
        has_card = !cards.is_empty(),
        port,
        latency,
        ip,
        login,
    )
)]
fn look_alikes(
    file: &File,
    customer: &Customer,
    cards: &[u8],
    port: u16,
    latency: u64,
    ip: &str,
    login: &str,
) {
    let _ = (file, customer, cards, port, latency, ip, login);
}

#[test]
fn skip_pii_goes_by_all_that_is_written_of_a_value_and_keeps_look_alikes() {
    let customer = Customer { id: 7, email: "a@example.org" };
    let file = File { name: "cart.csv" };
    let spans = capture(|| look_alikes(&file, &customer, &[1, 2], 80, 9, "::1", "ada"));

    assert_eq!(spans.one("look_alikes").keys(), ["file", "port", "latency"]);
}

struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("so far")?;
        panic!("a bug in Display")
    }
}

struct Failing;

impl fmt::Display for Failing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[traced(attrs(broken = %broken, failing = %failing))]
fn shows(broken: &Broken, failing: &Failing) -> u8 {
    let _ = (broken, failing);
    1
}

#[test]
fn a_display_that_panics_or_fails_does_not_reach_the_host() {
    let spans = capture(|| assert_eq!(shows(&Broken, &Failing), 1));

    let span = spans.one("shows");
    assert_eq!(span.attribute("broken"), Some(&"so far<formatting failed>".into()));
    assert_eq!(span.attribute("failing"), Some(&"<formatting failed>".into()));
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
    assert_eq!(span.text("value").as_deref(), Some("3"));
    assert_eq!(span.text("part").as_deref(), Some("true"));
    assert!(span.attribute("error.type").is_some(), "a `$ret:ty` is a `Result` too");
}

#[traced(attrs(prefix = %key[..3], rest = ?key[3..], boxed = %*boxed))]
fn sliced(key: &str, boxed: Box<str>) -> usize {
    key.len() + boxed.len()
}

#[test]
fn a_text_is_recorded_whatever_it_is_a_part_of() {
    let spans = capture(|| assert_eq!(sliced("abcd", "x".into()), 5));

    let span = spans.one("sliced");
    assert_eq!(span.text("prefix").as_deref(), Some("abc"));
    assert_eq!(span.text("rest").as_deref(), Some("\"d\""));
    assert_eq!(span.text("boxed").as_deref(), Some("x"));
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
    assert_eq!(span.text("before").as_deref(), Some("0"));
    assert_eq!(span.text("after").as_deref(), Some("0"));
}
