//! How are the rules of a policy written as policies of `tail_sampling`?

use std::collections::HashSet;

use super::alternatives::{All, Literal, Test, alternatives};
use super::error::Mistakes;
use super::ottl;
use super::strategy::Strategy;
use super::yaml::{Item, Yaml};
use crate::sampling::tail::{
    Larger, Limit, RateLimit, SpanTest, TailPolicy, TailRule, TraceTest, Written,
};

/// What of the tier the policies depend on.
pub(super) struct Tier {
    pub(super) instances: u32,
    pub(super) shards: u32,
    pub(super) strategy: Strategy,
    /// What a bucket is made to hold where a trace may be larger than it: spans and bytes.
    pub(super) largest_trace: (u64, u64),
}

/// The value of `policies`.
pub(super) fn policies(policy: &TailPolicy, tier: &Tier, mistakes: &mut Mistakes) -> Yaml {
    let Written { drop, keep } = policy.written();
    let mut writer = Writer { tier, mistakes, names: HashSet::new(), items: Vec::new() };
    let names = policy.reasons().iter().skip(policy.reasons().len() - drop.len() - keep.len());
    for ((list, at, rule), name) in numbered("drop", drop).chain(numbered("keep", keep)).zip(names)
    {
        writer.rule(&format!("{list}[{at}]"), name, rule, list == "drop");
    }
    Yaml::List(writer.items)
}

/// Whether a rule takes tokens, which only traces may take that no rule before has kept.
pub(super) fn has_rate(policy: &TailPolicy) -> bool {
    let is_rate = |rule: &TailRule| matches!(rule.limit, Limit::Spans(_) | Limit::Bytes(_));
    policy.written().keep.iter().any(is_rate)
}

pub(super) fn has_ratio(policy: &TailPolicy) -> bool {
    policy.written().keep.iter().any(|rule| matches!(rule.limit, Limit::Ratio(_)))
}

fn numbered<'a>(
    list: &'static str,
    rules: &'a [TailRule],
) -> impl Iterator<Item = (&'static str, usize, &'a TailRule)> {
    rules.iter().enumerate().map(move |(at, rule)| (list, at, rule))
}

struct Writer<'a> {
    tier: &'a Tier,
    mistakes: &'a mut Mistakes,
    names: HashSet<String>,
    items: Vec<Item>,
}

impl Writer<'_> {
    fn rule(&mut self, field: &str, name: &str, rule: &TailRule, is_drop: bool) {
        let mut told = vec![if is_drop {
            format!("drop({})", rule.condition)
        } else if rule.condition == TraceTest::Always {
            rule.limit.to_string()
        } else if rule.limit == Limit::All {
            rule.condition.to_string()
        } else {
            format!("{} => {}", rule.condition, rule.limit)
        }];
        let Some(alternatives) = alternatives(&rule.condition) else {
            let remedy = "this has more than 64 alternatives: write fewer any(..) in all(..)";
            self.mistakes.wrong(field, remedy);
            return;
        };
        let limit = self.limit(field, &rule.limit, &mut told);
        if rule.limit == Limit::Ratio(0.0) {
            // Nothing is kept by it.
            return;
        }
        self.upper_bounds(field, &alternatives, is_drop, &mut told);
        self.at_ingest(field, &alternatives, limit.is_some(), is_drop, &mut told);
        if alternatives.len() > 1 && matches!(rule.limit, Limit::Spans(_) | Limit::Bytes(_)) {
            let why = "the Collector has a bucket for each of these alternatives";
            told.extend(self.mistakes.cannot(field, why, "Each may use the whole rate"));
        }
        for all in &alternatives {
            let policy = self.named(name, policy(all, limit.as_ref(), is_drop));
            self.items.push(policy.told(std::mem::take(&mut told)));
        }
    }

    /// A policy with this name, or one like it that is free.
    fn named(&mut self, name: &str, mut entries: Vec<(String, Item)>) -> Yaml {
        let numbered = (2..).map(|number: u64| format!("{name}_{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| self.names.insert(name.clone())).unwrap_or_default();
        entries.insert(0, ("name".to_owned(), free.into()));
        Yaml::Map(entries)
    }

    fn limit(
        &mut self,
        field: &str,
        limit: &Limit,
        told: &mut Vec<String>,
    ) -> Option<Vec<(String, Item)>> {
        Some(match limit {
            Limit::All => return None,
            Limit::Ratio(ratio) => typed(
                "probabilistic",
                Yaml::map([("sampling_percentage", Yaml::Float(percent(*ratio)))]),
            ),
            Limit::Spans(limit) => {
                let field = format!("{field}.rate");
                let rate = self.rate(&field, "spans_per_second", limit, false, told);
                typed("rate_limiting", rate)
            }
            Limit::Bytes(limit) => {
                let field = format!("{field}.bytes");
                typed("bytes_limiting", self.rate(&field, "bytes_per_second", limit, true, told))
            }
        })
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked: to 10¹²")]
    fn rate(
        &mut self,
        field: &str,
        key: &str,
        limit: &RateLimit,
        is_bytes: bool,
        told: &mut Vec<String>,
    ) -> Yaml {
        let Tier { instances, shards, strategy: _, largest_trace: (spans, bytes) } = *self.tier;
        let of_each = limit.per_second / f64::from(instances);
        let per_second = of_each.ceil().max(1.0) as u64;
        if of_each.fract() != 0.0 || of_each < 1.0 {
            let why = format!("{of_each} a second of each instance is no whole number");
            told.extend(self.mistakes.cannot(field, &why, &format!("It is {per_second}")));
        }
        if instances > 1 || shards > 1 {
            let why = format!(
                "each of {} buckets (instances and shards) holds a whole burst",
                instances * shards,
            );
            told.extend(self.mistakes.cannot(field, &why, "So many may pass at once"));
        }
        let mut burst = limit.tokens().ceil() as u64;
        if limit.larger == Larger::Debt {
            let largest = if is_bytes { bytes } else { spans };
            let why = "a trace that is larger than the burst is kept at a debt here, and never by the Collector";
            let instead = format!("The burst is {} in place of {burst}", burst.max(largest));
            told.extend(self.mistakes.cannot(field, why, &instead));
            burst = burst.max(largest);
        }
        Yaml::map([(key, Yaml::Number(per_second)), ("burst_capacity", Yaml::Number(burst))])
    }

    /// That a trace lasts no longer is known only when it is over.
    fn upper_bounds(
        &mut self,
        field: &str,
        alternatives: &[All],
        is_drop: bool,
        told: &mut Vec<String>,
    ) {
        let is_bound =
            |literal: &Literal| !literal.is_so && matches!(literal.test, Test::Extent(_));
        if !alternatives.iter().flatten().any(is_bound) {
            return;
        }
        let field = format!("{field}.lasts");
        let why = "the Collector decides after decision_wait, when a trace that lasts longer than that seems \
                   shorter than it is, and its own upper bound of latency depends on the order of spans";
        if is_drop {
            // To drop more is no approximation from above.
            let remedy = "leave the upper bound out: traces would be dropped that are kept here";
            self.mistakes.wrong(&field, format!("{why}: {remedy}"));
            return;
        }
        let instead = "A trace that lasts longer than decision_wait may be kept, too";
        told.extend(self.mistakes.cannot(&field, why, instead));
    }

    /// What is decided with every batch of spans sees the first ones alone.
    fn at_ingest(
        &mut self,
        field: &str,
        alternatives: &[All],
        has_limit: bool,
        is_drop: bool,
        told: &mut Vec<String>,
    ) {
        if self.tier.strategy != Strategy::SpanIngest {
            return;
        }
        let is_bounded =
            |it: &Literal| matches!(it.test, Test::Count { most: Some(_), .. }) && it.is_so;
        if has_limit || alternatives.iter().flatten().any(is_bounded) {
            let remedy = "this needs the whole trace: with span-ingest only conditions that stay true once they \
                          are can be used";
            self.mistakes.wrong(field, remedy);
        } else if is_drop || alternatives.iter().flatten().any(|it| !it.is_so) {
            let why = "with span-ingest a trace is kept as soon as some of its spans pass, before what speaks \
                       against it has come";
            told.extend(self.mistakes.cannot(field, why, "More is kept"));
        }
    }
}

/// A policy without its name: all of these, within a limit.
fn policy(all: &All, limit: Option<&Vec<(String, Item)>>, is_drop: bool) -> Vec<(String, Item)> {
    let mut parts: Vec<_> = all.iter().map(literal).collect();
    parts.extend(limit.cloned());
    if is_drop {
        return typed("drop", Yaml::map([("drop_sub_policy", sub_policies(parts))]));
    }
    match (parts.pop(), parts.is_empty()) {
        (None, _) => vec![("type".to_owned(), "always_sample".into())],
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            typed("and", Yaml::map([("and_sub_policy", sub_policies(parts))]))
        }
    }
}

/// Each needs a name, which nobody sees.
fn sub_policies(parts: Vec<Vec<(String, Item)>>) -> Yaml {
    Yaml::list(parts.into_iter().enumerate().map(|(at, mut entries)| {
        entries.insert(0, ("name".to_owned(), format!("part_{}", at + 1).into()));
        Yaml::Map(entries)
    }))
}

fn literal(Literal { is_so, test }: &Literal) -> Vec<(String, Item)> {
    let test = match test {
        Test::Spans(spans) if spans == &[SpanTest::Error] => {
            typed("status_code", Yaml::map([("status_codes", Yaml::texts(["ERROR"]))]))
        }
        Test::Spans(spans) => typed(
            "ottl_condition",
            Yaml::map([
                ("error_mode", Yaml::text("ignore")),
                ("span", Yaml::texts(spans.iter().map(ottl::condition))),
            ]),
        ),
        Test::Count { least, most } => {
            let least = ("min_spans", Yaml::Number((*least).into()));
            let most = most.map(|most| ("max_spans", Yaml::Number(most.into())));
            typed("span_count", Yaml::map([Some(least), most].into_iter().flatten()))
        }
        Test::Extent(longer_than) => {
            let milliseconds = u64::try_from(longer_than.as_millis()).unwrap_or(u64::MAX);
            typed("latency", Yaml::map([("threshold_ms", Yaml::Number(milliseconds))]))
        }
    };
    if *is_so {
        return test;
    }
    let mut inner = test;
    inner.insert(0, ("name".to_owned(), "inverted".into()));
    typed("not", Yaml::map([("not_sub_policy", Yaml::Map(inner))]))
}

/// `type: X`, and the settings of X.
fn typed(name: &str, settings: Yaml) -> Vec<(String, Item)> {
    vec![("type".to_owned(), name.into()), (name.to_owned(), settings.into())]
}

/// Without the digits that the multiplication adds.
fn percent(ratio: f64) -> f64 {
    format!("{:.12}", ratio * 100.0).parse().unwrap_or(ratio * 100.0)
}
