//! Is a sampler what its text says, and is a mistake told where it is?

use opentelemetry::Context;
use opentelemetry::KeyValue;
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use super::{Policy, build};
use crate::sampling::Ratio;

fn read(text: &str) -> Policy {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Texts, and how they are shown where that differs.
const TEXTS: [(&str, &str); 26] = [
    (
        "jaeger_remote",
        "jaeger_remote(endpoint=http://localhost:5778/sampling, interval=60s, initial=traceidratio 0.001)",
    ),
    (
        "parentbased_jaeger_remote(endpoint=https://h:1/, interval=5s, initial=rate 1)",
        "parent(jaeger_remote(endpoint=https://h:1/sampling, interval=5s, initial=rate 1))",
    ),
    ("always_on", ""),
    (" On ", "always_on"),
    ("off", "always_off"),
    ("ratio 0.25", "traceidratio 0.25"),
    ("parentbased_traceidratio 1", ""),
    ("parent(on)", "parentbased_always_on"),
    ("parent(off, remote_sampled=on)", "parentbased_always_off"),
    ("parent(ratio .5)", "parentbased_traceidratio 0.5"),
    ("probability 0.1", ""),
    ("parentbased_probability 0.1", "parent(probability 0.1)"),
    ("parent(rate 0.1)", ""),
    (
        "parent(on, remote_sampled=off, local_not_sampled=on)",
        "parent(always_on, remote_sampled=always_off, local_not_sampled=always_on)",
    ),
    ("throughput 100", ""),
    (
        "throughput 100 traces by route by name weight .5 interval 15s keys 100",
        "throughput 100 by http.route by name weight 0.5 interval 15s keys 100",
    ),
    ("throughput 2.5 spans interval 1500ms", ""),
    (
        "rules(route=/healthz|/ready? => off; else => on)",
        "rules(http.route=/healthz|/ready? => always_off; else => always_on)",
    ),
    (
        "rules( name=GET *, kind=server|consumer , parent=none|remote=>rate 10;else=>off; )",
        "rules(name=GET *, kind=server|consumer, parent=none|remote => rate 10; else => always_off)",
    ),
    (
        "rules(path=/a*, path!=/a/b|/a/c => off; else => on)",
        "rules(url.path=/a*, url.path!=/a/b|/a/c => always_off; else => always_on)",
    ),
    (
        "rules(user.tier!=free => on; else => parent(probability 0.01))",
        "rules(user.tier!=free => always_on; else => parent(probability 0.01))",
    ),
    (
        "rules(tenant.id==7|\"a*\" => on; else => off)",
        "rules(tenant.id==7|a* => always_on; else => always_off)",
    ),
    (
        "rules(\"route\"=1, \"a b\"=\"x, y\"|\"say \\\"z\\\"\" => on; else => off)",
        "rules(\"route\"=1, a b=\"x, y\"|\"say \\\"z\\\"\" => always_on; else => always_off)",
    ),
    (
        "rules(http.route=/users/:id => on; else => off)",
        "rules(http.route=/users/:id => always_on; else => always_off)",
    ),
    ("annotate(sampled.by=rules, team=a => parent(rate 5))", ""),
    (
        "always_record(parent(rules(method=GET => rate 1; method=HEAD => rate 1; else => off)))",
        "always_record(parent(rules(http.request.method=GET => rate 1; http.request.method=HEAD => rate 1; \
      else => always_off)))",
    ),
];

#[test]
fn what_is_shown_is_the_same_sampler_when_it_is_read() {
    for (text, shown) in TEXTS {
        let policy = read(text);
        let expected = if shown.is_empty() { text } else { shown };

        assert_eq!(policy.to_string(), expected);
        if text.contains("a b") {
            // A key with a blank is taken in quotes only.
            continue;
        }
        assert_eq!(read(&policy.to_string()), policy, "{text}");
        for ratio in [Ratio::TraceId, Ratio::Probability] {
            let (sampler, _) =
                build(&policy, ratio).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(sampler.description(), expected);
        }
    }
}

#[test]
fn a_mistake_is_told_at_its_place_with_what_to_write() {
    for (text, told) in [
        ("rat 10", "at character 1, there is no sampler rat: did you mean rate? Known are "),
        (
            "parent(probabilty 0.1)",
            "at character 8, there is no sampler probabilty: did you mean probability?",
        ),
        ("", "at character 1, write a sampler: known are always_off"),
        ("ratio", "at character 6, write a number from 0 to 1, such as 0.1"),
        ("ratio 1.5", "at character 7, write a number from 0 to 1"),
        ("probability NaN", "at character 13, write a number from 0 to 1"),
        ("probability -0.1", "at character 13, write a number from 0 to 1"),
        ("ratio 10%", "at character 7, write a number from 0 to 1"),
        ("rate 0", "at character 6, per_second is 0: "),
        ("rate -1", "at character 6, per_second is -1: "),
        ("rate inf", "at character 6, per_second is inf: "),
        ("throughput 0", "at character 12, per_second is 0: "),
        ("throughput 100 weight 2", "at character 23, weight is 2: "),
        ("throughput 100 keys 0", "at character 21, max_keys is 0: "),
        ("throughput 100 interval 1ms", "at character 25, interval is 1ms: "),
        ("throughput 100 keyz 7", "at character 16, throughput knows no keyz: did you mean keys?"),
        ("on off", "at character 4, this is left over"),
        ("parent(on", "at character 10, close the bracket"),
        ("parent on", "at character 8, write the sampler for traces that begin here in brackets"),
        ("parent(on, remote=off)", "at character 12, there is no kind of parent \"remote\""),
        (
            "parent(on, local_sampled=on, local_sampled=off)",
            "at character 30, local_sampled is given twice",
        ),
        ("parent(throughput 100)", "at character 8, throughput counts what continues, too"),
        ("rules()", "at character 6, say what becomes of all other spans"),
        ("rules(route=/a => off)", "at character 6, say what becomes of all other spans"),
        ("rules(else => on; route=/a => off)", "at character 19, nothing may follow behind else"),
        (
            "rules(route=/a => off; route=/a => on; else => on)",
            "at character 6, rules[1] is never reached",
        ),
        ("rules(route= => off; else => on)", "at character 14, write a value"),
        ("rules(=> off; else => on)", "at character 7, write a condition"),
        ("rules(route => off; else => on)", "at character 13, write = and a value behind route"),
        (
            "rules(kind=servr => off; else => on)",
            "at character 12, there is no kind servr: did you mean server?",
        ),
        ("rules(parent=root => off; else => on)", "at character 14, there is no parent root"),
        (
            "rules(kind!=server => off; else => on)",
            "at character 11, kind can be compared by = alone",
        ),
        ("rules(name=a, name=b => off; else => on)", "at character 15, name is given twice"),
        ("rules(path=a, path=b => off; else => on)", "at character 15, path is given twice"),
        (
            "rules(path!=* => off; else => on)",
            "at character 6, rules[0].attribute_patterns.url.path",
        ),
        ("rules(name=\"a => off; else => on)", "at character 12, close the quotes"),
        ("jaeger_remote(endpoint=localhost)", "at character 24, write a URL"),
        ("jaeger_remote(endpoint=http://u:p@h)", "at character 24, leave user and password out"),
        ("jaeger_remote(intervall=5s)", "at character 15, jaeger_remote knows no \"intervall\""),
        ("jaeger_remote(interval=1ms)", "at character 24, write a time from 100 ms to an hour"),
        ("annotate(=b => on)", "at character 10, write the key of an attribute"),
        ("annotate(a=b)", "at character 13, write => and the sampler"),
        (
            "rules(name=ü => of; else => on)",
            "at character 17, there is no sampler of: did you mean off?",
        ),
    ] {
        let error = text.parse::<Policy>().expect_err(text).to_string();
        assert!(error.starts_with(told), "{text}:\n{error}\n{told}");
    }
}

#[test]
fn no_text_is_too_deep_or_too_long_and_none_panics() {
    let deep = format!("{}on{}", "parent(".repeat(1000), ")".repeat(1000));
    assert!(deep.parse::<Policy>().expect_err("deep").to_string().contains("more than 16"));
    let long = format!("rules({}else => on)", "name=a => on; ".repeat(10_000));
    assert!(long.parse::<Policy>().expect_err("long").to_string().contains("too long"));

    let mut random = fastrand::Rng::with_seed(20);
    let pieces = [
        "rules(",
        "parent(",
        "annotate(",
        ")",
        ";",
        ",",
        "=>",
        "=",
        "==",
        "!=",
        "|",
        "\"",
        "\\",
        "on",
        "off",
        "rate 1",
        "ratio .5",
        "else",
        "kind",
        "server",
        "name",
        "a b",
        "ü",
        " ",
        "route",
        "/x*",
        "0",
        "throughput 5",
        " by ",
        " keys 7",
        "parent",
        "none",
    ];
    let mut taken = 0;
    for _ in 0..50_000 {
        let text: String =
            (0..random.usize(1..14)).map(|_| pieces[random.usize(..pieces.len())]).collect();
        if let Ok(policy) = text.parse::<Policy>() {
            taken += 1;
            assert_eq!(policy.to_string().parse().as_ref(), Ok(&policy), "{text}");
        }
    }
    assert!(taken > 100, "{taken}");
}

/// Whether a span of this kind, name and attributes is kept, as a root or under a parent.
fn is_kept(
    text: &str,
    kind: &SpanKind,
    name: &str,
    attributes: &[KeyValue],
    parent: Option<bool>,
) -> bool {
    let parent = parent.map(|is_sampled| {
        let flags = TraceFlags::default().with_sampled(is_sampled);
        let span =
            SpanContext::new(TraceId::from(7), SpanId::from(7), flags, true, TraceState::NONE);
        Context::new().with_remote_span_context(span)
    });
    let (sampler, _) = build(&read(text), Ratio::TraceId).expect(text);
    let told =
        sampler.should_sample(parent.as_ref(), TraceId::from(7), name, kind, attributes, &[]);
    told.decision == SamplingDecision::RecordAndSample
}

#[test]
fn rules_decide_about_roots_and_parents_about_the_rest() {
    let text = "parent(rules(route=/healthz => off; kind=server, name=GET * => on; else => off))";
    let route = |route: &'static str| [KeyValue::new("http.route", route)];
    let server = &SpanKind::Server;

    assert!(!is_kept(text, server, "GET /healthz", &route("/healthz"), None));
    assert!(is_kept(text, server, "GET /orders", &route("/orders"), None));
    assert!(!is_kept(text, server, "POST /orders", &route("/orders"), None));
    assert!(!is_kept(text, &SpanKind::Client, "GET /orders", &route("/orders"), None));
    assert!(is_kept(text, server, "GET /healthz", &route("/healthz"), Some(true)));
    assert!(!is_kept(text, server, "GET /orders", &route("/orders"), Some(false)));
}

#[test]
fn two_rules_with_the_same_rate_have_a_bucket_each() {
    let text =
        "rules(parent=none, route=/a => rate 1; parent=none, route=/b => rate 1; else => off)";
    let (sampler, _) = build(&read(text), Ratio::TraceId).expect(text);
    let kept = |route: &'static str| {
        let attributes = [KeyValue::new("http.route", route)];
        let told =
            sampler.should_sample(None, TraceId::from(7), "", &SpanKind::Server, &attributes, &[]);
        told.decision == SamplingDecision::RecordAndSample
    };

    assert!(kept("/a") && kept("/b"), "neither has used what is the other's");
}
