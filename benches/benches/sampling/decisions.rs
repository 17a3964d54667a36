//! What does a decision take, without the span?

use std::hint::black_box;

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::ShouldSample;
use otel_benches::samplers::{DROPPING, KEEPING, Measured};
use otel_benches::{Distribution, clock};
use otel_runtime::sampling::HeadSampler;

/// Decisions of a turn: fewer than a bucket holds.
const CALLS: u32 = 20_000;

pub(crate) fn print(turns: usize) {
    println!("ns a decision about a root, in all and beside that which is always no\n");
    table("dropped", DROPPING, None, turns);
    table("kept", KEEPING, None, turns);
    println!(
        "about a child of a sampled remote parent, without a trace state and with `ot=th:8`\n"
    );
    table("child", KEEPING, Some(&parent("")), turns);
    table("child, th", KEEPING, Some(&parent("th:8")), turns);
    trace_state(turns);
}

/// A sampled parent in another process.
fn parent(list: &str) -> Context {
    let members = (!list.is_empty()).then_some(("ot", list));
    let state = TraceState::from_key_value(members).expect("valid");
    let (trace, span) = (TraceId::from(u128::MAX), SpanId::from(2));
    let flags = TraceFlags::new(0b11);
    let parent = SpanContext::new(trace, span, flags, true, state);
    Context::new().with_remote_span_context(parent)
}

fn table(what: &str, samplers: &[Measured], parent: Option<&Context>, turns: usize) {
    let mut taken: Vec<Vec<f64>> = samplers.iter().map(|_| Vec::new()).collect();
    let off = (DROPPING[0].make)().expect("valid");
    let mut nothing = Vec::new();
    for _ in 0..turns {
        nothing.push(turn(&off, parent));
        for (sampler, taken) in samplers.iter().zip(&mut taken) {
            // Its bucket is full.
            let made = (sampler.make)().expect("valid");
            turn(&made, parent);
            let made = (sampler.make)().expect("valid");
            taken.push(turn(&made, parent));
        }
    }
    let nothing = Distribution::of(nothing.into_iter()).median();
    println!("{what:<38}{:>8}{:>8}", "in all", "more");
    for (sampler, taken) in samplers.iter().zip(taken) {
        let median = Distribution::of(taken.into_iter()).median();
        println!("{:<38}{median:>8.1}{:>8.1}", sampler.name, median - nothing);
    }
    println!();
}

fn turn(sampler: &HeadSampler, parent: Option<&Context>) -> f64 {
    // As the layer for HTTP has them.
    let attributes = [
        KeyValue::new("http.request.method", "GET"),
        KeyValue::new("url.path", "/orders/7"),
        KeyValue::new("url.scheme", "https"),
        KeyValue::new("server.address", "shop.example"),
    ];
    time(|at| {
        let id = TraceId::from(
            u128::from(at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        );
        let id = if parent.is_some() { TraceId::from(u128::MAX) } else { id };
        let sampler: &dyn ShouldSample = black_box(sampler);
        let attributes = black_box(&attributes[..]);
        sampler.should_sample(parent, id, "GET /orders/{id}", &SpanKind::Server, attributes, &[])
    })
}

/// Nanoseconds a call.
fn time<T>(mut call: impl FnMut(u32) -> T) -> f64 {
    let began = clock::of_thread();
    for at in 0..CALLS {
        drop(black_box(call(at)));
    }
    clock::of_thread().saturating_sub(began).as_secs_f64() * 1e9 / f64::from(CALLS)
}

/// What comes on top wherever there is a trace state.
fn trace_state(turns: usize) {
    let state = TraceState::from_key_value([("ot", "th:e666")]).expect("valid");
    let median = |call: &dyn Fn() -> TraceState| {
        Distribution::of((0..turns).map(|_| time(|_| call()))).median()
    };
    let copied = median(&|| black_box(&state).clone());
    let made =
        median(&|| TraceState::from_key_value([black_box(("ot", "th:e666"))]).expect("valid"));
    println!("to copy a trace state of one member, and to make one: {copied:.1}, {made:.1}\n");
}
