//! How does what was described become a sampler?

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;

use super::{Branches, Condition, JaegerRemote, Policy, Rule, Throughput};
use crate::sampling::{
    self as samplers, AlwaysRecord, Annotating, ComposableSampler, CompositeSampler, HeadSampler,
    Nested, ParentBased, ParentThreshold, Probability, RateLimiting, Ratio, Remote, RuleBased,
    Sampler, SamplerError, TargetThroughput,
};

type Composable = Box<dyn ComposableSampler>;

/// A sampler that does what a server says, which is still to be asked.
#[cfg_attr(not(feature = "otlp-http"), allow(dead_code, reason = "by HTTP a server is asked"))]
#[derive(Clone, Debug)]
pub(crate) struct Polled {
    pub(crate) remote: Remote,
    pub(crate) endpoint: String,
    pub(crate) interval: Duration,
}

/// The sampler, where a ratio has this meaning, and those in it that a server has to be asked for. It is
/// described by the text that describes it.
pub(crate) fn build(
    policy: &Policy,
    ratio: Ratio,
) -> Result<(HeadSampler, Vec<Polled>), SamplerError> {
    let mut builder = Builder { ratio, polled: Vec::new() };
    let sampler = builder.head(policy)?.described_as(policy.to_string());
    Ok((sampler, builder.polled))
}

struct Builder {
    ratio: Ratio,
    polled: Vec<Polled>,
}

impl Builder {
    fn head(&mut self, policy: &Policy) -> Result<HeadSampler, SamplerError> {
        Ok(match policy {
            Policy::Standard(sampler) => standard(*sampler, self.ratio),
            Policy::Probability(of) => Ratio::Probability.sampler(*of),
            Policy::JaegerRemote(JaegerRemote { endpoint, interval, initial }) => {
                let remote = Remote::new(self.head(initial)?, self.ratio);
                self.polled.push(Polled {
                    remote: remote.clone(),
                    endpoint: endpoint.clone(),
                    interval: *interval,
                });
                remote.into()
            }
            Policy::AlwaysRecord(policy) => AlwaysRecord::new(self.head(policy)?).into(),
            Policy::Parent(branches) => match &branches.root {
                // These keep what is below a trace that they were asked about as it is, without asking.
                Policy::Standard(_) | Policy::Probability(_) | Policy::JaegerRemote(_) => {
                    self.parent(branches)?
                }
                root if branches.is_simple() => {
                    CompositeSampler::new(ParentThreshold::new(self.composable(root)?)).into()
                }
                _ => self.parent(branches)?,
            },
            Policy::Rate(_) | Policy::Throughput(_) | Policy::Rules(_) | Policy::Annotate(..) => {
                CompositeSampler::new(self.composable(policy)?).into()
            }
        })
    }

    fn parent(&mut self, branches: &Branches) -> Result<HeadSampler, SamplerError> {
        let Branches { root, remote_sampled, remote_not_sampled, local_sampled, local_not_sampled } =
            branches;
        let mut sampler = ParentBased::new(self.head(root)?);
        if let Some(policy) = remote_sampled {
            sampler = sampler.remote_parent_sampled(self.head(policy)?);
        }
        if let Some(policy) = remote_not_sampled {
            sampler = sampler.remote_parent_not_sampled(self.head(policy)?);
        }
        if let Some(policy) = local_sampled {
            sampler = sampler.local_parent_sampled(self.head(policy)?);
        }
        if let Some(policy) = local_not_sampled {
            sampler = sampler.local_parent_not_sampled(self.head(policy)?);
        }
        Ok(sampler.into())
    }

    /// The sampler among others.
    fn composable(&mut self, policy: &Policy) -> Result<Composable, SamplerError> {
        let nested = |sampler: HeadSampler| -> Composable { Box::new(Nested::new(sampler)) };
        let share = |of: f64| -> Result<Composable, SamplerError> {
            Ok(if of > 0.0 {
                Box::new(Probability::new(of)?)
            } else {
                Box::new(samplers::AlwaysOff)
            })
        };
        Ok(match policy {
            Policy::Standard(Sampler::AlwaysOn) => Box::new(samplers::AlwaysOn),
            Policy::Standard(Sampler::AlwaysOff) => Box::new(samplers::AlwaysOff),
            Policy::Standard(Sampler::TraceIdRatio(of)) if self.ratio == Ratio::Probability => {
                share(*of)?
            }
            Policy::Probability(of) => share(*of)?,
            Policy::Rate(per_second) => Box::new(RateLimiting::new(*per_second)?),
            Policy::Throughput(throughput) => Box::new(target(throughput)?),
            Policy::Parent(branches) if branches.is_simple() => {
                Box::new(ParentThreshold::new(self.composable(&branches.root)?))
            }
            Policy::Rules(rules) => Box::new(RuleBased::new(
                rules.iter().map(|it| self.rule(it)).collect::<Result<Vec<_>, _>>()?,
            )?),
            Policy::Annotate(attributes, policy) => {
                let attributes =
                    attributes.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
                Box::new(Annotating::new(attributes, self.composable(policy)?))
            }
            Policy::Standard(_)
            | Policy::Parent(_)
            | Policy::AlwaysRecord(_)
            | Policy::JaegerRemote(_) => nested(self.head(policy)?),
        })
    }

    fn rule(
        &mut self,
        Rule { conditions, sampler }: &Rule,
    ) -> Result<samplers::Rule, SamplerError> {
        let mut rule = samplers::Rule::new(self.composable(sampler)?);
        for condition in conditions {
            rule = match condition {
                Condition::Name(patterns) => rule.span_names(patterns.iter().cloned()),
                Condition::Kind(kinds) => rule.kinds(kinds.iter().map(|kind| match *kind {
                    "server" => SpanKind::Server,
                    "client" => SpanKind::Client,
                    "producer" => SpanKind::Producer,
                    "consumer" => SpanKind::Consumer,
                    _ => SpanKind::Internal,
                })),
                Condition::Parent(parents) => rule.parents(parents.iter().copied()),
                Condition::Attribute { key, included, excluded } => {
                    rule.attribute_patterns(key.clone(), included.clone(), excluded.clone())
                }
                Condition::Values { key, values } => {
                    rule.attribute_values(key.clone(), values.iter().cloned())
                }
            };
        }
        Ok(rule)
    }
}

/// One of the specification's first six, where a ratio has this meaning.
fn standard(sampler: Sampler, ratio: Ratio) -> HeadSampler {
    match (ratio, sampler) {
        (Ratio::Probability, Sampler::TraceIdRatio(of)) => ratio.sampler(of),
        (Ratio::Probability, Sampler::ParentBasedTraceIdRatio(of)) => {
            ParentBased::new(ratio.sampler(of)).into()
        }
        _ => sampler.into(),
    }
}

fn target(throughput: &Throughput) -> Result<TargetThroughput, SamplerError> {
    let Throughput { per_second, counts_spans, by, weight, interval, keys } = throughput;
    let mut sampler = if *counts_spans {
        TargetThroughput::spans(*per_second)?
    } else {
        TargetThroughput::traces(*per_second)?
    };
    for key in by {
        sampler = if key == "name" { sampler.by_name() } else { sampler.by_attribute(key.clone()) };
    }
    if let Some(weight) = weight {
        sampler = sampler.weight(*weight)?;
    }
    if let Some(interval) = interval {
        sampler = sampler.interval(*interval)?;
    }
    if let Some(keys) = keys {
        sampler = sampler.max_keys(*keys)?;
    }
    Ok(sampler)
}
