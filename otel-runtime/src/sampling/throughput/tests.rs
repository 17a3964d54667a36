use std::time::Duration;

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::super::clock::tests::Simulated;
use super::super::composite::{ComposableSampler, CompositeSampler};
use super::super::ot;
use super::*;

const INTERVAL: Duration = Duration::from_secs(10);

/// Traffic through a sampler, in simulated time.
struct Traffic {
    time: Simulated,
    sampler: CompositeSampler,
    random: fastrand::Rng,
}

/// What was kept of some traffic, and for how many that stands.
#[derive(Debug, Default)]
struct Kept {
    traces: f64,
    counted: f64,
}

impl Traffic {
    fn new(sampler: TargetThroughput) -> Self {
        let time = Simulated::default();
        let sampler = CompositeSampler::new(sampler.with_clock(time.clock()));
        Traffic { time, sampler, random: fastrand::Rng::with_seed(20) }
    }

    fn ask(&mut self, parent: Option<&Context>, name: &str) -> SamplingResult {
        let id = TraceId::from(self.random.u128(1..));
        let attributes = [KeyValue::new("route", name.to_owned())];
        self.sampler.should_sample(parent, id, name, &SpanKind::Server, &attributes, &[])
    }

    /// So many traces a second for an interval, each with a name that is chosen by a random number.
    fn interval(&mut self, per_second: u32, name: impl Fn(u64) -> String) -> Kept {
        let mut kept = Kept::default();
        let count = 10 * per_second;
        for _ in 0..count {
            self.time.pass(INTERVAL / count);
            let name = name(self.random.u64(..));
            let told = self.ask(None, &name);
            if told.decision == SamplingDecision::RecordAndSample {
                kept.traces += 1.0;
                let threshold = ot::read(&told.trace_state).threshold.expect("counted");
                kept.counted += threshold.adjusted_count();
            }
        }
        kept
    }
}

fn target() -> TargetThroughput {
    TargetThroughput::traces(200.0).expect("in range")
}

/// What is kept in an interval at a target of 200 a second.
const EXPECTED: f64 = 2_000.0;

#[track_caller]
fn within(share: f64, found: f64, expected: f64) {
    let range = expected * (1.0 - share)..expected * (1.0 + share);
    assert!(range.contains(&found), "{found}, not {expected}");
}

fn one_name(_: u64) -> String {
    "GET /".to_owned()
}

/// Ten names, of which each is half as frequent as the one before.
fn skewed(random: u64) -> String {
    format!("GET /{}", random.trailing_zeros().min(9))
}

#[test]
fn what_is_kept_is_within_a_tenth_three_intervals_after_traffic_changed_tenfold() {
    for by_name in [false, true] {
        for per_second in [[1_000, 10_000], [10_000, 1_000]] {
            let sampler = if by_name { target().by_name() } else { target() };
            let mut traffic = Traffic::new(sampler);
            for per_second in per_second {
                for _ in 0..3 {
                    traffic.interval(per_second, skewed);
                }
                let kept = traffic.interval(per_second, skewed);
                within(0.1, kept.traces, EXPECTED);
                within(0.1, kept.counted, f64::from(10 * per_second));
            }
        }
    }
}

#[test]
fn a_burst_within_an_interval_is_not_kept_whole() {
    let mut traffic = Traffic::new(target());
    for _ in 0..4 {
        traffic.interval(1_000, one_name);
    }
    let kept = traffic.interval(20_000, one_name);
    assert!(kept.traces < 4.0 * EXPECTED, "{kept:?}");
    within(0.1, kept.counted, 200_000.0);
}

#[test]
fn the_first_interval_keeps_a_few_times_the_target_at_most() {
    let kept = Traffic::new(target()).interval(20_000, one_name);
    assert!((EXPECTED..6.0 * EXPECTED).contains(&kept.traces), "{kept:?}");
    within(0.1, kept.counted, 200_000.0);
}

#[test]
fn what_is_rare_is_kept_whole_beside_what_is_frequent() {
    let mut traffic = Traffic::new(target().by_attribute("route"));
    let names =
        |random: u64| (if random.is_multiple_of(100) { "rare" } else { "frequent" }).to_owned();
    for _ in 0..3 {
        traffic.interval(2_000, names);
    }
    let told = (0..50).map(|_| traffic.ask(None, "rare").decision);
    assert!(told.into_iter().all(|told| told == SamplingDecision::RecordAndSample));
}

#[test]
fn less_than_the_target_is_kept_whole() {
    let mut traffic = Traffic::new(target().by_name());
    for _ in 0..4 {
        let kept = traffic.interval(100, skewed);
        within(0.001, kept.traces, 1_000.0);
    }
}

#[test]
fn keys_that_never_come_again_meet_the_target_and_are_counted() {
    let sampler = TargetThroughput::traces(100.0).expect("in range").by_name();
    let time = Simulated::default();
    let sampler = sampler.with_clock(time.clock());
    let mut traffic = Traffic {
        time,
        sampler: CompositeSampler::new(sampler.clone()),
        random: fastrand::Rng::with_seed(20),
    };
    let fresh = |random: u64| format!("GET /{random}");
    traffic.interval(10_000, fresh);
    let kept = traffic.interval(10_000, fresh);
    within(0.1, kept.traces, 1_000.0);
    within(0.1, kept.counted, 100_000.0);
    assert!(sampler.beyond_max_keys() > 100_000, "{}", sampler.beyond_max_keys());
}

#[test]
fn keys_that_live_for_some_intervals_meet_the_target() {
    for lifetime in [2, 3, 5] {
        let mut traffic = Traffic::new(target().by_name());
        let mut last = Kept::default();
        for interval in 0..20_u64 {
            let since = |random: u64| {
                let generation = (interval + random % lifetime) / lifetime;
                format!("{} {} {generation}", random % lifetime, random / 7 % 60)
            };
            let kept = traffic.interval(2_000, since);
            last = Kept { traces: last.traces + kept.traces, counted: last.counted + kept.counted };
            if interval == 9 {
                last = Kept::default();
            }
        }
        within(0.1, last.traces, 10.0 * EXPECTED);
        within(0.05, last.counted, 200_000.0);
    }
}

fn parent(is_remote: bool, is_sampled: bool) -> Context {
    let flags = TraceFlags::default().with_sampled(is_sampled);
    let (trace, span) = (TraceId::from(1), SpanId::from(2));
    let parent = SpanContext::new(trace, span, flags, is_remote, TraceState::NONE);
    Context::new().with_remote_span_context(parent)
}

#[test]
fn what_others_began_is_continued_and_counts_against_the_target() {
    let mut traffic = Traffic::new(target());
    let (sampled, unsampled) = (parent(true, true), parent(true, false));
    let mut begun = 0.0;
    for interval in 0..5 {
        begun = 0.0;
        for at in 0..20_000 {
            traffic.time.pass(INTERVAL / 20_000);
            if at % 20 == 0 {
                let told = traffic.ask(Some(&sampled), "GET /").decision;
                assert_eq!(told, SamplingDecision::RecordAndSample, "{interval}");
                let told = traffic.ask(Some(&unsampled), "GET /").decision;
                assert_eq!(told, SamplingDecision::Drop);
            }
            let told = traffic.ask(None, "GET /").decision;
            begun += f64::from(u8::from(told == SamplingDecision::RecordAndSample));
        }
    }
    within(0.1, begun + 1_000.0, EXPECTED);
}

#[test]
fn where_more_is_continued_than_the_target_nothing_is_begun_and_all_is_continued() {
    let mut traffic = Traffic::new(target());
    let sampled = parent(true, true);
    for interval in 0..4 {
        for _ in 0..5_000 {
            traffic.time.pass(INTERVAL / 5_000);
            let told = traffic.ask(Some(&sampled), "GET /").decision;
            assert_eq!(told, SamplingDecision::RecordAndSample);
            let told = traffic.ask(None, "GET /").decision;
            assert!(interval < 1 || told == SamplingDecision::Drop);
        }
    }
}

#[test]
fn a_target_of_spans_counts_those_below_what_is_kept() {
    let sampler = TargetThroughput::spans(2_000.0).expect("in range");
    assert!(!sampler.follows_local_parent());
    let mut traffic = Traffic::new(sampler);
    let (kept, dropped) = (parent(false, true), parent(false, false));
    let mut spans = 0.0;
    for _ in 0..5 {
        spans = 0.0;
        for _ in 0..20_000 {
            traffic.time.pass(INTERVAL / 20_000);
            let is_kept = traffic.ask(None, "GET /").decision == SamplingDecision::RecordAndSample;
            let parent = if is_kept { &kept } else { &dropped };
            for _ in 0..9 {
                let told = traffic.ask(Some(parent), "load").decision;
                assert_eq!(told == SamplingDecision::RecordAndSample, is_kept);
            }
            spans += if is_kept { 10.0 } else { 0.0 };
        }
    }
    within(0.1, spans, 20_000.0);
}

#[test]
fn after_a_quiet_hour_as_much_is_kept_as_before() {
    let mut traffic = Traffic::new(target());
    for _ in 0..3 {
        traffic.interval(2_000, one_name);
    }
    traffic.time.pass(Duration::from_secs(3600));
    let kept = traffic.interval(2_000, one_name);
    assert!(kept.traces < 4.0 * EXPECTED, "{kept:?}");
    traffic.interval(2_000, one_name);
    within(0.1, traffic.interval(2_000, one_name).traces, EXPECTED);
}

#[test]
fn two_samplers_with_the_same_target_learn_for_themselves() {
    let time = Simulated::default();
    let [busy, quiet] = [0.5, 0.8].map(|weight| {
        let sampler = target().by_name().weight(weight).expect("in range");
        CompositeSampler::new(sampler.with_clock(time.clock()))
    });
    let mut random = fastrand::Rng::with_seed(20);
    let mut is_kept = |sampler: &CompositeSampler| {
        let id = TraceId::from(random.u128(1..));
        let told = sampler.should_sample(None, id, "a", &SpanKind::Server, &[], &[]);
        told.decision == SamplingDecision::RecordAndSample
    };
    let mut kept = 0;
    for at in 0..400_000 {
        time.pass(INTERVAL / 100_000);
        kept += u32::from(is_kept(&busy));
        if at % 1_000 == 0 {
            assert!(is_kept(&quiet));
        }
    }
    assert!(kept < 20_000, "{kept}");
}

#[test]
fn eight_threads_at_once_meet_the_target_too() {
    let sampler = target().by_name();
    let time = Simulated::default();
    let sampler = CompositeSampler::new(sampler.with_clock(time.clock()));
    for _ in 0..4 {
        let kept = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for thread in 0..8_u64 {
                let (sampler, kept, time) = (&sampler, &kept, &time);
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(thread);
                    for _ in 0..5_000 {
                        time.pass(INTERVAL / 40_000);
                        let (id, name) = (TraceId::from(random.u128(1..)), skewed(random.u64(..)));
                        let told =
                            sampler.should_sample(None, id, &name, &SpanKind::Server, &[], &[]);
                        let is_kept = told.decision == SamplingDecision::RecordAndSample;
                        kept.fetch_add(u32::from(is_kept), std::sync::atomic::Ordering::Relaxed);
                    }
                });
            }
        });
        assert!(kept.into_inner() < 10_000);
    }
}

#[test]
fn what_is_out_of_range_is_refused_by_its_name() {
    let field = |result: Result<TargetThroughput, crate::sampling::SamplerError>| {
        result.expect_err("refused").field().to_owned()
    };
    for per_second in [0.0, -1.0, 2e6, f64::NAN] {
        assert_eq!(field(TargetThroughput::traces(per_second)), "per_second");
        assert_eq!(field(TargetThroughput::spans(per_second)), "per_second");
    }
    for weight in [0.0, 1.1, f64::NAN] {
        assert_eq!(field(target().weight(weight)), "weight");
    }
    for interval in [Duration::ZERO, Duration::from_millis(99), Duration::from_secs(3_601)] {
        assert_eq!(field(target().interval(interval)), "interval");
    }
    for most in [0, 10_001] {
        assert_eq!(field(target().max_keys(most)), "max_keys");
    }
    let told = target().by_name().by_attribute("http.route").description();
    assert_eq!(told, "TargetThroughput{200 traces/s by name, http.route}");
}
