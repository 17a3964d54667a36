//! Which samplers are measured?

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;
use otel_runtime::Sampler;
use otel_runtime::sampling::{
    AlwaysOff, AlwaysRecord, Annotating, CompositeSampler, HeadSampler, ParentBased,
    ParentThreshold, Probability, ProbabilitySampler, RateLimiting, Rule, RuleBased, SamplerError,
    TargetThroughput,
};

/// A sampler, and what to call it.
#[derive(Debug)]
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// Makes a new one.
    pub make: fn() -> Result<HeadSampler, SamplerError>,
}

const fn measured(name: &'static str, make: fn() -> Result<HeadSampler, SamplerError>) -> Measured {
    Measured { name, make }
}

/// Hardly any trace is kept.
const FEW: f64 = 1e-15;
/// Hardly any is not.
const MOST: f64 = 0.999_999;

/// The samplers that keep nothing, or next to nothing, of what begins here.
pub const DROPPING: &[Measured] = &[
    measured("always off", || Ok(Sampler::AlwaysOff.into())),
    measured("ratio", || Ok(Sampler::TraceIdRatio(FEW).into())),
    measured("parent-based, off", || Ok(Sampler::ParentBasedAlwaysOff.into())),
    measured("parent-based, ratio", || Ok(Sampler::ParentBasedTraceIdRatio(FEW).into())),
    measured("probability", || Ok(ProbabilitySampler::new(FEW)?.into())),
    measured("parent-based, probability", || {
        Ok(ParentBased::new(ProbabilitySampler::new(FEW)?).into())
    }),
    measured("always record, off", || Ok(AlwaysRecord::new(Sampler::AlwaysOff).into())),
    measured("composite, probability", || Ok(CompositeSampler::new(Probability::new(FEW)?).into())),
    measured("composite, parent threshold", || {
        Ok(CompositeSampler::new(ParentThreshold::new(Probability::new(FEW)?)).into())
    }),
    measured("composite, annotating", || {
        Ok(Annotating::new([KeyValue::new("by", "rule")], Probability::new(FEW)?).into())
    }),
    measured("rate limiting", || {
        let limited = RateLimiting::new(1e-6)?;
        Ok(limited.into())
    }),
    measured("target throughput", || Ok(TargetThroughput::traces(1e-6)?.into())),
    measured("target throughput by name", || Ok(TargetThroughput::traces(1e-6)?.by_name().into())),
    measured("1 rule, by name", || rules(1)),
    measured("11 rules, by name", || rules(11)),
    measured("1 rule, by kind and pattern", || patterns(1)),
    measured("11 rules, by kind and pattern", || patterns(11)),
    measured("1 rule, by attribute", || attributes(1)),
    measured("11 rules, by attribute", || attributes(11)),
];

/// The samplers that keep all, or nearly all, of what begins here.
pub const KEEPING: &[Measured] = &[
    measured("always on", || Ok(Sampler::AlwaysOn.into())),
    measured("parent-based, on", || Ok(Sampler::ParentBasedAlwaysOn.into())),
    measured("parent-based, ratio", || Ok(Sampler::ParentBasedTraceIdRatio(MOST).into())),
    measured("rate limiting", || Ok(RateLimiting::new(1e6)?.into())),
    measured("parent-based, probability, with th", || {
        Ok(ParentBased::new(ProbabilitySampler::new(MOST)?).into())
    }),
    measured("composite, probability, with th", || {
        Ok(CompositeSampler::new(ParentThreshold::new(Probability::new(MOST)?)).into())
    }),
    measured("target throughput, with th", || Ok(TargetThroughput::traces(1e6)?.into())),
];

/// Rules of which none fits.
fn rules(count: usize) -> Result<HeadSampler, SamplerError> {
    let rules = (0..count).map(|at| Rule::new(AlwaysOff).span_name(format!("GET /{at}")));
    Ok(RuleBased::new(rules)?.into())
}

fn patterns(count: usize) -> Result<HeadSampler, SamplerError> {
    let rules = (0..count)
        .map(|at| Rule::new(AlwaysOff).kind(SpanKind::Server).span_name(format!("GET /*/{at}*")));
    Ok(RuleBased::new(rules)?.into())
}

fn attributes(count: usize) -> Result<HeadSampler, SamplerError> {
    let rules = (0..count).map(|at| Rule::new(AlwaysOff).attribute("url.path", format!("/{at}")));
    Ok(RuleBased::new(rules)?.into())
}
