use std::time::Duration;

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Array, Context, Key, KeyValue, Value};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use super::super::clock::tests::Simulated;
use super::super::composite::{
    AlwaysOff, AlwaysOn, ComposableSampler, CompositeSampler, Probability,
};
use super::super::rate_limiting::RateLimiting;
use super::super::reads::AttributesRead;
use super::*;

/// A span that a rule is tried on.
#[derive(Clone)]
struct Span {
    name: &'static str,
    kind: SpanKind,
    parent: ParentKind,
    attributes: Vec<KeyValue>,
}

fn span() -> Span {
    Span { name: "GET", kind: SpanKind::Server, parent: ParentKind::None, attributes: Vec::new() }
}

impl Span {
    fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push(KeyValue::new(key, value));
        self
    }

    fn below(self, parent: ParentKind) -> Self {
        Span { parent, ..self }
    }

    fn is_kept_by(&self, sampler: &RuleBased) -> bool {
        let parent = |is_remote| {
            let (trace, span) = (TraceId::from(1), SpanId::from(2));
            let flags = TraceFlags::SAMPLED;
            let parent = SpanContext::new(trace, span, flags, is_remote, TraceState::NONE);
            Context::new().with_remote_span_context(parent)
        };
        let parent = match self.parent {
            ParentKind::None => None,
            ParentKind::Local => Some(parent(false)),
            ParentKind::Remote => Some(parent(true)),
        };
        let Span { name, kind, attributes, .. } = self;
        let sampler = CompositeSampler::new(sampler.clone());
        let id = TraceId::from(1);
        let told = sampler.should_sample(parent.as_ref(), id, name, kind, attributes, &[]);
        told.decision == SamplingDecision::RecordAndSample
    }
}

fn rules(rules: impl IntoIterator<Item = Rule>) -> RuleBased {
    RuleBased::new(rules).expect("valid")
}

fn keep() -> Rule {
    Rule::new(AlwaysOn)
}

fn drop() -> Rule {
    Rule::new(AlwaysOff)
}

/// The field and the message of what is refused.
fn refused(rules: impl IntoIterator<Item = Rule>) -> (String, String) {
    let error = RuleBased::new(rules).expect_err("refused");
    (error.field().to_owned(), error.to_string())
}

#[test]
fn the_first_rule_decides_that_a_span_meets_and_without_one_it_is_not_sampled() {
    let sampler = rules([
        keep().span_name("GET /healthz").kind(SpanKind::Client),
        drop().span_names(["GET /healthz", "GET /ready?"]),
        keep().span_name("GET *"),
    ]);
    let named = |name| Span { name, ..span() };
    assert!(named("GET /orders").is_kept_by(&sampler));
    assert!(!named("GET /healthz").is_kept_by(&sampler));
    assert!(!named("GET /ready1").is_kept_by(&sampler));
    assert!(named("GET /ready").is_kept_by(&sampler));
    assert!(!named("POST /orders").is_kept_by(&sampler));
    assert!(Span { kind: SpanKind::Client, ..named("GET /healthz") }.is_kept_by(&sampler));
}

#[test]
fn all_conditions_of_a_rule_hold_for_one_and_the_same_span() {
    let sampler = rules([drop().attribute("url.path", "/health").parent(ParentKind::None), keep()]);

    let root = span().with("url.path", "/orders");
    let client = Span { kind: SpanKind::Client, ..span() }.with("url.path", "/health");
    assert!(root.is_kept_by(&sampler));
    assert!(client.clone().below(ParentKind::Local).is_kept_by(&sampler));
    assert!(client.clone().below(ParentKind::Remote).is_kept_by(&sampler));
    assert!(!client.is_kept_by(&sampler));
}

#[test]
fn a_parent_is_none_local_or_remote() {
    let all = [ParentKind::None, ParentKind::Local, ParentKind::Remote];
    for wanted in all {
        let sampler = rules([keep().parent(wanted)]);
        for parent in all {
            assert_eq!(span().below(parent).is_kept_by(&sampler), parent == wanted);
        }
    }
    let sampler = rules([keep().parents([ParentKind::None, ParentKind::Remote])]);
    assert!(!span().below(ParentKind::Local).is_kept_by(&sampler));
}

#[test]
fn values_are_compared_by_their_string_form_and_of_an_array_one_is_enough() {
    let is = |rule: &Value, value: &Value| {
        span().with("n", value.clone()).is_kept_by(&rules([keep().attribute("n", rule.clone())]))
    };
    let strings = |of: [&'static str; 2]| {
        Value::Array(Array::String(of.into_iter().map(Into::into).collect()))
    };
    for (rule, value) in [
        (Value::from("8080"), Value::from(8080)),
        (Value::from(8080), Value::from("8080")),
        (Value::from(-7), Value::from(-7)),
        (Value::from(true), Value::from("true")),
        (Value::from("false"), Value::from(false)),
        (Value::from(0.5), Value::from("0.5")),
        (Value::from("b"), strings(["a", "b"])),
        (Value::from("2"), Value::Array(Array::I64(vec![1, 2]))),
        (Value::from("true"), Value::Array(Array::Bool(vec![false, true]))),
        (Value::from("1.5"), Value::Array(Array::F64(vec![1.5]))),
    ] {
        assert!(is(&rule, &value), "{rule:?} {value:?}");
    }
    for (rule, value) in [
        (Value::from("08080"), Value::from(8080)),
        (Value::from("8080"), Value::from(8081)),
        (Value::from("a"), Value::from("A")),
        (Value::from("c"), strings(["a", "b"])),
        (Value::from("a,b"), strings(["a", "b"])),
    ] {
        assert!(!is(&rule, &value), "{rule:?} {value:?}");
    }
    assert!(!span().is_kept_by(&rules([keep().attribute("n", "")])), "it is not there");
    let twice = span().with("n", 1).with("n", 2);
    assert!(twice.is_kept_by(&rules([keep().attribute("n", 2)])), "the last one holds");
    assert!(!twice.is_kept_by(&rules([keep().attribute("n", 1)])));
}

#[test]
fn patterns_include_and_exclude() {
    let sampler =
        rules([keep().attribute_patterns("url.path", ["/api/*", "/v?"], ["*/admin", "*.js"])]);
    let at = |path: &'static str| span().with("url.path", path).is_kept_by(&sampler);
    assert!(at("/api/x") && at("/v1"));
    assert!(!at("/api/admin") && !at("/api/x.js") && !at("/v10") && !at("/"));
    assert!(!span().is_kept_by(&sampler));

    let sampler = rules([keep().attribute_patterns("status", [""; 0], ["4??"])]);
    assert!(span().with("status", 200).is_kept_by(&sampler));
    assert!(!span().with("status", 404).is_kept_by(&sampler));
}

#[test]
fn a_route_is_a_pattern_of_its_attribute() {
    let sampler = rules([drop().route("/internal/*"), keep().route("/orders/{id}")]);
    let at = |route: &'static str| span().with("http.route", route).is_kept_by(&sampler);
    assert!(at("/orders/{id}"));
    assert!(!at("/orders/7") && !at("/internal/x"));
    let keys = AttributesRead::Keys(vec![Key::from("http.route")]);
    assert_eq!(sampler.attributes_read(), keys);
}

#[test]
fn two_rules_with_the_same_limit_have_a_state_each() {
    let time = Simulated::default();
    let limit = || RateLimiting::new(1.0).expect("in range").with_clock(time.clock());
    let sampler = rules([Rule::new(limit()).route("/a"), Rule::new(limit()).route("/b")]);
    let kept = |route: &'static str| {
        let span = span().with("http.route", route);
        (0..10).filter(|_| span.is_kept_by(&sampler)).count()
    };
    assert_eq!((kept("/a"), kept("/b")), (1, 1));
    time.pass(Duration::from_secs(1));
    assert_eq!((kept("/b"), kept("/a")), (1, 1));
}

#[test]
fn rules_say_what_they_read_and_what_they_are_made_of() {
    let tenth = || Probability::new(0.1).expect("in range");
    let sampler = rules([
        drop().route("/healthz").name("probes"),
        Rule::new(rules([keep().attribute("a", 1), keep().route("/x")])).kind(SpanKind::Server),
        Rule::new(tenth()),
    ]);
    let keys = ["http.route", "a"].map(Key::from).to_vec();
    assert_eq!(sampler.attributes_read(), AttributesRead::Keys(keys));
    let told = "RuleBased{probes: AlwaysOff, RuleBased{AlwaysOn, AlwaysOn}, Probability{0.1}}";
    assert_eq!(sampler.description(), told);
    let by_name = rules([keep().span_name("a")]);
    let only_name = AttributesRead::Keys(Vec::new());
    assert_eq!(by_name.attributes_read(), only_name, "a call may compute its name");
}

#[test]
fn an_empty_rule_is_refused_by_its_field() {
    let none = [""; 0];
    for (rule, field) in [
        (keep().span_names(none), "rules[0].span_names"),
        (keep().span_name(""), "rules[0].span_names[0]"),
        (keep().kinds([]), "rules[0].kinds"),
        (keep().parents([]), "rules[0].parents"),
        (keep().attribute("", 1), "rules[0].attribute.key"),
        (keep().attribute_values("a", none), "rules[0].attribute_values.a"),
        (keep().attribute_patterns("a", none, none), "rules[0].attribute_patterns.a"),
        (
            keep().attribute_patterns("a", ["x", ""], none),
            "rules[0].attribute_patterns.a.included[1]",
        ),
        (keep().attribute_patterns("a", none, [""]), "rules[0].attribute_patterns.a.excluded[0]"),
    ] {
        assert_eq!(refused([rule]).0, field);
    }
    let (field, message) = refused([]);
    assert_eq!(field, "rules");
    assert_eq!(message, "rules is empty: write at least one, or leave the condition out");
}

#[test]
fn a_rule_that_no_span_can_meet_is_refused() {
    for (rule, field) in [
        (keep().attribute_patterns("a", ["x*"], ["x*"]), "rules[0].attribute_patterns.a.excluded"),
        (keep().attribute_patterns("a", ["xy"], ["x*"]), "rules[0].attribute_patterns.a.excluded"),
        (keep().attribute_patterns("a", [""; 0], ["*"]), "rules[0].attribute_patterns.a.excluded"),
        (keep().attribute("a", 1).attribute("a", 2), "rules[0].attribute_values.a"),
        (keep().attribute("http.route", "/a").route("/b*"), "rules[0].attribute_values.http.route"),
        (keep().route("/b*").attribute("http.route", "/a"), "rules[0].attribute_values.http.route"),
    ] {
        assert_eq!(refused([rule]).0, field);
    }
    rules([keep().attribute("http.route", "/a").route("/?")]);
    rules([keep().attribute_values("a", [1, 2]).attribute_values("a", [2, 3])]);
}

#[test]
fn a_rule_that_never_gets_its_turn_is_refused() {
    let (field, message) = refused([drop().route("/x"), keep(), drop().route("/y")]);
    assert_eq!(field, "rules[2]");
    assert!(message.contains("rules[1] decides about every span"), "{message}");
    assert_eq!(refused([keep().span_name("*"), drop()]).0, "rules[1]");
    assert_eq!(refused([keep().route("/x"), drop().route("/x")]).0, "rules[1]");
}
