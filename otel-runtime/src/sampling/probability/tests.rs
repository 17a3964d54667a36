use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags};

use super::super::sampler::Sampler;
use super::*;

const IDS: u32 = 1_000_000;

fn ids() -> impl Iterator<Item = TraceId> {
    let mut random = fastrand::Rng::with_seed(20);
    (0..IDS).map(move |_| TraceId::from(random.u128(1..)))
}

fn is_kept(sampler: &dyn ShouldSample, id: TraceId) -> bool {
    let result = sampler.should_sample(None, id, "load", &SpanKind::Internal, &[], &[]);
    result.decision == SamplingDecision::RecordAndSample
}

#[test]
fn a_million_traces_are_kept_within_three_standard_deviations() {
    for ratio in [0.001, 0.01, 0.1, 0.5, 0.9] {
        let by_probability = ProbabilitySampler::new(ratio).expect("in range");
        let by_ratio = HeadSampler::from(Sampler::TraceIdRatio(ratio));
        let samplers: [&dyn ShouldSample; 2] = [&by_probability, &by_ratio];
        for sampler in samplers {
            let kept = ids().filter(|id| is_kept(sampler, *id)).count();
            let kept = f64::from(u32::try_from(kept).expect("at most a million"));
            let deviation = (f64::from(IDS) * ratio * (1.0 - ratio)).sqrt();
            assert!((kept - f64::from(IDS) * ratio).abs() < 3.0 * deviation, "{sampler:?}: {kept}");
        }
    }
}

#[test]
fn a_trace_that_is_kept_at_one_percent_is_kept_at_ten() {
    let [one, ten] = [0.01, 0.1].map(|ratio| ProbabilitySampler::new(ratio).expect("in range"));
    let mut kept = 0;
    for id in ids().filter(|id| is_kept(&one, *id)) {
        assert!(is_kept(&ten, id), "{id}");
        kept += 1;
    }
    assert!(kept > 9_000);
}

#[test]
fn what_is_kept_says_for_how_many_it_stands_and_what_others_wrote_stays() {
    let sampler = ProbabilitySampler::new(0.25).expect("in range");
    let state = |parent: Option<&Context>, id: u128| {
        let id = TraceId::from(id);
        let result = sampler.should_sample(parent, id, "load", &SpanKind::Internal, &[], &[]);
        (result.decision, result.trace_state.header())
    };
    let (kept, dropped) = (0xf0_0000_0000_0000, 0x10_0000_0000_0000);
    assert_eq!(state(None, kept), (SamplingDecision::RecordAndSample, "ot=th:c".to_owned()));
    assert_eq!(state(None, dropped), (SamplingDecision::Drop, String::new()));

    let parent = |id: u128| {
        let state = TraceState::from_key_value([("a", "1"), ("ot", "th:8")]).expect("valid");
        let (trace, span) = (TraceId::from(id), SpanId::from(2));
        let parent = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state);
        Context::new().with_remote_span_context(parent)
    };
    assert_eq!(
        state(Some(&parent(kept)), kept),
        (SamplingDecision::RecordAndSample, "ot=th:c,a=1".to_owned())
    );
    let told = state(Some(&parent(dropped)), dropped);
    assert_eq!(told, (SamplingDecision::Drop, "a=1".to_owned()), "whatever the parent decided");
}
