use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SamplingDecision::{Drop, RecordAndSample, RecordOnly};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::super::parent_based::ParentBased;
use super::super::reads::AttributesRead;
use super::super::threshold::Threshold;
use super::*;

const KEPT: u128 = 0xf0_0000_0000_0000;
const REJECTED: u128 = 0x10_0000_0000_0000;

fn parent(trace: u128, flags: u8, members: &[(&str, &str)]) -> Context {
    let state = TraceState::from_key_value(members.iter().copied()).expect("valid");
    let (trace, span) = (TraceId::from(trace), SpanId::from(2));
    let parent = SpanContext::new(trace, span, TraceFlags::new(flags), true, state);
    Context::new().with_remote_span_context(parent)
}

fn ask(
    delegate: impl ComposableSampler + 'static,
    parent: Option<&Context>,
    trace: u128,
) -> SamplingResult {
    let id = TraceId::from(trace);
    CompositeSampler::new(delegate).should_sample(parent, id, "load", &SpanKind::Server, &[], &[])
}

/// The decision, and what the trace state says then.
fn told(
    delegate: impl ComposableSampler + 'static,
    parent: Option<&Context>,
    trace: u128,
) -> (SamplingDecision, String) {
    let result = ask(delegate, parent, trace);
    (result.decision, result.trace_state.header())
}

fn quarter() -> Probability {
    Probability::new(0.25).expect("in range")
}

/// Gives what it was made of.
#[derive(Clone, Debug)]
struct Answer(SamplingResult);

impl ShouldSample for Answer {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        self.0.clone()
    }
}

fn answer(decision: SamplingDecision, members: &[(&str, &str)]) -> Nested {
    Nested::new(Answer(SamplingResult {
        decision,
        attributes: vec![KeyValue::new("asked", true)],
        trace_state: TraceState::from_key_value(members.iter().copied()).expect("valid"),
    }))
}

#[test]
fn a_trace_that_begins_is_kept_by_the_low_bits_of_its_id_with_a_threshold() {
    assert_eq!(told(quarter(), None, KEPT), (RecordAndSample, "ot=th:c".to_owned()));
    assert_eq!(told(quarter(), None, REJECTED), (Drop, String::new()));
    let high_bits_do_not_count = 0xff << 56 | REJECTED;
    assert_eq!(told(quarter(), None, high_bits_do_not_count).0, Drop);
    assert_eq!(told(AlwaysOn, None, REJECTED), (RecordAndSample, "ot=th:0".to_owned()));
    assert_eq!(told(AlwaysOff, None, KEPT), (Drop, String::new()));
}

#[test]
fn explicit_randomness_beats_the_trace_id_and_stays() {
    let kept = [("ot", "rv:f0000000000000"), ("a", "1")];
    let parent_of_kept = parent(REJECTED, 0, &kept);
    assert_eq!(
        told(quarter(), Some(&parent_of_kept), REJECTED),
        (RecordAndSample, "ot=th:c;rv:f0000000000000,a=1".to_owned())
    );
    let rejected = [("ot", "rv:10000000000000"), ("a", "1")];
    let parent_of_rejected = parent(KEPT, 1, &rejected);
    assert_eq!(
        told(quarter(), Some(&parent_of_rejected), KEPT),
        (Drop, "ot=rv:10000000000000,a=1".to_owned())
    );
}

#[test]
fn a_program_chooses_the_random_bits_of_a_trace_that_begins() {
    let state = TraceState::from_key_value([("ot", "rv:f0000000000000")]).expect("valid");
    let invalid =
        SpanContext::new(TraceId::INVALID, SpanId::INVALID, TraceFlags::default(), false, state);
    let context = Context::new().with_remote_span_context(invalid);
    assert_eq!(
        told(ParentThreshold::new(quarter()), Some(&context), REJECTED),
        (RecordAndSample, "ot=th:c;rv:f0000000000000".to_owned())
    );
}

#[test]
fn a_child_has_its_parents_threshold_unless_the_sampled_flag_contradicts_it() {
    type Case<'a> = (u128, u8, &'a [(&'a str, &'a str)], SamplingDecision, &'a str);
    let cases: [Case<'_>; 8] = [
        (KEPT, 1, &[("ot", "th:8"), ("a", "1")], RecordAndSample, "ot=th:8,a=1"),
        (KEPT, 1, &[("a", "1")], RecordAndSample, "a=1"),
        (KEPT, 1, &[("ot", "th:zz"), ("a", "1")], RecordAndSample, "a=1"),
        (REJECTED, 1, &[("ot", "th:8"), ("a", "1")], RecordAndSample, "a=1"),
        (
            REJECTED,
            1,
            &[("ot", "th:8;rv:f0000000000000")],
            RecordAndSample,
            "ot=th:8;rv:f0000000000000",
        ),
        (REJECTED, 0, &[("ot", "th:8"), ("a", "1")], Drop, "a=1"),
        (KEPT, 0, &[("ot", "th:8"), ("a", "1")], Drop, "a=1"),
        (KEPT, 0, &[("a", "1")], Drop, "a=1"),
    ];
    for (trace, flags, members, decision, state) in cases {
        let parent = parent(trace, flags, members);
        let expected = (decision, state.to_owned());
        let followed = told(ParentThreshold::new(AlwaysOff), Some(&parent), trace);
        assert_eq!(followed, expected, "{members:?}");

        let parent_based = ParentBased::new(crate::Sampler::AlwaysOff);
        let id = TraceId::from(trace);
        let result =
            parent_based.should_sample(Some(&parent), id, "load", &SpanKind::Server, &[], &[]);
        assert_eq!((result.decision, result.trace_state.header()), expected, "{members:?}");
    }
}

#[test]
fn attributes_are_those_of_all_samplers_that_a_kept_span_went_through() {
    let attribute = |key| [KeyValue::new(key, 1)];
    let sampler =
        || Annotating::new(attribute("outer"), Annotating::new(attribute("inner"), quarter()));
    let keys = |result: SamplingResult| -> Vec<_> {
        result.attributes.into_iter().map(|it| it.key.to_string()).collect()
    };
    assert_eq!(keys(ask(sampler(), None, KEPT)), ["inner", "outer"]);
    assert_eq!(keys(ask(sampler(), None, REJECTED)), Vec::<String>::new());
    let nested = Annotating::new(attribute("outer"), answer(RecordOnly, &[]));
    assert_eq!(keys(ask(nested, None, KEPT)), ["asked", "outer"]);
}

#[test]
fn a_sampler_of_the_programs_has_its_decision_its_state_and_only_a_threshold_of_its_own() {
    let parent = parent(KEPT, 1, &[("ot", "th:8"), ("a", "1")]);
    let told = |decision, members: &[_]| told(answer(decision, members), Some(&parent), KEPT);

    let passed_on = [("ot", "th:8"), ("a", "1")];
    assert_eq!(told(RecordAndSample, &passed_on), (RecordAndSample, "a=1".to_owned()));
    let set = [("ot", "th:c"), ("b", "2")];
    assert_eq!(told(RecordAndSample, &set), (RecordAndSample, "ot=th:c,b=2".to_owned()));
    assert_eq!(told(RecordAndSample, &[("ot", "th:ff")]), (RecordAndSample, String::new()));
    assert_eq!(told(RecordOnly, &[("b", "2")]), (RecordOnly, "b=2".to_owned()));
    assert_eq!(told(Drop, &set), (Drop, "b=2".to_owned()));
}

#[test]
fn what_cannot_be_counted_is_kept_by_a_number_of_its_own() {
    /// Half of the spans, for a reason that nobody knows.
    #[derive(Debug)]
    struct Half;

    impl ComposableSampler for Half {
        fn sampling_intent<'a>(&'a self, _: &Candidate<'_>) -> SamplingIntent<'a> {
            SamplingIntent::sample_uncounted(Threshold::of(0.5))
        }
    }

    let kept = (0..1_000).filter(|_| {
        let (decision, state) = told(Half, None, REJECTED);
        assert_eq!(state, "");
        decision == RecordAndSample
    });
    let kept = kept.count();
    assert!((400..600).contains(&kept), "{kept}");
}

#[test]
fn a_sampler_that_panics_samples_what_the_parent_sampled() {
    #[derive(Debug)]
    struct Panics;

    impl ComposableSampler for Panics {
        fn sampling_intent<'a>(&'a self, _: &Candidate<'_>) -> SamplingIntent<'a> {
            panic!("no idea")
        }
    }

    assert_eq!(told(Panics, None, KEPT), (Drop, String::new()));
    let sampled = parent(KEPT, 1, &[("a", "1")]);
    assert_eq!(told(Panics, Some(&sampled), KEPT), (RecordAndSample, "a=1".to_owned()));
}

#[test]
fn a_tree_reads_what_its_samplers_read_and_says_what_it_is_made_of() {
    let sampler = ParentThreshold::new(Annotating::new([KeyValue::new("by", "rule")], quarter()));
    assert_eq!(sampler.attributes_read(), AttributesRead::None);
    assert_eq!(sampler.description(), "ParentThreshold{root: Annotating{by: Probability{0.25}}}");
    assert!(sampler.follows_local_parent());
    assert_eq!(answer(Drop, &[]).attributes_read(), AttributesRead::Any);
}
