use std::time::Duration;

use opentelemetry::TraceId;
use opentelemetry::trace::SpanKind;

use super::super::rules::ParentKind;
use super::super::threshold::Threshold;
use super::*;

mod refused;
mod trial;

/// A span that has ended.
#[derive(Clone)]
struct Span {
    name: &'static str,
    kind: SpanKind,
    parent: ParentKind,
    is_error: bool,
    start: u64,
    end: u64,
    attributes: Vec<(&'static str, Vec<Single<'static>>)>,
}

const MILLISECOND: u64 = 1_000_000;

/// A root that took 10 ms.
fn root() -> Span {
    Span {
        name: "GET",
        kind: SpanKind::Server,
        parent: ParentKind::None,
        is_error: false,
        start: 1_000 * MILLISECOND,
        end: 1_010 * MILLISECOND,
        attributes: Vec::new(),
    }
}

fn child() -> Span {
    Span { parent: ParentKind::Local, kind: SpanKind::Internal, name: "work", ..root() }
}

impl Span {
    fn taking(self, nanoseconds: u64) -> Span {
        Span { end: self.start + nanoseconds, ..self }
    }

    fn failed(self) -> Span {
        Span { is_error: true, ..self }
    }

    fn with(mut self, key: &'static str, value: Single<'static>) -> Span {
        self.attributes.push((key, vec![value]));
        self
    }

    fn with_array(mut self, key: &'static str, values: &[Single<'static>]) -> Span {
        self.attributes.push((key, [values, values].concat()));
        self
    }
}

impl FinishedSpan for &Span {
    fn name(&self) -> &str {
        self.name
    }

    fn kind(&self) -> SpanKind {
        self.kind.clone()
    }

    fn parent(&self) -> ParentKind {
        self.parent
    }

    fn is_error(&self) -> bool {
        self.is_error
    }

    fn start(&self) -> u64 {
        self.start
    }

    fn end(&self) -> u64 {
        self.end
    }

    fn any_value(&self, key: &str, test: &mut dyn FnMut(AttributeValue<'_>) -> bool) -> bool {
        let last = self.attributes.iter().rfind(|(other, _)| *other == key);
        last.is_some_and(|(_, values)| match values.as_slice() {
            [value] => test(AttributeValue::Whole(*value)),
            values => values.iter().any(|value| test(AttributeValue::Element(*value))),
        })
    }
}

fn totals(spans: &[Span]) -> Totals {
    let spans = u64::try_from(spans.len()).expect("few");
    Totals { spans, bytes: 100 * spans, randomness: randomness(TraceId::from(1), "") }
}

fn policy(rules: impl IntoIterator<Item = TailRule>) -> TailPolicy {
    let builder = rules.into_iter().fold(TailPolicy::builder(), TailPolicyBuilder::keep);
    builder.build().expect("valid")
}

/// What becomes of a trace, and why.
fn decide(policy: &TailPolicy, spans: &[Span]) -> (bool, String) {
    decide_at(policy, spans, &totals(spans), Duration::ZERO)
}

fn decide_at(
    policy: &TailPolicy,
    spans: &[Span],
    totals: &Totals,
    now: Duration,
) -> (bool, String) {
    let (is_kept, reason) = match policy.decide(&spans.iter(), totals, now) {
        Decision::Keep { reason, .. } => (true, reason),
        Decision::Drop { reason } => (false, reason),
    };
    (is_kept, policy.reasons()[reason.index()].clone())
}

fn is_kept(condition: impl Into<TraceCondition>, spans: &[Span]) -> bool {
    decide(&policy([TailRule::of(condition)]), spans).0
}

fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[test]
fn every_error_is_kept_wherever_it_is_in_the_trace() {
    let error = SpanCondition::error;
    assert!(is_kept(error(), &[root(), child().failed()]));
    assert!(is_kept(error(), &[root().failed()]));
    assert!(!is_kept(error(), &[root(), child()]));
}

#[test]
fn slower_is_more_than_that_to_the_nanosecond_and_of_one_span() {
    let slower = || SpanCondition::slower_than(milliseconds(250));
    assert!(is_kept(slower(), &[root().taking(250_900_000)]));
    assert!(is_kept(slower(), &[root().taking(250 * MILLISECOND + 1)]));
    assert!(!is_kept(slower(), &[root().taking(250 * MILLISECOND)]));

    let only_a_child = [root(), child().taking(300 * MILLISECOND)];
    assert!(is_kept(slower(), &only_a_child));
    let of_root = || SpanCondition::all_of([SpanCondition::root(), slower()]);
    assert!(!is_kept(of_root(), &only_a_child));
    let remote = Span { parent: ParentKind::Remote, ..root() };
    assert!(is_kept(of_root(), &[remote.taking(300 * MILLISECOND)]), "the trace begins here");

    let mut apart = child().taking(200 * MILLISECOND);
    (apart.start, apart.end) = (apart.start + 500 * MILLISECOND, apart.end + 500 * MILLISECOND);
    let two = [root().taking(200 * MILLISECOND), apart];
    assert!(!is_kept(slower(), &two), "no span of them took so long");
    let lasts =
        |least, most| TraceCondition::lasts_between(milliseconds(least), milliseconds(most));
    assert!(is_kept(TraceCondition::lasts_longer_than(milliseconds(250)), &two));
    assert!(is_kept(lasts(699, 700), &two) && !is_kept(lasts(700, 800), &two));
}

#[test]
fn a_clock_that_was_set_back_makes_nothing_slow() {
    let span = Span { start: 2_000 * MILLISECOND, end: 1_000 * MILLISECOND, ..root() };
    assert!(!is_kept(SpanCondition::slower_than(milliseconds(1)), std::slice::from_ref(&span)));
    assert!(!is_kept(TraceCondition::lasts_longer_than(milliseconds(1)), &[span]));
}

#[test]
fn all_conditions_of_a_span_hold_for_one_and_the_same_span() {
    let health = SpanCondition::attribute("url.path", "/health");
    let without_parent = SpanCondition::parents([ParentKind::None]);
    let drop = SpanCondition::all_of([health.clone(), without_parent.clone()]);
    let policy = TailPolicy::builder().drop_if(drop).keep(TailRule::rest()).build().expect("valid");
    let path = |span: Span, path| span.with("url.path", Single::Text(path));

    let orders = [path(root(), "/orders"), path(child(), "/health")];
    assert_eq!(decide(&policy, &orders), (true, "rest".to_owned()));
    assert_eq!(decide(&policy, &[path(root(), "/health")]), (false, "drop_span".to_owned()));

    let of_the_trace = TraceCondition::all_of([health.into(), without_parent.into()]);
    assert!(is_kept(of_the_trace, &orders), "by different spans, where that is written");
}

#[test]
fn a_negation_is_about_one_span_or_about_all_of_the_trace() {
    let error = SpanCondition::error;
    let half = [root(), child().failed()];
    assert!(is_kept(SpanCondition::not(error()), &half), "some span is not an error");
    assert!(!is_kept(TraceCondition::no_span(error()), &half));
    assert!(is_kept(TraceCondition::no_span(error()), &[root(), child()]));
    assert!(!is_kept(TraceCondition::every_span(error()), &half));
    assert!(is_kept(TraceCondition::every_span(error()), &[root().failed()]));
    assert!(!is_kept(TraceCondition::not(error().into()), &half));

    let not_a = SpanCondition::attribute_patterns("tenant", [""; 0], ["a*"]);
    let tenant = |value| root().with("tenant", Single::Text(value));
    assert!(is_kept(not_a.clone(), &[tenant("b"), tenant("ab")]));
    assert!(!is_kept(not_a.clone(), &[tenant("ab")]));
    assert!(!is_kept(not_a, &[root()]), "it is not there");
}

#[test]
fn values_are_compared_as_what_they_are_and_of_an_array_one_element_is_enough() {
    let is = |wanted: &str, value| {
        let condition = SpanCondition::attribute("n", wanted.to_owned());
        is_kept(condition, &[root().with("n", value)])
    };
    for (wanted, value) in [
        ("500", Single::I64(500)),
        ("500", Single::Text("500")),
        ("500", Single::F64(500.0)),
        ("0.5", Single::F64(0.5)),
        ("true", Single::Bool(true)),
        ("true", Single::Text("true")),
    ] {
        assert!(is(wanted, value), "{wanted} {value:?}");
    }
    for (wanted, value) in [
        ("0500", Single::I64(500)),
        ("501", Single::I64(500)),
        ("1", Single::Bool(true)),
        ("True", Single::Bool(true)),
        ("500.0", Single::I64(500)),
        ("NaN", Single::F64(f64::NAN)),
    ] {
        assert!(!is(wanted, value), "{wanted} {value:?}");
    }
    let array = [root().with_array("n", &[Single::I64(1), Single::Text("b")])];
    assert!(is_kept(SpanCondition::attribute("n", "b"), &array));
    assert!(!is_kept(SpanCondition::attribute_in("n", 1.0..2.0), &array), "an array is no number");
    let pattern = SpanCondition::attribute_patterns("n", ["*"], [""; 0]);
    assert!(!is_kept(pattern, &array), "an array matches no pattern");

    let twice = [root().with("n", Single::I64(1)).with("n", Single::I64(2))];
    assert!(is_kept(SpanCondition::attribute("n", 2), &twice), "the last one holds");
    assert!(!is_kept(SpanCondition::attribute("n", 1), &twice));
}

#[test]
fn numbers_have_ranges_and_texts_have_patterns() {
    let status = |code| [root().with("http.response.status_code", Single::I64(code))];
    let failed = || SpanCondition::attribute_in("http.response.status_code", 500.0..600.0);
    assert!(is_kept(failed(), &status(500)) && is_kept(failed(), &status(599)));
    assert!(!is_kept(failed(), &status(499)) && !is_kept(failed(), &status(600)));
    let text = [root().with("http.response.status_code", Single::Text("500"))];
    assert!(!is_kept(failed(), &text), "a text is no number");

    let pattern =
        || SpanCondition::attribute_patterns("http.response.status_code", ["4??"], ["404"]);
    assert!(is_kept(pattern(), &status(400)) && !is_kept(pattern(), &status(404)));
    let named = SpanCondition::names(["GET /a*", "work"]);
    assert!(is_kept(named.clone(), &[child()]) && !is_kept(named, &[root()]));
    let clients = SpanCondition::kinds([SpanKind::Client, SpanKind::Server]);
    assert!(is_kept(clients.clone(), &[root()]) && !is_kept(clients, &[child()]));
}

#[test]
fn spans_are_counted() {
    let three = [root(), child(), child()];
    assert!(is_kept(TraceCondition::spans_at_least(3), &three));
    assert!(!is_kept(TraceCondition::spans_at_least(4), &three));
    assert!(is_kept(TraceCondition::spans_between(2, 3), &three));
    assert!(!is_kept(TraceCondition::spans_between(1, 2), &three));
}

#[test]
fn what_is_dropped_first_is_dropped_whatever_would_keep_it() {
    let probe = SpanCondition::route("/healthz");
    let probe_of_the_load_balancer = SpanCondition::all_of([SpanCondition::root(), probe]);
    let unless_it_fails = TraceCondition::all_of([
        probe_of_the_load_balancer.into(),
        TraceCondition::no_span(SpanCondition::error()),
    ]);
    let policy = TailPolicy::builder()
        .drop_if(unless_it_fails)
        .keep(TailRule::rest())
        .build()
        .expect("valid");
    let probe = root().with("http.route", Single::Text("/healthz"));
    assert_eq!(decide(&policy, std::slice::from_ref(&probe)), (false, "drop_all".to_owned()));
    assert_eq!(decide(&policy, &[probe, child().failed()]), (true, "rest".to_owned()));
}

#[test]
fn the_first_rule_that_takes_a_trace_gives_the_reason_and_what_becomes_of_its_threshold() {
    let policy = policy([
        TailRule::of(SpanCondition::error()),
        TailRule::of(SpanCondition::slower_than(milliseconds(250))).name("slow"),
        TailRule::of(SpanCondition::names(["work"])).spans_per_second(10.0),
        TailRule::rest().ratio(0.5),
    ]);
    let told = |spans: &[Span], id: u128| {
        let totals = Totals { randomness: randomness(TraceId::from(id), ""), ..totals(spans) };
        match policy.decide(&spans.iter(), &totals, Duration::ZERO) {
            Decision::Keep { reason, threshold } => {
                (policy.reasons()[reason.index()].clone(), Some(threshold))
            }
            Decision::Drop { reason } => (policy.reasons()[reason.index()].clone(), None),
        }
    };
    let half = Threshold::from_probability(0.5).expect("in range");
    let slow = root().taking(300 * MILLISECOND);
    let (low, high) = (1, 0x00ff_ffff_ffff_ffff);
    let kept = |reason: &str, change| (reason.to_owned(), Some(change));
    let as_it_was = ThresholdChange::AsItWas;
    assert_eq!(told(&[slow.clone().failed()], low), kept("error", as_it_was));
    assert_eq!(told(&[slow], low), kept("slow", as_it_was));
    assert_eq!(told(&[root(), child()], low), kept("name_rate", ThresholdChange::Removed));
    assert_eq!(told(&[root()], high), kept("ratio", ThresholdChange::Stricter(half)));
    assert_eq!(told(&[root()], low), ("limited".to_owned(), None));
}

#[test]
fn a_ratio_keeps_the_same_traces_in_every_service_and_less_is_a_part_of_more() {
    let ratios = [0.01, 0.1, 0.5, 1.0];
    let policies = ratios.map(|ratio| policy([TailRule::rest().ratio(ratio)]));
    let mut random = fastrand::Rng::with_seed(21);
    let mut counts = [0.0; 4];
    for _ in 0..50_000 {
        let randomness = randomness(TraceId::from(random.u128(..)), "");
        let totals = Totals { spans: 1, bytes: 1, randomness };
        let kept =
            policies.each_ref().map(|it| decide_at(it, &[root()], &totals, Duration::ZERO).0);
        assert!(kept.is_sorted(), "{kept:?}");
        for (count, kept) in counts.iter_mut().zip(kept) {
            *count += f64::from(u8::from(kept));
        }
    }
    for (count, ratio) in counts.into_iter().zip(ratios) {
        let deviation = (5e4 * ratio * (1.0 - ratio)).sqrt();
        assert!((count - 5e4 * ratio).abs() <= 3.0 * deviation, "{ratio}: {count}");
    }
    let by_state = randomness(TraceId::from(1), "ot=rv:ffffffffffffff");
    assert!(by_state > randomness(TraceId::from(1), ""), "rv comes before the id");
}

#[test]
fn after_a_quiet_time_a_trace_that_is_larger_than_the_burst_is_kept_at_a_debt() {
    for (rule, per_span) in [
        (TailRule::rest().spans_per_second(100.0), 1),
        (TailRule::rest().bytes_per_second(RateLimit::per_second(1e4).burst(2e4)), 100),
    ] {
        let policy = policy([rule]);
        let kept = |spans: u64, seconds: u64| {
            let totals = Totals { spans, bytes: per_span * spans, ..totals(&[]) };
            decide_at(&policy, &[root()], &totals, Duration::from_secs(seconds)).0
        };
        assert!(kept(1, 0));
        assert!(kept(500, 10), "the bucket is full");
        assert!(!kept(1, 11) && !kept(1, 12), "300 are owed");
        assert!(kept(1, 14), "they are paid off");
        assert!(!kept(500, 15), "the bucket is not full");
    }
}

#[test]
fn what_may_not_owe_is_refused_when_it_is_larger_than_the_burst_with_a_reason_of_its_own() {
    let limit = RateLimit::per_second(100.0).refuse_larger();
    let policy = policy([TailRule::rest().spans_per_second(limit)]);
    let told = |spans: u64, seconds: u64| {
        let totals = Totals { spans, ..totals(&[]) };
        decide_at(&policy, &[root()], &totals, Duration::from_secs(seconds))
    };
    assert_eq!(told(500, 10), (false, "larger_than_burst".to_owned()));
    assert_eq!(told(200, 20), (true, "rate".to_owned()));
    assert_eq!(told(200, 21), (false, "limited".to_owned()));
    assert_eq!(told(150, 20), (false, "limited".to_owned()), "time that goes back brings nothing");
    assert_eq!(told(200, 22), (true, "rate".to_owned()));
}

#[test]
fn two_rules_with_the_same_rate_have_a_bucket_each_and_a_clone_shares_them() {
    let rate = |name| {
        TailRule::of(SpanCondition::names([name]))
            .spans_per_second(RateLimit::per_second(1.0).burst(1.0))
    };
    let policy = policy([rate("GET"), rate("work")]);
    assert!(decide(&policy, &[root()]).0 && decide(&policy, &[child()]).0);
    assert!(!decide(&policy.clone(), &[root()]).0);
}

#[test]
fn the_threshold_of_a_kept_trace_is_the_stricter_one_or_none_or_that_of_the_head() {
    let half = Threshold::from_probability(0.5).expect("in range");
    let stricter = ThresholdChange::Stricter(half);
    let changed = |state: &str, change, implied| with_threshold(state, change, implied);
    assert_eq!(changed("ot=th:c;rv:ffffffffffffff,a=b", stricter, None), None);
    assert_eq!(changed("ot=th:4", stricter, None).as_deref(), Some("ot=th:8"));
    assert_eq!(changed("a=b", stricter, None), None, "for how many it stands is not known");
    let all = Some(Threshold::ALWAYS);
    assert_eq!(changed("a=b", stricter, all).as_deref(), Some("ot=th:8,a=b"));
    assert_eq!(changed("", stricter, all).as_deref(), Some("ot=th:8"));
    let removed = ThresholdChange::Removed;
    assert_eq!(changed("a=b,ot=th:4", removed, None).as_deref(), Some("a=b"));
    assert_eq!(
        changed("ot=rv:ffffffffffffff;th:4", removed, all).as_deref(),
        Some("ot=rv:ffffffffffffff")
    );
    assert_eq!(changed("a=b", removed, all), None);
    assert_eq!(changed("ot=th:4", ThresholdChange::AsItWas, all), None);
}
