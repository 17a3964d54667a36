//! What do the samplers of the first specification decide, where no parent does?

use opentelemetry::trace::{
    Link, SpanContext, SpanKind, SpanRef, TraceContextExt, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::head::{About, HeadSampler};
use super::ot::{self, Ot};
use super::parent_based::ParentBased;
use super::reads::AttributesRead;
use super::sampler::Sampler;
use super::threshold::{Threshold, low_bits};
use super::warnings;

/// They add nothing to a trace state, but a `th` in it that was another sampler's does not stay: it would say
/// what is not so of this decision.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standard {
    AlwaysOn,
    AlwaysOff,
    /// By the rule that is frozen until 2027: the low 63 bits but one of the trace id, as a number, are less
    /// than this share of them.
    TraceIdRatio(f64),
}

impl Standard {
    /// As the specification has it.
    pub(super) fn description(self) -> String {
        match self {
            Standard::AlwaysOn => "AlwaysOnSampler".to_owned(),
            Standard::AlwaysOff => "AlwaysOffSampler".to_owned(),
            Standard::TraceIdRatio(ratio) => format!("TraceIdRatioBased{{{ratio}}}"),
        }
    }
}

impl ShouldSample for Standard {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let span = parent.map(TraceContextExt::span);
        let parent = span.as_ref().map(SpanRef::span_context);
        let state = parent.map_or(&TraceState::NONE, |parent| parent.trace_state());
        let had = ot::read(state);
        let (is_sampled, threshold) = match self {
            Standard::AlwaysOn => (true, Some(Threshold::ALWAYS)),
            Standard::AlwaysOff => (false, None),
            Standard::TraceIdRatio(ratio) => {
                if parent.is_some_and(SpanContext::is_valid) {
                    warnings::ratio_as_child(had != Ot::default());
                }
                (is_kept(*ratio, trace_id), None)
            }
        };
        let trace_state = if had.threshold.is_some() {
            ot::with_threshold(state, threshold)
        } else {
            state.clone()
        };
        let decision =
            if is_sampled { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        SamplingResult { decision, attributes: Vec::new(), trace_state }
    }
}

/// "The exact algorithm was never specified": this is the SDK's, and stays it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2⁶³")]
pub(super) fn is_kept(ratio: f64, trace_id: TraceId) -> bool {
    ratio >= 1.0 || low_bits(trace_id) >> 1 < (ratio.max(0.0) * 2_f64.powi(63)) as u64
}

impl From<Sampler> for HeadSampler {
    fn from(sampler: Sampler) -> Self {
        let plain = |standard: Standard| {
            let about = About {
                follows_local_parent: false,
                reads: AttributesRead::None,
                description: standard.description(),
                standard: Some(sampler),
            };
            HeadSampler::new(about, standard)
        };
        let parent_based =
            |root: Sampler| HeadSampler::from(ParentBased::new(root)).known_as(sampler);
        match sampler {
            Sampler::AlwaysOn => plain(Standard::AlwaysOn),
            Sampler::AlwaysOff => plain(Standard::AlwaysOff),
            Sampler::TraceIdRatio(ratio) => plain(Standard::TraceIdRatio(ratio)),
            Sampler::ParentBasedAlwaysOn => parent_based(Sampler::AlwaysOn),
            Sampler::ParentBasedAlwaysOff => parent_based(Sampler::AlwaysOff),
            Sampler::ParentBasedTraceIdRatio(ratio) => parent_based(Sampler::TraceIdRatio(ratio)),
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags};
    use opentelemetry_sdk::trace as sdk;

    use super::*;
    use crate::sampling::Head;

    fn ask(sampler: &dyn ShouldSample, parent: Option<&Context>, id: TraceId) -> SamplingResult {
        sampler.should_sample(parent, id, "load", &SpanKind::Internal, &[], &[])
    }

    #[test]
    fn a_ratio_keeps_the_traces_that_the_sdk_of_today_keeps() {
        let mut random = fastrand::Rng::with_seed(20);
        for ratio in [0.0, 1e-9, 0.01, 0.1, 0.25, 0.5, 0.999, 1.0] {
            for _ in 0..10_000 {
                let id = TraceId::from(random.u128(..));
                let ours = ask(&Standard::TraceIdRatio(ratio), None, id);
                assert_eq!(ours, ask(&sdk::Sampler::TraceIdRatioBased(ratio), None, id), "{ratio}");
            }
        }
    }

    #[test]
    fn another_samplers_threshold_does_not_stand_for_this_decision() {
        let state = TraceState::from_key_value([("a", "1"), ("ot", "th:c;x:1")]).expect("valid");
        let (trace, span) = (TraceId::from(u128::MAX), SpanId::from(2));
        let parent = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state);
        let parent = Context::new().with_remote_span_context(parent);
        let state = |sampler| ask(&sampler, Some(&parent), trace).trace_state.header();

        assert_eq!(state(Standard::AlwaysOn), "ot=th:0;x:1,a=1");
        assert_eq!(state(Standard::AlwaysOff), "ot=x:1,a=1");
        assert_eq!(state(Standard::TraceIdRatio(0.5)), "ot=x:1,a=1");
    }

    fn follows(head: Head) -> bool {
        head.build().follows_local_parent
    }

    #[test]
    fn only_what_follows_its_parent_need_not_be_asked() {
        for sampler in [
            Sampler::ParentBasedAlwaysOn,
            Sampler::ParentBasedAlwaysOff,
            Sampler::ParentBasedTraceIdRatio(0.5),
        ] {
            assert!(follows(Head::Standard(sampler)), "{sampler:?}");
        }
        for sampler in [Sampler::AlwaysOn, Sampler::AlwaysOff, Sampler::TraceIdRatio(0.5)] {
            assert!(!follows(Head::Standard(sampler)), "{sampler:?}");
        }
        let parent_based = ParentBased::new(Sampler::AlwaysOn);
        let own = parent_based.clone().local_parent_not_sampled(Sampler::AlwaysOn);
        assert!(!follows(Head::Sampler(own.into())));
        let same = parent_based.local_parent_not_sampled(Sampler::AlwaysOff);
        assert!(follows(Head::Sampler(same.into())));
        assert!(!follows(Head::Custom(Box::new(ParentBased::new(Sampler::AlwaysOn)))));
    }
}
