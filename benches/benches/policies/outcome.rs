//! What does a sampler or a tail policy keep, and what can be counted by that?

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample, SpanData, SpanEvents, SpanLinks};
use otel_benches::clock;
use otel_runtime::sampling::tail::TailPolicy;
use otel_runtime::sampling::{Clock, HeadSampler, SamplerError, Threshold};

use crate::traffic::{ROUTES, Request, SECONDS, Traffic};

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
    /// In Markdown.
    pub(crate) name: String,
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

/// Whether a trace is kept and, where it is known, for how many it stands.
type Kept = Option<Option<f64>>;

impl Outcome {
    pub(crate) fn of_head(
        name: &'static str,
        traffic: &Traffic,
        make: fn(Clock) -> Result<HeadSampler, SamplerError>,
    ) -> Outcome {
        let now = Arc::new(AtomicU64::new(0));
        let time = Arc::clone(&now);
        let clock = Clock::of(move || Duration::from_nanos(time.load(Ordering::Relaxed)));
        let sampler = make(clock).expect("valid");
        let attributes = ROUTES.map(|(route, _)| [KeyValue::new("http.route", route)]);
        let nanoseconds = cost(&sampler, traffic);
        Outcome::of(format!("`{name}`"), traffic, nanoseconds, |request| {
            let at = Duration::from_secs_f64(request.at);
            now.store(u64::try_from(at.as_nanos()).expect("minutes"), Ordering::Relaxed);
            let (route, attributes) = (ROUTES[request.route].0, &attributes[request.route]);
            let (id, kind) = (TraceId::from(request.trace_id), SpanKind::Server);
            let told = sampler.should_sample(None, id, route, &kind, attributes, &[]);
            let is_kept = told.decision == SamplingDecision::RecordAndSample;
            is_kept.then(|| adjusted_count(name, &told.trace_state))
        })
    }

    pub(crate) fn of_tail(policy: &'static str, traffic: &Traffic) -> Outcome {
        let policy: TailPolicy = policy.parse().expect("valid");
        let nanoseconds = cost_of_tail(&policy, traffic);
        Outcome::of(format!("tail `{policy}`"), traffic, nanoseconds, |request| {
            let at = Duration::from_secs_f64(request.at);
            let verdict = policy.verdict(&[span(&request)], at);
            let count = verdict.threshold().map(Threshold::adjusted_count);
            verdict.is_kept().then_some(count)
        })
    }

    fn of(
        name: String,
        traffic: &Traffic,
        nanoseconds: f64,
        mut decide: impl FnMut(Request) -> Kept,
    ) -> Outcome {
        // One in a hundred takes longer.
        let slow = traffic.median_ms * 2.326_f64.exp();
        let mut outcome = Outcome {
            name,
            traces: Of::default(),
            errors: Of::default(),
            slow: Of::default(),
            counted: Default::default(),
            is_counted: true,
            nanoseconds,
            points: vec![0.0; (SECONDS / POINT) as usize],
        };
        for request in traffic.requests() {
            let at = Duration::from_secs_f64(request.at);
            let Request { route, fails, milliseconds, .. } = request;
            let kept = decide(request);
            let is_kept = kept.is_some();
            outcome.traces.add(is_kept);
            if fails {
                outcome.errors.add(is_kept);
            }
            if milliseconds > slow {
                outcome.slow.add(is_kept);
            }
            let (all, by_count) = &mut outcome.counted[route];
            *all += 1.0;
            if let Some(count) = kept {
                let point = usize::try_from(at.as_secs() / u64::from(POINT)).expect("minutes");
                outcome.points[point] += 1.0;
                match count {
                    Some(count) => *by_count += count,
                    None => outcome.is_counted = false,
                }
            }
        }
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

/// The one span of a request, which the head has kept with a threshold of 0.
fn span(request: &Request) -> SpanData {
    let (route, start) =
        (ROUTES[request.route].0, UNIX_EPOCH + Duration::from_secs_f64(request.at));
    let (trace, span) = (TraceId::from(request.trace_id), SpanId::from(1));
    let state = TraceState::from_key_value([("ot", "th:0")]).expect("valid");
    SpanData {
        span_context: SpanContext::new(trace, span, TraceFlags::SAMPLED, false, state),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Server,
        name: route.into(),
        start_time: start,
        end_time: start + Duration::from_secs_f64(request.milliseconds / 1e3),
        attributes: vec![KeyValue::new("http.route", route)],
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: if request.fails { Status::error("") } else { Status::Unset },
        instrumentation_scope: InstrumentationScope::default(),
    }
}

/// Nanoseconds a decision about a trace of one span, without holding it back.
fn cost_of_tail(policy: &TailPolicy, traffic: &Traffic) -> f64 {
    let traces: Vec<_> = traffic.requests().take(DECISIONS).map(|it| [span(&it)]).collect();
    let mut count = 0_u32;
    let began = clock::of_thread();
    for trace in &traces {
        count += 1;
        drop(black_box(black_box(policy).verdict(trace, Duration::ZERO)));
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
            "| {name} | {kept:.1} | {all:.1} % | {errors:.1} % | {slow:.1} % | {counted} | {route} | {nanoseconds:.0} |"
        );
    }
}
