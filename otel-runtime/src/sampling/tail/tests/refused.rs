use std::time::Duration;

use opentelemetry::trace::SpanKind;

use super::super::super::rules::ParentKind;
use super::super::*;
use super::{milliseconds, policy};

/// The field and the message of what is refused.
fn refused(builder: TailPolicyBuilder) -> (String, String) {
    let error = builder.build().expect_err("refused");
    (error.field().to_owned(), error.to_string())
}

#[test]
fn a_mistake_is_told_with_the_field_it_is_in() {
    let none = [""; 0];
    let span = |condition: SpanCondition| TailPolicy::builder().keep_if(condition);
    let trace = |condition: TraceCondition| TailPolicy::builder().keep_if(condition);
    let rule = |rule: TailRule| TailPolicy::builder().keep(rule);
    let a_in = SpanCondition::attribute_in;
    let question_marks = format!("*{}*", "?".repeat(65));
    let many = (0..65).fold(TailPolicy::builder(), |builder, at| {
        builder.keep_if(SpanCondition::names([at.to_string()]))
    });
    let mut deep = SpanCondition::error();
    for _ in 0..20 {
        deep = SpanCondition::not(deep);
    }
    for (builder, field) in [
        (TailPolicy::builder(), "keep"),
        (TailPolicy::builder().drop_if(SpanCondition::error()), "keep"),
        (rule(TailRule::rest().ratio(0.0)), "keep"),
        (many, "keep"),
        (span(SpanCondition::slower_than(Duration::ZERO)), "keep[0].slower"),
        (span(SpanCondition::names(none)), "keep[0].name"),
        (span(SpanCondition::names(["a", ""])), "keep[0].name[1]"),
        (span(SpanCondition::kinds([])), "keep[0].kind"),
        (span(SpanCondition::parents([])), "keep[0].parent"),
        (span(SpanCondition::attribute("", 1)), "keep[0].attribute"),
        (span(SpanCondition::attribute_values("a", none)), "keep[0].a"),
        (span(SpanCondition::attribute_patterns("a", none, none)), "keep[0].a"),
        (span(SpanCondition::attribute_patterns("a", none, ["*"])), "keep[0].a.excluded"),
        (span(SpanCondition::attribute_patterns("a", ["xy"], ["x*"])), "keep[0].a.excluded"),
        (span(SpanCondition::names([question_marks])), "keep[0].name[0]"),
        (span(a_in("a".to_owned(), 2.0..1.0)), "keep[0].a"),
        (span(SpanCondition::attribute_in("a", 1.0..1.0)), "keep[0].a"),
        (span(SpanCondition::attribute_in("a", ..)), "keep[0].a"),
        (span(SpanCondition::attribute_in("a", f64::NAN..)), "keep[0].a"),
        (span(SpanCondition::all_of([])), "keep[0].all"),
        (span(deep), "keep[0].not.not.not.not.not.not.not.not.not.not.not.not.not.not.not.not"),
        (trace(TraceCondition::spans_at_least(0)), "keep[0].spans"),
        (trace(TraceCondition::spans_between(3, 2)), "keep[0].spans"),
        (trace(TraceCondition::lasts_longer_than(Duration::ZERO)), "keep[0].lasts"),
        (trace(TraceCondition::lasts_longer_than(Duration::from_micros(1500))), "keep[0].lasts"),
        (trace(TraceCondition::lasts_between(milliseconds(2), milliseconds(2))), "keep[0].lasts"),
        (rule(TailRule::rest().ratio(1.5)), "keep[0].ratio"),
        (rule(TailRule::rest().ratio(f64::NAN)), "keep[0].ratio"),
        (rule(TailRule::rest().spans_per_second(0.0)), "keep[0].rate"),
        (rule(TailRule::rest().bytes_per_second(-1.0)), "keep[0].bytes"),
        (
            rule(TailRule::rest().spans_per_second(RateLimit::per_second(1.0).burst(0.0))),
            "keep[0].rate.burst",
        ),
        (rule(TailRule::rest().name("")), "keep[0].name"),
        (rule(TailRule::rest().name("a b")), "keep[0].name"),
        (rule(TailRule::rest().name("limited")), "keep[0].name"),
        (
            rule(TailRule::rest()).drop_rule(TailRule::of(SpanCondition::error()).ratio(0.5)),
            "drop[0]",
        ),
    ] {
        assert_eq!(refused(builder).0, field);
    }
    let message = refused(TailPolicy::builder().drop_if(SpanCondition::error())).1;
    assert_eq!(
        message,
        "keep is empty: nothing would ever be kept: write what is, such as error or ratio=0.1"
    );
}

#[test]
fn conditions_that_contradict_each_other_are_refused() {
    let slower = |ms| SpanCondition::slower_than(milliseconds(ms));
    let not = SpanCondition::not;
    let a = |value: i64| SpanCondition::attribute("a", value);
    let spans =
        |conditions: [SpanCondition; 2]| TraceCondition::from(SpanCondition::all_of(conditions));
    for contradiction in [
        spans([SpanCondition::error(), not(SpanCondition::error())]),
        spans([slower(5000), not(slower(1000))]),
        spans([not(slower(1000)), slower(1000)]),
        spans([SpanCondition::kinds([SpanKind::Client]), SpanCondition::kinds([SpanKind::Server])]),
        spans([SpanCondition::root(), SpanCondition::parents([ParentKind::Local])]),
        spans([a(1), a(2)]),
        spans([a(1), SpanCondition::attribute_in("a", 2.0..)]),
        spans([a(1), SpanCondition::attribute_patterns("a", ["2*"], [""; 0])]),
        spans([SpanCondition::attribute_patterns("a", [""; 0], ["1*"]), a(12)]),
        spans([SpanCondition::names(["GET"]), SpanCondition::names(["POST", "P*"])]),
        spans([SpanCondition::route("/a"), SpanCondition::route("/b*")]),
        spans([SpanCondition::attribute_in("a", ..2.0), SpanCondition::attribute_in("a", 2.0..)]),
        TraceCondition::all_of([slower(5000).into(), TraceCondition::no_span(slower(1000))]),
        TraceCondition::all_of([
            TraceCondition::spans_between(1, 2),
            TraceCondition::spans_at_least(3),
        ]),
        TraceCondition::all_of([
            TraceCondition::lasts_longer_than(milliseconds(20)),
            TraceCondition::not(TraceCondition::lasts_longer_than(milliseconds(10))),
        ]),
    ] {
        let text = contradiction.to_string();
        let (field, message) = refused(TailPolicy::builder().keep_if(contradiction));
        assert_eq!(field, "keep[0].all[1]", "{text}");
        assert!(message.contains("no trace meets both this and keep[0].all[0]"), "{message}");
    }
    for possible in [
        spans([slower(1000), not(slower(5000))]),
        spans([a(1), SpanCondition::attribute("b", 2)]),
        spans([a(12), SpanCondition::attribute_patterns("a", ["1*"], ["2*"])]),
        spans([SpanCondition::names(["G*"]), SpanCondition::names(["*T"])]),
        TraceCondition::all_of([slower(1000).into(), TraceCondition::no_span(slower(5000))]),
        TraceCondition::all_of([a(1).into(), a(2).into()]),
    ] {
        policy([TailRule::of(possible)]);
    }
}

#[test]
fn a_rule_that_never_gets_its_turn_is_refused() {
    let slower = |ms| SpanCondition::slower_than(milliseconds(ms));
    let builder = TailPolicy::builder;
    for (policy, field, told) in [
        (builder().keep_if(slower(250)).keep_if(slower(500)), "keep[1]", "keep[0] decides"),
        (builder().keep(TailRule::rest()).keep_if(SpanCondition::error()), "keep[1]", "keep[0]"),
        (
            builder().drop_if(SpanCondition::error()).keep_if(SpanCondition::error()),
            "keep[0]",
            "drop[0] decides",
        ),
        (
            builder()
                .drop_if(slower(100))
                .drop_if(SpanCondition::all_of([slower(200), SpanCondition::root()]))
                .keep(TailRule::rest()),
            "drop[1]",
            "drop[0] decides",
        ),
    ] {
        let (at, message) = refused(policy);
        assert_eq!(at, field);
        assert!(message.contains(told), "{message}");
    }
    let ratio = |ratio| TailRule::rest().ratio(ratio);
    for (first, second) in [
        (ratio(0.1), ratio(0.1)),
        (ratio(0.1), ratio(0.05)),
        (ratio(1.0), TailRule::of(SpanCondition::error())),
        (ratio(0.1), TailRule::of(SpanCondition::error()).ratio(0.1)),
    ] {
        assert_eq!(refused(builder().keep(first).keep(second)).0, "keep[1]");
    }
    policy([ratio(0.05), ratio(0.1)]);
    policy([ratio(0.1), TailRule::of(SpanCondition::error())]);
    policy([
        TailRule::of(slower(500)),
        TailRule::of(slower(250)).ratio(0.5),
        TailRule::rest().ratio(0.1),
    ]);
}

#[test]
fn every_reason_has_a_name_of_its_own_without_any_value() {
    let policy = TailPolicy::builder()
        .drop_if(SpanCondition::route("/secret"))
        .keep_if(SpanCondition::error())
        .keep_if(SpanCondition::attribute("tenant", "ada@example.com"))
        .keep_if(SpanCondition::attribute("tenant", "bob@example.com"))
        .keep(TailRule::of(TraceCondition::spans_at_least(100)).bytes_per_second(1e6).name("big"))
        .keep(TailRule::rest().ratio(0.05))
        .build()
        .expect("valid");
    let expected = [
        "no_rule",
        "limited",
        "larger_than_burst",
        "drop_attribute",
        "error",
        "attribute",
        "attribute_2",
        "big",
        "ratio",
    ];
    assert_eq!(policy.reasons(), expected);
}
