//! What would each sampler keep of such traffic?
//!
//! `cargo bench -p otel-benches --bench policies [-- --rate 100] [--errors 0.01] [--median-ms 20] [--arrivals bursts]
//! [--chart docs/sampling.svg]`. Ten minutes of simulated time, four of them with ten times as many requests, go through
//! the samplers that a program has. Told are a table in Markdown and, where a file is named, a chart of what is kept.

mod chart;
mod outcome;
mod traffic;

use std::env;
use std::fs;

use otel_benches::progress;
use otel_runtime::Sampler;
use otel_runtime::sampling::{
    AlwaysOff, Clock, HeadSampler, ParentBased, ParentThreshold, Probability, ProbabilitySampler,
    RateLimiting, Rule, RuleBased, SamplerError, TargetThroughput,
};

use outcome::Outcome;
use traffic::{Arrivals, Traffic};

/// What is decided when a trace is over, in the grammar of `OTEL_TRACED_TAIL`; the head keeps all.
const TAILS: [&str; 4] = [
    "error, ratio=0.05",
    "error, slower=200ms, ratio=0.05",
    "drop(all(span(root, http.route=/healthz), no_span(error))), error, slower=200ms, ratio=0.05",
    "error, slower=200ms, rate=20",
];

/// What a policy is called, in the grammar of `OTEL_TRACED_SAMPLER`.
type Policy = (&'static str, fn(Clock) -> Result<HeadSampler, SamplerError>);

const POLICIES: [Policy; 7] = [
    ("on", |_| Ok(Sampler::ParentBasedAlwaysOn.into())),
    ("probability 0.1", |_| Ok(ParentBased::new(ProbabilitySampler::new(0.1)?).into())),
    ("probability 0.01", |_| Ok(ParentBased::new(ProbabilitySampler::new(0.01)?).into())),
    ("rules(/healthz => off; else 0.1)", |_| {
        let rules = [Rule::new(AlwaysOff).route("/healthz"), Rule::new(Probability::new(0.1)?)];
        Ok(ParentThreshold::new(RuleBased::new(rules)?).into())
    }),
    (
        "rate 20",
        |clock| Ok(ParentThreshold::new(RateLimiting::new(20.0)?.with_clock(clock)).into()),
    ),
    ("throughput 20", |clock| Ok(TargetThroughput::traces(20.0)?.with_clock(clock).into())),
    ("throughput 20 by http.route", |clock| {
        let sampler = TargetThroughput::traces(20.0)?.by_attribute("http.route");
        Ok(sampler.with_clock(clock).into())
    }),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let number = |name: &str, default: f64| {
        after(name).map_or(default, |text| text.parse().expect("a number"))
    };
    let traffic = Traffic {
        per_second: number("--rate", 100.0),
        errors: number("--errors", 0.01),
        median_ms: number("--median-ms", 20.0),
        arrivals: match after("--arrivals").map(String::as_str) {
            None | Some("poisson") => Arrivals::Poisson,
            Some("bursts") => Arrivals::Bursts,
            Some(other) => panic!("{other:?} is neither poisson nor bursts"),
        },
    };
    println!("{traffic}\n");
    let mut at = 0;
    let mut begin = |name| {
        at += 1;
        progress::step(name, at, POLICIES.len() + TAILS.len());
    };
    let mut outcomes = Vec::new();
    for (name, make) in POLICIES {
        begin(name);
        outcomes.push(Outcome::of_head(name, &traffic, make));
    }
    for policy in TAILS {
        begin(policy);
        outcomes.push(Outcome::of_tail(policy, &traffic));
    }
    outcome::print(&outcomes);
    if let Some(file) = after("--chart") {
        fs::write(file, chart::draw(&outcomes)).expect("the file can be written");
    }
}
