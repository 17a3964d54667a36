//! What does a sampler keep, and what can be counted by that?

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::trace::{SpanKind, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};
use otel_benches::clock;
use otel_runtime::sampling::{Clock, HeadSampler, SamplerError, Threshold};

use crate::traffic::{ROUTES, SECONDS, Traffic};

/// Over how many seconds a point of the chart is.
pub(crate) const POINT: u32 = 10;

/// How many routes there are.
const COUNT: u8 = 6;
const _: () = assert!(ROUTES.len() == COUNT as usize);

/// Of requests, and of those that were kept.
#[derive(Clone, Copy, Default)]
struct Of {
    all: f64,
    kept: f64,
}

impl Of {
    fn add(&mut self, is_kept: bool) {
        self.all += 1.0;
        self.kept += f64::from(u8::from(is_kept));
    }

    fn percent(self) -> f64 {
        100.0 * self.kept / self.all.max(1.0)
    }
}

/// What a sampler made of the traffic.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    traces: Of,
    errors: Of,
    slow: Of,
    /// By route: how many there were, and how many there were by the adjusted counts of what was kept.
    counted: [(f64, f64); ROUTES.len()],
    is_counted: bool,
    nanoseconds: f64,
    /// How many were kept in each ten seconds.
    pub(crate) points: Vec<f64>,
}

impl Outcome {
    pub(crate) fn of(
        name: &'static str,
        traffic: &Traffic,
        make: fn(Clock) -> Result<HeadSampler, SamplerError>,
    ) -> Outcome {
        let now = Arc::new(AtomicU64::new(0));
        let time = Arc::clone(&now);
        let clock = Clock::of(move || Duration::from_nanos(time.load(Ordering::Relaxed)));
        let sampler = make(clock).expect("valid");
        let attributes = ROUTES.map(|(route, _)| [KeyValue::new("http.route", route)]);
        // One in a hundred takes longer.
        let slow = traffic.median_ms * 2.326_f64.exp();
        let mut outcome = Outcome {
            name,
            traces: Of::default(),
            errors: Of::default(),
            slow: Of::default(),
            counted: Default::default(),
            is_counted: true,
            nanoseconds: 0.0,
            points: vec![0.0; (SECONDS / POINT) as usize],
        };
        for request in traffic.requests() {
            let at = Duration::from_secs_f64(request.at);
            now.store(u64::try_from(at.as_nanos()).expect("minutes"), Ordering::Relaxed);
            let (route, attributes) = (ROUTES[request.route].0, &attributes[request.route]);
            let (id, kind) = (TraceId::from(request.trace_id), SpanKind::Server);
            let told = sampler.should_sample(None, id, route, &kind, attributes, &[]);
            let is_kept = told.decision == SamplingDecision::RecordAndSample;
            outcome.traces.add(is_kept);
            if request.fails {
                outcome.errors.add(is_kept);
            }
            if request.milliseconds > slow {
                outcome.slow.add(is_kept);
            }
            let (all, by_count) = &mut outcome.counted[request.route];
            *all += 1.0;
            if is_kept {
                let point = usize::try_from(at.as_secs() / u64::from(POINT)).expect("minutes");
                outcome.points[point] += 1.0;
                match adjusted_count(name, &told.trace_state) {
                    Some(count) => *by_count += count,
                    None => outcome.is_counted = false,
                }
            }
        }
        outcome.nanoseconds = cost(&sampler, traffic);
        outcome
    }

    /// By how many percent the counts are wrong: of all, and of routes on average.
    fn mistakes(&self) -> Option<(f64, f64)> {
        let wrong = |(all, counted): (f64, f64)| 100.0 * (counted - all).abs() / all.max(1.0);
        let all = self.counted.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let routes = self.counted.iter().map(|route| wrong(*route)).sum::<f64>();
        self.is_counted.then(|| (wrong(all), routes / f64::from(COUNT)))
    }
}

/// For how many traces this one stands; where everything is kept, for itself.
fn adjusted_count(name: &str, state: &TraceState) -> Option<f64> {
    if name == "on" {
        return Some(1.0);
    }
    let list = state.get("ot")?;
    let digits = list.split(';').find_map(|entry| entry.strip_prefix("th:"))?;
    digits.parse::<Threshold>().ok().map(Threshold::adjusted_count)
}

/// So many, if there are.
const DECISIONS: usize = 20_000;

/// Nanoseconds a decision, of this thread.
fn cost(sampler: &HeadSampler, traffic: &Traffic) -> f64 {
    let requests: Vec<_> = traffic.requests().take(DECISIONS).collect();
    let attributes = ROUTES.map(|(route, _)| [KeyValue::new("http.route", route)]);
    let (none, sampler): (Option<&Context>, &dyn ShouldSample) = (None, black_box(sampler));
    let mut count = 0_u32;
    let began = clock::of_thread();
    for request in &requests {
        count += 1;
        let (route, attributes) = (ROUTES[request.route].0, &attributes[request.route]);
        let id = TraceId::from(request.trace_id);
        drop(black_box(sampler.should_sample(none, id, route, &SpanKind::Server, attributes, &[])));
    }
    clock::of_thread().saturating_sub(began).as_secs_f64() * 1e9 / f64::from(count)
}

/// A table in Markdown.
pub(crate) fn print(outcomes: &[Outcome]) {
    println!(
        "| sampler | kept a second | of all | of errors | of the slowest 1 % | counted wrong, all | a route | ns |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for outcome in outcomes {
        let Outcome { name, traces, errors, slow, nanoseconds, .. } = outcome;
        let kept = traces.kept / f64::from(SECONDS);
        let [all, errors, slow] = [traces, errors, slow].map(|it| it.percent());
        let (counted, route) = outcome.mistakes().map_or_else(
            || ("not known".to_owned(), "not known".to_owned()),
            |(all, route)| (format!("{all:.1} %"), format!("{route:.1} %")),
        );
        println!(
            "| `{name}` | {kept:.1} | {all:.1} % | {errors:.1} % | {slow:.1} % | {counted} | {route} | {nanoseconds:.0} |"
        );
    }
}
