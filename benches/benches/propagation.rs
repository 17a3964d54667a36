//! What does it cost to read a caller's context, and to send one's own?
//!
//! `cargo bench -p otel-benches --bench propagation`. W3C trace context and baggage of three members, in and out of
//! the headers of a request that has four others, by `otel_runtime::context` and by the propagators of
//! `opentelemetry_sdk` with the carriers of `opentelemetry-http`. They take turns; of each the best turn is told,
//! which is what it takes where nobody disturbs it. From one process to the next they differ, by where memory
//! lies: run it some times. A third of what ours takes to read is the check of keys inside `opentelemetry`, which
//! both pay.
//!
//! A second table has the other formats beside `traceparent`, each alone, as the list of a program has it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue};
use opentelemetry::global;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use otel_benches::propagated::{Propagation, headers};
use otel_runtime::context;

const TURNS: u32 = 60;
const ROUNDS: u32 = 5_000;

fn main() {
    let propagation = Propagation::install();
    propagation.assert_same();
    let incoming = headers(true);
    let (none, plain) = (headers(false), headers(false));
    let caller = context::extract(&incoming);

    println!("{:<28}{:>10}{:>10}{:>8}", "ns a request", "ours", "stock", "of it");
    let copy = compare("copy of the headers", || plain.clone(), || plain.clone());
    let extract = compare(
        "extract",
        || context::extract(black_box(&incoming)),
        || propagation.stock_extract(black_box(&incoming)),
    );
    compare(
        "extract, nothing is there",
        || context::extract(black_box(&none)),
        || propagation.stock_extract(black_box(&none)),
    );
    let inject = compare(
        "inject, with the copy",
        || propagation.inject(black_box(&caller)),
        || propagation.stock_inject(black_box(&caller)),
    );
    let of = |at: usize| {
        let [extract, inject, copy] = [extract, inject, copy].map(|it| it[at].as_secs_f64());
        extract + inject - copy
    };
    let share = of(0) / of(1);
    println!("\nextract and inject, without the copy: {share:.2} of the others' time");
    formats();
}

/// A format: its name, its propagator, and a request's headers.
type Format = (&'static str, fn() -> Box<dyn TextMapPropagator + Send + Sync>, HeaderMap);

/// What each format takes, as a share of what W3C's takes in the same turns.
fn formats() {
    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";
    let with = |all: &[(&'static str, &str)]| {
        let mut headers = headers(false);
        for (name, value) in all {
            headers.insert(*name, HeaderValue::from_str(value).expect("a value"));
        }
        headers
    };
    let all: [Format; 8] = [
        (
            "tracecontext",
            || Box::new(context::TraceContextPropagator::default()),
            with(&[("traceparent", &format!("00-{TRACE}-{SPAN}-01"))]),
        ),
        (
            "b3",
            || Box::new(context::B3Propagator::single()),
            with(&[("b3", &format!("{TRACE}-{SPAN}-1"))]),
        ),
        (
            "b3, undecided",
            || Box::new(context::B3Propagator::single()),
            with(&[("b3", &format!("{TRACE}-{SPAN}"))]),
        ),
        (
            "b3multi",
            || Box::new(context::B3Propagator::multi()),
            with(&[("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN), ("x-b3-sampled", "1")]),
        ),
        (
            "jaeger",
            || Box::new(context::JaegerPropagator::default()),
            with(&[("uber-trace-id", &format!("{TRACE}:{SPAN}:0:1"))]),
        ),
        (
            "jaeger, encoded",
            || Box::new(context::JaegerPropagator::default()),
            with(&[("uber-trace-id", &format!("{TRACE}%3A{SPAN}%3A0%3A1"))]),
        ),
        (
            "xray",
            || Box::new(context::XRayPropagator::default()),
            with(&[(
                "x-amzn-trace-id",
                &format!("Root=1-{}-{};Parent={SPAN};Sampled=1", &TRACE[..8], &TRACE[8..]),
            )]),
        ),
        (
            "xray, root alone",
            || Box::new(context::XRayPropagator::default()),
            with(&[("x-amzn-trace-id", &format!("Root=1-{}-{}", &TRACE[..8], &TRACE[8..]))]),
        ),
    ];
    let none = headers(false);
    let mut best = [[Duration::MAX; 3]; 8];
    let mut copy = Duration::MAX;
    for _ in 0..TURNS {
        copy = copy.min(turn(|| none.clone()));
        for ((_, propagator, incoming), best) in all.iter().zip(&mut best) {
            global::set_text_map_propagator(TextMapCompositePropagator::new(vec![propagator()]));
            let caller = context::extract(incoming);
            let turns = [
                turn(|| context::extract(black_box(incoming))),
                turn(|| context::extract(black_box(&none))),
                turn(|| {
                    let mut headers = none.clone();
                    context::inject_context(black_box(&caller), &mut headers);
                    headers
                }),
            ];
            for (best, turn) in best.iter_mut().zip(turns) {
                *best = (*best).min(turn);
            }
        }
    }
    println!(
        "\n{:<20}{:>10}{:>8}{:>14}{:>8}{:>10}{:>8}",
        "ns a request", "extract", "of it", "nothing there", "of it", "inject", "of it"
    );
    for best in &mut best {
        best[2] -= copy;
    }
    let nanoseconds = |it: Duration| it.as_secs_f64() * 1e9;
    let w3c = best[0].map(nanoseconds);
    for ((name, ..), best) in all.iter().zip(best) {
        let [extract, nothing, inject] = best.map(nanoseconds);
        let share = [extract / w3c[0], nothing / w3c[1], inject / w3c[2]];
        println!(
            "{name:<20}{extract:>10.1}{:>8.2}{nothing:>14.1}{:>8.2}{inject:>10.1}{:>8.2}",
            share[0], share[1], share[2],
        );
    }
}

/// The best turn of each, by the call.
fn compare<T>(name: &str, ours: impl Fn() -> T, stock: impl Fn() -> T) -> [Duration; 2] {
    let mut best = [Duration::MAX; 2];
    for _ in 0..TURNS {
        best[0] = best[0].min(turn(&ours));
        best[1] = best[1].min(turn(&stock));
    }
    let nanoseconds = best.map(|best| best.as_secs_f64() * 1e9);
    let share = nanoseconds[0] / nanoseconds[1];
    println!("{name:<28}{:>10.1}{:>10.1}{share:>8.2}", nanoseconds[0], nanoseconds[1]);
    best
}

fn turn<T>(call: impl Fn() -> T) -> Duration {
    let began = Instant::now();
    for _ in 0..ROUNDS {
        drop(black_box(call()));
    }
    began.elapsed() / ROUNDS
}
