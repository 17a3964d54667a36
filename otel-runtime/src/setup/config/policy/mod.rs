//! Which sampler does a text describe?
//!
//! One grammar for `OTEL_TRACED_SAMPLER`, for [`Builder::policy`](super::Builder::policy) and for the key
//! `otel-runtime` where a file has a sampler; `docs/sampling.md` explains it. A [`Policy`] is plain data. It is
//! built once it is known what a ratio means.

mod build;
mod conditions;
mod endpoint;
mod late;
mod parse;
pub(super) mod reader;
#[cfg(test)]
mod tests;
mod write;

use std::time::Duration;

pub(crate) use build::{Polled, build};
pub(crate) use endpoint::{endpoint, interval};
pub(crate) use late::is_set_later;
pub(crate) use reader::PolicyError;

use crate::sampling::{Head, ParentKind, Sampler};

/// A sampler as it is described.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Policy {
    /// `always_on`, `traceidratio 0.1`, and the others of the specification's first six.
    Standard(Sampler),
    /// `probability 0.1`
    Probability(f64),
    /// `rate 10`
    Rate(f64),
    /// `throughput 100 by http.route`
    Throughput(Throughput),
    /// `parent(probability 0.1)`
    Parent(Box<Branches>),
    /// `rules(http.route=/healthz => off; else => on)`
    Rules(Vec<Rule>),
    /// `annotate(sampled.by=rules => on)`
    Annotate(Vec<(String, String)>, Box<Policy>),
    /// `always_record(off)`
    AlwaysRecord(Box<Policy>),
    /// `jaeger_remote(endpoint=http://localhost:5778/sampling, interval=60s, initial=ratio 0.001)`
    JaegerRemote(JaegerRemote),
}

/// About so many traces or spans a second. What is `None` is as the sampler has it by default.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Throughput {
    pub(crate) per_second: f64,
    pub(crate) counts_spans: bool,
    /// `name` is the span's name, all others are attributes.
    pub(crate) by: Vec<String>,
    pub(crate) weight: Option<f64>,
    pub(crate) interval: Option<Duration>,
    pub(crate) keys: Option<usize>,
}

/// What a server says, which is asked time and again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JaegerRemote {
    /// Scheme, host and path, checked.
    pub(crate) endpoint: String,
    pub(crate) interval: Duration,
    /// Until there is an answer.
    pub(crate) initial: Box<Policy>,
}

impl Default for JaegerRemote {
    fn default() -> Self {
        JaegerRemote {
            endpoint: "http://localhost:5778/sampling".to_owned(),
            interval: Duration::from_secs(60),
            initial: Box::new(Policy::Standard(Sampler::TraceIdRatio(0.001))),
        }
    }
}

/// One sampler for traces that begin here, and one for each kind of parent that does not decide by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Branches {
    pub(crate) root: Policy,
    pub(crate) remote_sampled: Option<Policy>,
    pub(crate) remote_not_sampled: Option<Policy>,
    pub(crate) local_sampled: Option<Policy>,
    pub(crate) local_not_sampled: Option<Policy>,
}

/// Who decides about spans that meet all conditions. Without any, it is the rule for all others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) sampler: Policy,
}

/// What a span has to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// `name=GET *`, any of these patterns.
    Name(Vec<String>),
    /// `kind=server|consumer`, by the words of [`KINDS`].
    Kind(Vec<&'static str>),
    /// `parent=none|remote`
    Parent(Vec<ParentKind>),
    /// `url.path=/a*`, any of these patterns, and `url.path!=/a/b`, none of them.
    Attribute { key: String, included: Vec<String>, excluded: Vec<String> },
    /// `tenant.id==7|a*`, one of these texts as they stand.
    Values { key: String, values: Vec<String> },
}

/// The words for kinds of spans.
pub(crate) const KINDS: [&str; 5] = ["server", "client", "producer", "consumer", "internal"];

/// A sampler that somebody chose.
pub(crate) enum Chosen {
    /// One that was made already.
    Head(Head),
    /// One that was described.
    Policy(Policy),
}

impl Branches {
    /// The sampler with these branches. What parents decide by themselves is left out, so that two
    /// descriptions of one sampler are the same.
    pub(crate) fn sampler(mut self) -> Policy {
        let (on, off) = (Policy::Standard(Sampler::AlwaysOn), Policy::Standard(Sampler::AlwaysOff));
        self.remote_sampled.take_if(|it| *it == on);
        self.local_sampled.take_if(|it| *it == on);
        self.remote_not_sampled.take_if(|it| *it == off);
        self.local_not_sampled.take_if(|it| *it == off);
        match self.root {
            Policy::Standard(Sampler::AlwaysOn) if self.is_simple() => {
                Policy::Standard(Sampler::ParentBasedAlwaysOn)
            }
            Policy::Standard(Sampler::AlwaysOff) if self.is_simple() => {
                Policy::Standard(Sampler::ParentBasedAlwaysOff)
            }
            Policy::Standard(Sampler::TraceIdRatio(of)) if self.is_simple() => {
                Policy::Standard(Sampler::ParentBasedTraceIdRatio(of))
            }
            _ => Policy::Parent(Box::new(self)),
        }
    }

    pub(crate) fn of_root(root: Policy) -> Branches {
        Branches {
            root,
            remote_sampled: None,
            remote_not_sampled: None,
            local_sampled: None,
            local_not_sampled: None,
        }
    }

    /// Whether each kind of parent decides by itself.
    fn is_simple(&self) -> bool {
        let Branches {
            root: _,
            remote_sampled,
            remote_not_sampled,
            local_sampled,
            local_not_sampled,
        } = self;
        [remote_sampled, remote_not_sampled, local_sampled, local_not_sampled]
            .into_iter()
            .all(Option::is_none)
    }

    fn all(&self) -> impl Iterator<Item = &Policy> {
        let Branches { root, remote_sampled, remote_not_sampled, local_sampled, local_not_sampled } =
            self;
        let of_parents = [remote_sampled, remote_not_sampled, local_sampled, local_not_sampled];
        std::iter::once(root).chain(of_parents.into_iter().flatten())
    }
}

impl Policy {
    /// Calls with every rule in it, wherever it stands.
    pub(crate) fn each_rule(&self, f: &mut dyn FnMut(&Rule)) {
        self.each_rule_of(true, f);
    }

    /// Calls with every rule whose traces, where it drops them, are not recorded either.
    pub(crate) fn each_rule_that_may_drop(&self, f: &mut dyn FnMut(&Rule)) {
        self.each_rule_of(false, f);
    }

    fn each_rule_of(&self, recorded_too: bool, f: &mut dyn FnMut(&Rule)) {
        match self {
            Policy::Standard(_)
            | Policy::Probability(_)
            | Policy::Rate(_)
            | Policy::Throughput(_) => {}
            Policy::AlwaysRecord(_) if !recorded_too => {}
            Policy::Parent(branches) => {
                branches.all().for_each(|policy| policy.each_rule_of(recorded_too, f));
            }
            Policy::Annotate(_, policy) | Policy::AlwaysRecord(policy) => {
                policy.each_rule_of(recorded_too, f);
            }
            Policy::JaegerRemote(remote) => remote.initial.each_rule_of(recorded_too, f),
            Policy::Rules(rules) => {
                for rule in rules {
                    f(rule);
                    rule.sampler.each_rule_of(recorded_too, f);
                }
            }
        }
    }

    /// Whether a rate is asked about spans that have a parent, which would tear traces apart.
    pub(crate) fn has_rate_of_spans(&self) -> bool {
        match self {
            Policy::Rate(_) => true,
            Policy::Standard(_)
            | Policy::Probability(_)
            | Policy::Throughput(_)
            | Policy::Parent(_) => false,
            Policy::Annotate(_, policy) | Policy::AlwaysRecord(policy) => {
                policy.has_rate_of_spans()
            }
            Policy::JaegerRemote(remote) => remote.initial.has_rate_of_spans(),
            Policy::Rules(rules) => rules.iter().any(|rule| {
                let is_of_parents = |it: &Condition| matches!(it, Condition::Parent(_));
                !rule.conditions.iter().any(is_of_parents) && rule.sampler.has_rate_of_spans()
            }),
        }
    }
}

impl Condition {
    /// The attribute that is looked at, if it is one.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Condition::Name(_) | Condition::Kind(_) | Condition::Parent(_) => None,
            Condition::Attribute { key, .. } | Condition::Values { key, .. } => Some(key),
        }
    }
}
