//! Which rule decides?

use std::sync::Arc;

use super::super::composite::{Candidate, ComposableSampler, SamplingIntent};
use super::super::error::SamplerError;
use super::super::reads::AttributesRead;
use super::check::check;
use super::condition::Conditions;
use super::rule::Rule;

/// The first rule decides whose conditions a span meets; where there is none, it is not sampled.
///
/// Below [`ParentThreshold`](super::super::ParentThreshold), rules decide where a trace begins; by themselves,
/// about every span.
///
/// ```
/// use otel_runtime::sampling::{AlwaysOff, ParentThreshold, Probability, Rule, RuleBased};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = ParentThreshold::new(RuleBased::new([
///     Rule::new(AlwaysOff).route("/healthz"),
///     Rule::new(Probability::new(0.1)?),
/// ])?);
/// # Ok(())
/// # }
/// ```
///
/// Specification:
/// [ComposableRuleBased](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composablerulebased).
#[derive(Clone, Debug)]
pub struct RuleBased {
    rules: Arc<[Checked]>,
}

#[derive(Debug)]
struct Checked {
    label: Option<String>,
    conditions: Conditions,
    sampler: Arc<dyn ComposableSampler>,
}

impl RuleBased {
    /// Checks and takes these rules.
    ///
    /// # Errors
    ///
    /// There are no rules, or one of them has an empty list, a condition that no span can meet, or stands
    /// behind one that decides about all its spans. The error's field says where, as in
    /// `rules[1].attribute_values.url.path`.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Result<Self, SamplerError> {
        let rules: Vec<_> = rules.into_iter().collect();
        let conditions = check(&rules)?;
        let rules = rules.into_iter().zip(conditions).map(|(rule, conditions)| {
            let Rule { label, span_names: _, kinds: _, parents: _, attributes: _, sampler } = rule;
            Checked { label, conditions, sampler }
        });
        Ok(RuleBased { rules: rules.collect() })
    }
}

impl ComposableSampler for RuleBased {
    #[inline]
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        let decides = self.rules.iter().find(|rule| rule.conditions.are_met(span));
        decides.map_or_else(SamplingIntent::drop, |rule| rule.sampler.sampling_intent(span))
    }

    fn attributes_read(&self) -> AttributesRead {
        self.rules.iter().fold(AttributesRead::None, |read, rule| {
            let keys: Vec<_> =
                rule.conditions.attributes.iter().map(|condition| condition.key.clone()).collect();
            let reads_name = !rule.conditions.names.is_empty();
            let of_rule = if keys.is_empty() && !reads_name {
                AttributesRead::None
            } else {
                AttributesRead::Keys(keys)
            };
            read.and(of_rule).and(rule.sampler.attributes_read())
        })
    }

    fn description(&self) -> String {
        let rules = self.rules.iter().map(|rule| match &rule.label {
            Some(label) => format!("{label}: {}", rule.sampler.description()),
            None => rule.sampler.description(),
        });
        format!("RuleBased{{{}}}", rules.collect::<Vec<_>>().join(", "))
    }
}
