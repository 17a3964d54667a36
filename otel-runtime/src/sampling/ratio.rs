//! Which traces does a ratio keep?

use std::fmt;

use opentelemetry::trace::{TraceId, TraceState};

use super::head::HeadSampler;
use super::probability::ProbabilitySampler;
use super::sampler::Sampler;
use super::threshold::Threshold;
use super::{ot, standard};

/// Which traces a ratio keeps, that of a [`Sampler`](crate::Sampler) and the `sample` of a function. Services
/// that choose by the same rule agree: what is kept at a ratio is kept at every higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ratio {
    /// As `TraceIdRatioBased` does, by the low 63 bits of the trace id; `trace_id`, the default. The
    /// specification has deprecated it, and keeps it as it is until 2027.
    #[default]
    TraceId,
    /// As `ProbabilitySampler` does, by the random 56 bits of the trace id; `probability`. The trace state then
    /// says for how many traces a kept one stands (`ot=th:e666`), and Collectors go on from there.
    Probability,
}

/// As it is written in `OTEL_TRACED_RATIO`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ratio::TraceId => "trace_id",
            Ratio::Probability => "probability",
        })
    }
}

impl Ratio {
    /// The sampler that keeps this ratio of all traces, from 0 to 1.
    pub(crate) fn sampler(self, ratio: f64) -> HeadSampler {
        match (self, ProbabilitySampler::new(ratio)) {
            (Ratio::Probability, Ok(sampler)) => sampler.into(),
            // What is less than 2⁻⁵⁶.
            (Ratio::Probability, Err(_)) => Sampler::AlwaysOff.into(),
            (Ratio::TraceId, _) => Sampler::TraceIdRatio(ratio).into(),
        }
    }

    /// Whether this trace is in the `share`, which is from 0 to 1.
    pub(crate) fn keeps(self, trace: TraceId, share: f64) -> bool {
        match self {
            Ratio::TraceId => standard::is_kept(share, trace),
            Ratio::Probability => share > 0.0 && Threshold::of(share).keeps(trace.into()),
        }
    }

    /// The trace state of a kept trace, of which only this `share` of all traces was a candidate; `state` is
    /// what the sampler made of it. It says for how many traces a kept one stands.
    ///
    /// By probability, what passes both passes the higher threshold. `takes_all`: the sampler keeps
    /// whatever it is given, without saying so.
    pub(crate) fn counted(self, state: TraceState, share: f64, takes_all: bool) -> TraceState {
        let all = takes_all.then_some(Threshold::ALWAYS);
        match (self, ot::read(&state).threshold.or(all)) {
            (Ratio::Probability, Some(threshold)) if share < 1.0 => {
                ot::with_threshold(&state, Some(threshold.max(Threshold::of(share))))
            }
            _ => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::SpanKind;
    use opentelemetry_sdk::trace::{Sampler, SamplingDecision, ShouldSample};

    use super::*;

    const ALL: [Ratio; 2] = [Ratio::TraceId, Ratio::Probability];

    fn traces() -> impl Iterator<Item = TraceId> {
        let mut random = fastrand::Rng::with_seed(4815);
        std::iter::repeat_with(move || TraceId::from(random.u128(..))).take(100_000)
    }

    #[test]
    fn a_share_is_as_large_as_it_says_and_part_of_every_larger_one() {
        for by in ALL {
            for (share, larger) in [(0.01, 0.1), (0.1, 0.5), (0.5, 1.0)] {
                let kept: Vec<_> = traces().filter(|trace| by.keeps(*trace, share)).collect();

                let (mean, count) =
                    (share * 1e5, f64::from(u32::try_from(kept.len()).expect("few")));
                let deviation = (1e5 * share * (1.0 - share)).sqrt();
                assert!((count - mean).abs() < 3.0 * deviation, "{by:?} {share}: {count}");
                assert!(kept.iter().all(|trace| by.keeps(*trace, larger)), "{by:?} {share}");
            }
            assert!(traces().all(|trace| by.keeps(trace, 1.0) && !by.keeps(trace, 0.0)), "{by:?}");
            let highest = TraceId::from(u128::MAX);
            assert!(by.keeps(highest, 1.0) && !by.keeps(highest, 0.0), "{by:?}");
        }
    }

    #[test]
    fn of_a_share_and_a_sampler_the_smaller_says_for_how_many_a_trace_stands() {
        let state = |list: &str| TraceState::from_key_value([("ot", list)]).expect("valid");
        let counted = |by: Ratio, list: &str, takes_all| {
            let state = if list.is_empty() { TraceState::NONE } else { state(list) };
            by.counted(state, 0.25, takes_all).header()
        };
        let by = Ratio::Probability;
        assert_eq!(counted(by, "th:8", false), "ot=th:c");
        assert_eq!(counted(by, "th:e666;x:1", false), "ot=th:e666;x:1");
        assert_eq!(counted(by, "", true), "ot=th:c");
        assert_eq!(counted(by, "", false), "", "nobody knows how many a rate limiter left out");
        assert_eq!(counted(Ratio::TraceId, "", true), "", "that rule has no threshold");
    }

    #[test]
    fn a_share_by_trace_id_is_that_of_the_sdk() {
        for share in [0.0, 1e-9, 0.01, 0.3, 0.999_999, 1.0] {
            let sampler = Sampler::TraceIdRatioBased(share);
            for trace in traces().take(10_000) {
                let told =
                    sampler.should_sample(None, trace, "", &SpanKind::Internal, &[], &[]).decision;
                let expected = told == SamplingDecision::RecordAndSample;
                assert_eq!(Ratio::TraceId.keeps(trace, share), expected, "{share} {trace}");
            }
        }
    }
}
