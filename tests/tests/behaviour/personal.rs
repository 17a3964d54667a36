//! How are personal values recorded?

use std::borrow::Cow;

use opentelemetry_sdk::trace::SpanData;
use otel_runtime::privacy::{Class, Classified, HashKeys, Sensitive, set_hash_keys};
use otel_runtime::traced;
use otel_tests::capture::SpanExt;

use crate::{capture, capture_async};

const EMAIL: &str = "ada@example.com";

fn text(span: &SpanData, key: &str) -> String {
    span.text(key).expect(key)
}

fn keys() -> HashKeys {
    HashKeys::new("k1", &[7; 32]).expect("valid")
}

/// Once for all tests of the process.
fn with_keys() {
    let _ = set_hash_keys(keys());
}

#[traced(
    skip_pii,
    attrs(
        hash(email),
        card = mask(card),
        last = mask(card, 4),
        phone = truncate(phone, 3),
        ids = hash(ids),
        nobody = hash(nobody),
        number = mask(number, 2),
    )
)]
fn pay(email: &str, card: &str, phone: &str, ids: &[i64], nobody: Option<&str>, number: i64) {
    let _ = (email, card, phone, ids, nobody, number);
}

#[test]
fn a_safe_form_of_a_personal_value_is_recorded_under_skip_pii() {
    with_keys();
    let spans = capture(|| pay(EMAIL, "4111111111111234", "+49 30 901820", &[1, 2], None, 12_345));

    let span = spans.one("pay");
    assert_eq!(span.keys(), ["email", "card", "last", "phone", "ids", "number"]);
    assert_eq!(text(span, "email"), keys().hash("email", EMAIL));
    assert_eq!(text(span, "card"), "****");
    assert_eq!(text(span, "last"), "****1234");
    assert_eq!(text(span, "phone"), "+49");
    assert_eq!(text(span, "number"), "****45");
    let ids = text(span, "ids");
    assert!(
        ids.contains(&keys().hash("ids", "1")) && ids.contains(&keys().hash("ids", "2")),
        "{}",
        ids
    );
}

#[traced(attrs(hash(email), note = hash(email)))]
async fn invite(email: String, shown: usize) {
    let _ = (email, shown);
}

#[traced(attrs(part = truncate(email, shown)))]
async fn show(email: String, shown: usize) {
    let _ = email;
}

#[test]
fn equal_values_have_equal_hashes_under_one_key_only() {
    with_keys();
    let spans = capture_async(async {
        invite(EMAIL.to_owned(), 3).await;
        show(EMAIL.to_owned(), 3).await;
    });

    let span = spans.one("invite");
    assert_eq!(text(span, "email"), keys().hash("email", EMAIL));
    assert_ne!(text(span, "email"), text(span, "note"));
    assert_eq!(text(spans.one("show"), "part"), "ada");
}

struct Email(String);

impl Sensitive for Email {
    fn class(&self) -> Class {
        Class::Contact
    }

    fn exposed(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[traced(attrs(hash(email), mask(other), nobody = hash(nobody), shown = ?other))]
fn greet(email: &Email, other: &Classified<&str>, nobody: Option<Email>) {
    let _ = (email, other, nobody);
}

#[test]
fn a_sensitive_type_is_recorded_in_a_safe_form_and_its_debug_shows_its_class() {
    with_keys();
    let email = Email(EMAIL.to_owned());
    let other = Classified::new(Class::Contact, EMAIL);
    let spans = capture(|| greet(&email, &other, None));

    let span = spans.one("greet");
    assert_eq!(span.keys(), ["email", "other", "shown"]);
    assert_eq!(text(span, "email"), keys().hash("email", EMAIL));
    assert_eq!(text(span, "other"), "****");
    assert_eq!(text(span, "shown"), "[contact]");
}

#[traced(skip_pii, attrs(note, login, user.name = login), pii(note = address, login = public))]
fn said(note: &str, login: &str) {
    let _ = (note, login);
}

#[test]
fn what_is_said_by_hand_goes_over_what_a_name_says() {
    let spans = capture(|| said("12 Analytical St", "yes"));

    assert_eq!(spans.one("said").keys(), ["login", "user.name"]);
}

#[traced(skip_pii, attrs(..), pii(note = contact))]
fn all(order_id: u64, note: &str, email: &str) {
    let _ = (order_id, note, email);
}

#[test]
fn every_parameter_is_recorded_but_those_that_are_personal() {
    let spans = capture(|| all(7, "ring twice", EMAIL));

    assert_eq!(spans.one("all").keys(), ["order_id"]);
}

#[traced(annotate, skip_pii, attrs(hash(email), card = mask(card, 4), note), pii(note = address))]
fn annotated(email: &str, card: &str, note: &str) {
    let _ = (email, card, note);
}

#[traced]
fn caller() {
    annotated(EMAIL, "4111111111111234", "12 Analytical St");
}

#[test]
fn the_span_of_the_caller_gets_the_safe_form_by_annotate() {
    with_keys();
    let spans = capture(caller);

    let span = spans.one("caller");
    assert_eq!(span.keys(), ["email", "card"]);
    assert_eq!(text(span, "email"), keys().hash("email", EMAIL));
    assert_eq!(text(span, "card"), "****1234");
}

#[traced(scoped(tenant = hash(tenant), region = truncate(region, 2)))]
fn outer(tenant: &str, region: &str) {
    let _ = (tenant, region);
    inner();
}

#[traced]
fn inner() {}

#[test]
fn the_spans_of_a_scope_have_the_safe_form() {
    with_keys();
    let spans = capture(|| outer(EMAIL, "eu-west"));

    let hash = keys().hash("tenant", EMAIL);
    for name in ["outer", "inner"] {
        let span = spans.one(name);
        assert_eq!(text(span, "tenant"), hash);
        assert_eq!(text(span, "region"), "eu");
    }
}

mod own {
    pub(super) fn hash(text: &str) -> usize {
        text.len()
    }
}

#[traced(attrs(length = own::hash(text), double = hash(text).len()))]
fn functions(text: &str) {
    let _ = text;
}

fn hash(text: &str) -> String {
    text.repeat(2)
}

#[test]
fn a_function_of_ones_own_is_called_by_its_path() {
    let spans = capture(|| functions("abc"));

    let span = spans.one("functions");
    assert_eq!((text(span, "length"), text(span, "double")), ("3".to_owned(), "6".to_owned()));
}

#[traced(attrs(part = truncate(text, limit())))]
fn broken(text: &str) {
    let _ = text;
}

fn limit() -> usize {
    panic!("a bug in how much is shown")
}

#[test]
fn what_panics_in_a_form_does_not_reach_the_caller() {
    let spans = capture(|| broken("abc"));

    assert!(spans.one("broken").keys().is_empty());
}
