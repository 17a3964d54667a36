use std::thread;
use std::time::Duration;

use opentelemetry::trace::{SpanKind, TraceId};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use super::super::clock::tests::Simulated;
use super::super::composite::CompositeSampler;
use super::*;

fn limit(per_second: f64, time: &Simulated) -> RateLimiting {
    RateLimiting::new(per_second).expect("in range").with_clock(time.clock())
}

fn is_kept(sampler: &RateLimiting) -> bool {
    let sampler = CompositeSampler::new(sampler.clone());
    let result =
        sampler.should_sample(None, TraceId::from(1), "load", &SpanKind::Internal, &[], &[]);
    assert_eq!(result.trace_state.header(), "", "nobody knows for how many it stands");
    result.decision == SamplingDecision::RecordAndSample
}

/// How many of so many calls a second are kept in a minute, where `every` call somebody does something.
fn kept_in_a_minute(sampler: &RateLimiting, time: &Simulated, rate: u32, every: impl Fn()) -> u32 {
    let mut kept = 0;
    for at in 0..60 * rate {
        time.set(Duration::from_secs(1) * at / rate);
        every();
        kept += u32::from(is_kept(sampler));
    }
    kept
}

#[test]
fn ten_calls_a_second_at_a_limit_of_two_keep_two_a_second() {
    let time = Simulated::default();
    let kept = kept_in_a_minute(&limit(2.0, &time), &time, 10, || ());
    assert!((117..=123).contains(&kept), "{kept}");
}

#[test]
fn less_than_one_a_second_is_a_limit_too() {
    let time = Simulated::default();
    let kept = kept_in_a_minute(&limit(0.1, &time), &time, 10, || ());
    assert!((5..=7).contains(&kept), "{kept}");
}

#[test]
fn to_be_told_the_same_limit_again_gives_nothing_away() {
    let time = Simulated::default();
    let sampler = limit(0.1, &time);
    let poll = || sampler.set_limit(0.1).expect("in range");
    let kept = kept_in_a_minute(&sampler, &time, 10, poll);
    assert!((5..=7).contains(&kept), "{kept}");
}

#[test]
fn a_changed_limit_holds_at_once_and_gives_no_tokens_back() {
    let time = Simulated::default();
    let sampler = limit(10.0, &time);
    assert_eq!((0..20).filter(|_| is_kept(&sampler)).count(), 10);

    sampler.set_limit(100.0).expect("in range");
    let kept = (0..200).filter(|_| is_kept(&sampler)).count();
    assert!(kept <= 90, "ten tokens were taken, of a hundred: {kept}");
    time.pass(Duration::from_secs(1));
    assert_eq!((0..200).filter(|_| is_kept(&sampler)).count(), 100);

    sampler.set_limit(2.0).expect("in range");
    assert!(!is_kept(&sampler));
    time.pass(Duration::from_millis(500));
    assert!(is_kept(&sampler));
    assert!(!is_kept(&sampler));

    sampler.set_limit(0.0).expect_err("no limit");
    time.pass(Duration::from_millis(500));
    assert!(is_kept(&sampler), "the last limit stays");
}

#[test]
fn a_hundred_calls_at_one_instant_are_all_kept_at_a_hundred_a_second() {
    for per_second in [1_u32, 3, 7, 100, 1_000] {
        let time = Simulated::default();
        time.set(Duration::from_secs(1_800_000_000));
        let sampler = limit(per_second.into(), &time);
        let kept: u32 = (0..2_000).map(|_| u32::from(is_kept(&sampler))).sum();
        assert_eq!(kept, per_second);
    }
}

#[test]
fn over_a_long_time_exactly_the_limit_is_kept() {
    for per_second in [0.3_f64, 3.0, 333.3] {
        let time = Simulated::default();
        let sampler = limit(per_second, &time);
        let kept = (0..200_000).map(|_| {
            time.pass(Duration::from_micros(997));
            u32::from(is_kept(&sampler))
        });
        let kept = f64::from(kept.sum::<u32>());
        let expected = per_second.max(1.0) + per_second * 200_000.0 * 997e-6;
        assert!((kept - expected).abs() < 2.0, "{per_second}: {kept}, not {expected}");
    }
}

#[test]
fn a_clock_that_goes_back_gives_nothing_and_blocks_nothing() {
    let time = Simulated::default();
    time.set(Duration::from_secs(100));
    let sampler = limit(1.0, &time);
    assert!(is_kept(&sampler));
    time.set(Duration::from_secs(50));
    assert!(!is_kept(&sampler));
    time.set(Duration::from_secs(101));
    assert!(is_kept(&sampler));
}

#[test]
fn samplers_with_the_same_limit_have_a_bucket_each_and_clones_share_one() {
    let time = Simulated::default();
    let (one, other) = (limit(1.0, &time), limit(1.0, &time));
    let clone = one.clone();
    assert!(is_kept(&one));
    assert!(!is_kept(&clone));
    assert!(is_kept(&other));
}

#[test]
fn eight_threads_together_keep_no_more_than_one_would() {
    let time = Simulated::default();
    let sampler = limit(1_000.0, &time);
    let kept = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    kept.fetch_add(u64::from(is_kept(&sampler)), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(kept.into_inner(), 1_000);
}

#[test]
fn what_is_no_limit_is_refused() {
    for per_second in [0.0, -1.0, 1e-9, 1e7, f64::NAN, f64::INFINITY] {
        let error = RateLimiting::new(per_second).expect_err("refused");
        assert_eq!(error.field(), "per_second", "{per_second}");
    }
    let sampler = RateLimiting::new(0.3).expect("in range");
    assert_eq!(sampler.description(), "RateLimiting{0.3}");
}
