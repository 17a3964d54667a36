//! Which sampler does a file describe?

use std::time::Duration;

use super::section::{Entry, Section, SectionReader};
use crate::sampling::{ParentKind, Sampler};
use crate::setup::config::env;
use crate::setup::config::policy::{
    Branches, Chosen, Condition, JaegerRemote, KINDS, Policy, Rule, build, endpoint, interval,
};
use crate::setup::config::source::Given;
use crate::setup::config::suggest::suggestion;

const KNOWN: [&str; 9] = [
    "always_on",
    "always_off",
    "trace_id_ratio_based",
    "parent_based",
    "always_record",
    "composite/development",
    "jaeger_remote/development",
    "probability/development",
    OWN,
];

/// Samplers that one `composite/development` is made of.
const COMPOSABLE: [&str; 6] =
    ["always_on", "always_off", "parent_threshold", "probability", "rule_based", OWN];

/// A sampler as a text, for what the schema lacks.
const OWN: &str = env!("CARGO_PKG_NAME");

/// `sampler`
pub(super) fn read(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Chosen>> {
    let path = entry.path().to_owned();
    let policy = describe(entry, reader)?;
    Some(reader.given(path, Chosen::Policy(policy)))
}

fn describe(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Policy> {
    let (kind, entry) = entry.choice(&KNOWN, reader)?;
    match kind {
        "always_on" => Some(nothing(entry, Sampler::AlwaysOn, reader)),
        "always_off" => Some(nothing(entry, Sampler::AlwaysOff, reader)),
        "trace_id_ratio_based" => {
            ratio(entry, reader).map(|of| Policy::Standard(Sampler::TraceIdRatio(of)))
        }
        "probability/development" => ratio(entry, reader).map(Policy::Probability),
        "always_record" => {
            let root = only(entry, "root", describe, reader)?;
            Some(Policy::AlwaysRecord(Box::new(root)))
        }
        "parent_based" => {
            let mut section = entry.section(reader);
            let mut branch = |key| section.take(key).and_then(|entry| describe(entry, reader));
            let branches = Branches {
                root: branch("root").unwrap_or(Policy::Standard(Sampler::AlwaysOn)),
                remote_sampled: branch("remote_parent_sampled"),
                remote_not_sampled: branch("remote_parent_not_sampled"),
                local_sampled: branch("local_parent_sampled"),
                local_not_sampled: branch("local_parent_not_sampled"),
            };
            section.finish(reader);
            Some(branches.sampler())
        }
        "composite/development" => composable(entry, reader),
        OWN => text(entry, reader),
        _ => remote(entry, reader),
    }
}

/// One of those that `composite/development` is made of.
fn composable(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Policy> {
    let (kind, entry) = entry.choice(&COMPOSABLE, reader)?;
    match kind {
        "always_on" => Some(nothing(entry, Sampler::AlwaysOn, reader)),
        "always_off" => Some(nothing(entry, Sampler::AlwaysOff, reader)),
        "probability" => ratio(entry, reader).map(Policy::Probability),
        "parent_threshold" => {
            Some(Branches::of_root(only(entry, "root", composable, reader)?).sampler())
        }
        OWN => text(entry, reader),
        _ => rules(entry, reader),
    }
}

/// `jaeger_remote/development`
fn remote(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Policy> {
    let mut section = entry.section(reader);
    let url = section.require("endpoint", "write the URL of a server", reader);
    let url = url.and_then(|entry| entry.text(reader));
    let time = section.take("interval").map(|entry| entry.whole(reader));
    let initial = section.require("initial_sampler", "write a sampler", reader);
    let initial = initial.and_then(|entry| describe(entry, reader));
    section.finish(reader);
    let mut remote = JaegerRemote { initial: Box::new(initial?), ..JaegerRemote::default() };
    let Given { value, from } = url?;
    match endpoint(&value) {
        Ok(url) => remote.endpoint = url,
        Err(remedy) => {
            reader.problems.add(from, Some(value), remedy);
            return None;
        }
    }
    if let Some(time) = time {
        let Given { value, from } = time?;
        match interval(Duration::from_millis(value)) {
            Ok(time) => remote.interval = time,
            Err(remedy) => {
                reader.problems.add(from, Some(value.to_string()), remedy);
                return None;
            }
        }
    }
    Some(Policy::JaegerRemote(remote))
}

fn nothing(entry: Entry, sampler: Sampler, reader: &mut SectionReader<'_>) -> Policy {
    entry.nothing(reader);
    Policy::Standard(sampler)
}

fn text(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Policy> {
    let Given { value, from } = entry.text(reader)?;
    match env::policy(&value) {
        Ok(policy) => Some(policy),
        Err(remedy) => {
            reader.problems.add(from, Some(value), remedy);
            None
        }
    }
}

/// The sampler under the one key that has to be there.
fn only(
    entry: Entry,
    key: &'static str,
    read: fn(Entry, &mut SectionReader<'_>) -> Option<Policy>,
    reader: &mut SectionReader<'_>,
) -> Option<Policy> {
    let mut section = entry.section(reader);
    let entry = section.require(key, "write a sampler", reader);
    let policy = entry.and_then(|entry| read(entry, reader));
    section.finish(reader);
    policy
}

/// "1.0 is used."
fn ratio(entry: Entry, reader: &mut SectionReader<'_>) -> Option<f64> {
    let mut section = entry.section(reader);
    let given = section.take("ratio").map(|entry| entry.number(reader));
    section.finish(reader);
    let Some(given) = given else { return Some(1.0) };
    let Given { value, from } = given?;
    if !(0.0..=1.0).contains(&value) {
        let remedy = "write a number from 0 to 1, such as 0.25";
        reader.problems.add(from, Some(value.to_string()), remedy);
        return None;
    }
    Some(value)
}

/// `rule_based`; "if no rules match, the span is not sampled."
fn rules(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Policy> {
    let path = entry.path().to_owned();
    let mut section = entry.section(reader);
    let entry = section.require("rules", "write a list of rules", reader);
    let rules = entry.map(|entry| entry.list(reader));
    section.finish(reader);
    let count = rules.as_ref().map_or(0, Vec::len);
    let mut rules: Vec<Rule> = rules?.into_iter().filter_map(|entry| rule(entry, reader)).collect();
    if rules.is_empty() || rules.len() < count {
        return None;
    }
    if rules.last().is_some_and(|rule| !rule.conditions.is_empty()) {
        let sampler = Policy::Standard(Sampler::AlwaysOff);
        rules.push(Rule { conditions: Vec::new(), sampler });
    }
    let policy = Policy::Rules(rules);
    match build(&policy, crate::sampling::Ratio::default()) {
        Ok(_) => Some(policy),
        Err(error) => {
            reader.fault(&path, error.to_string());
            None
        }
    }
}

fn rule(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Rule> {
    let mut section = entry.section(reader);
    let mut conditions = Vec::new();
    if let Some(entry) = section.take("attribute_values") {
        let mut section = entry.section(reader);
        let key = required_text(&mut section, "key", reader);
        let values = texts(&mut section, "values", reader);
        section.finish(reader);
        conditions.push(Condition::Values { key: key?, values });
    }
    if let Some(entry) = section.take("attribute_patterns") {
        let mut section = entry.section(reader);
        let key = required_text(&mut section, "key", reader);
        let included = texts(&mut section, "included", reader);
        let excluded = texts(&mut section, "excluded", reader);
        section.finish(reader);
        conditions.push(Condition::Attribute { key: key?, included, excluded });
    }
    let kinds = words(&mut section, "span_kinds", &KINDS, reader);
    if let Ok(Some(words)) = &kinds {
        conditions.push(Condition::Kind(words.clone()));
    }
    let parents = words(&mut section, "parent", &["none", "remote", "local"], reader);
    let is_known = kinds.is_ok() && parents.is_ok();
    if let Ok(Some(words)) = parents {
        let parents = words.into_iter().map(|word| match word {
            "none" => ParentKind::None,
            "remote" => ParentKind::Remote,
            _ => ParentKind::Local,
        });
        conditions.push(Condition::Parent(parents.collect()));
    }
    let entry = section.require("sampler", "write a sampler", reader);
    let sampler = entry.and_then(|entry| composable(entry, reader));
    section.finish(reader);
    sampler.filter(|_| is_known).map(|sampler| Rule { conditions, sampler })
}

fn required_text(
    section: &mut Section,
    key: &'static str,
    reader: &mut SectionReader<'_>,
) -> Option<String> {
    let entry = section.require(key, "write the key of an attribute", reader)?;
    Some(entry.text(reader)?.value)
}

fn texts(section: &mut Section, key: &'static str, reader: &mut SectionReader<'_>) -> Vec<String> {
    let entries = section.take(key).map(|entry| entry.list(reader)).unwrap_or_default();
    entries.into_iter().filter_map(|entry| Some(entry.text(reader)?.value)).collect()
}

/// Somebody was told of a mistake.
struct Told;

/// The words of a list, if it is there.
fn words<'a>(
    section: &mut Section,
    key: &'static str,
    known: &[&'a str],
    reader: &mut SectionReader<'_>,
) -> Result<Option<Vec<&'a str>>, Told> {
    let Some(entry) = section.take(key) else { return Ok(None) };
    let mut words = Vec::new();
    for entry in entry.list(reader) {
        let Given { value, from } = entry.text(reader).ok_or(Told)?;
        let Some(word) = known.iter().copied().find(|word| *word == value) else {
            let remedy = suggestion(&value, known);
            reader.problems.add(from, Some(value), remedy);
            return Err(Told);
        };
        words.push(word);
    }
    Ok(Some(words))
}
