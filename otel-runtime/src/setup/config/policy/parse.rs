//! How is the text of a sampler read?
//!
//! From left to right, once, without going back. The first mistake is told with its place.

use std::str::FromStr;

use super::reader::{Parsed, PolicyError, Reader, long};
use super::{Branches, JaegerRemote, Policy, Throughput, endpoint, interval};
use crate::sampling::{RateLimiting, Sampler, TargetThroughput};
use crate::setup::config::suggest::suggestion;

/// A longer text is no sampler.
const MOST_BYTES: usize = 64 * 1024;
/// How deep samplers stand in each other at most.
const DEEPEST: u32 = 16;

/// What each sampler is called, and what may stand for it.
const SAMPLERS: [&str; 20] = [
    "always_off",
    "always_on",
    "always_record",
    "annotate",
    "jaeger_remote",
    "off",
    "on",
    "parent",
    "parentbased_always_off",
    "parentbased_always_on",
    "parentbased_jaeger_remote",
    "parentbased_probability",
    "parentbased_traceidratio",
    "probability",
    "rate",
    "ratio",
    "rules",
    "throughput",
    "traceidratio",
    "parentbased_ratio",
];

const BRANCHES: [&str; 4] =
    ["remote_sampled", "remote_not_sampled", "local_sampled", "local_not_sampled"];

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Parsed<Policy> {
        if text.len() > MOST_BYTES {
            let remedy = format!("this is too long: a sampler has {MOST_BYTES} bytes at most");
            return Err(PolicyError { at: 1, remedy });
        }
        let mut reader = Reader { text, at: 0 };
        let policy = reader.sampler(0)?;
        reader.blanks();
        if reader.at < text.len() {
            return Err(
                reader.wrong("this is left over: end here, or write one sampler around all")
            );
        }
        Ok(policy)
    }
}

impl Reader<'_> {
    /// A share from 0 to 1.
    fn share(&mut self) -> Parsed<f64> {
        const REMEDY: &str = "write a number from 0 to 1, such as 0.1";
        let (begin, share) = self.number(REMEDY)?;
        if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(self.wrong_at(begin, REMEDY)) }
    }

    pub(super) fn sampler(&mut self, depth: u32) -> Parsed<Policy> {
        let (begin, word) = self.word();
        if depth >= DEEPEST {
            let remedy = format!("there are more than {DEEPEST} samplers in each other");
            return Err(self.wrong_at(begin, remedy));
        }
        Ok(match word.to_ascii_lowercase().as_str() {
            "always_on" | "on" => Policy::Standard(Sampler::AlwaysOn),
            "always_off" | "off" => Policy::Standard(Sampler::AlwaysOff),
            "traceidratio" | "ratio" => Policy::Standard(Sampler::TraceIdRatio(self.share()?)),
            "parentbased_always_on" => Policy::Standard(Sampler::ParentBasedAlwaysOn),
            "parentbased_always_off" => Policy::Standard(Sampler::ParentBasedAlwaysOff),
            "parentbased_traceidratio" | "parentbased_ratio" => {
                Policy::Standard(Sampler::ParentBasedTraceIdRatio(self.share()?))
            }
            "probability" => Policy::Probability(self.share()?),
            "parentbased_probability" => {
                Branches::of_root(Policy::Probability(self.share()?)).sampler()
            }
            "rate" => self.rate()?,
            "throughput" => self.throughput()?,
            "parent" => self.parent(depth)?,
            "rules" => self.rules(depth)?,
            "annotate" => self.annotate(depth)?,
            "jaeger_remote" => self.jaeger_remote(depth)?,
            "parentbased_jaeger_remote" => Branches::of_root(self.jaeger_remote(depth)?).sampler(),
            "always_record" => {
                self.expect("(", "write the sampler in brackets, as in always_record(off)")?;
                let policy = self.sampler(depth + 1)?;
                self.expect(")", "close the bracket: )")?;
                Policy::AlwaysRecord(Box::new(policy))
            }
            "" => {
                let remedy = format!("write a sampler: {}", suggestion("", &SAMPLERS));
                return Err(self.wrong_at(begin, remedy));
            }
            unknown => {
                let suggestion = suggestion(unknown, &SAMPLERS);
                let remedy = format!("there is no sampler {unknown}: {suggestion}");
                return Err(self.wrong_at(begin, remedy));
            }
        })
    }

    /// `10`, a second
    fn rate(&mut self) -> Parsed<Policy> {
        let (begin, rate) = self.number("write how many traces a second, such as 10 or 0.1")?;
        match RateLimiting::new(rate) {
            Ok(_) => Ok(Policy::Rate(rate)),
            Err(error) => Err(self.wrong_at(begin, error.to_string())),
        }
    }

    /// `100 spans by http.route by name weight 0.8 interval 10s keys 500`
    fn throughput(&mut self) -> Parsed<Policy> {
        const KNOWN: [&str; 6] = ["by", "interval", "keys", "spans", "traces", "weight"];
        let (begin, per_second) = self.number("write how many traces a second, such as 100")?;
        let sampler = TargetThroughput::traces(per_second);
        let mut sampler = sampler.map_err(|error| self.wrong_at(begin, error.to_string()))?;
        let mut described = Throughput {
            per_second,
            counts_spans: false,
            by: Vec::new(),
            weight: None,
            interval: None,
            keys: None,
        };
        loop {
            let (begin, word) = self.word();
            let value = {
                self.blanks();
                self.at
            };
            let checked = match word.to_ascii_lowercase().as_str() {
                "" => return Ok(Policy::Throughput(described)),
                "traces" => Ok(sampler),
                "spans" => {
                    described.counts_spans = true;
                    Ok(sampler)
                }
                "by" => {
                    described.by.push(self.key_of_throughput()?);
                    Ok(sampler)
                }
                "weight" => {
                    let (_, weight) = self.number("write a number up to 1, such as 0.8")?;
                    described.weight = Some(weight);
                    sampler.weight(weight)
                }
                "keys" => {
                    let (_, keys) = self.number("write a whole number, such as 500")?;
                    described.keys = Some(keys);
                    sampler.max_keys(keys)
                }
                "interval" => {
                    let interval = self.time()?;
                    described.interval = Some(interval);
                    sampler.interval(interval)
                }
                unknown => {
                    let suggestion = suggestion(unknown, &KNOWN);
                    let remedy = format!("throughput knows no {unknown}: {suggestion}");
                    return Err(self.wrong_at(begin, remedy));
                }
            };
            sampler = checked.map_err(|error| self.wrong_at(value, error.to_string()))?;
        }
    }

    fn key_of_throughput(&mut self) -> Parsed<String> {
        self.blanks();
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        let rest = self.rest();
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')');
        let key = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        if key.is_empty() {
            return Err(self.wrong("write the key of an attribute, such as http.route, or name"));
        }
        self.at += key.len();
        Ok(long(key).to_owned())
    }

    /// `(root, remote_sampled=..)`
    fn parent(&mut self, depth: u32) -> Parsed<Policy> {
        self.expect(
            "(",
            "write the sampler for traces that begin here in brackets, as in parent(rate 10)",
        )?;
        self.blanks();
        let begin = self.at;
        let root = self.sampler(depth + 1)?;
        if let Policy::Throughput(_) = root {
            let remedy = "throughput counts what continues, too: write it without parent(..)";
            return Err(self.wrong_at(begin, remedy));
        }
        let mut branches = Branches::of_root(root);
        while self.takes(",") {
            let (begin, word) = self.word();
            let branch = match word.to_ascii_lowercase().as_str() {
                "remote_sampled" => &mut branches.remote_sampled,
                "remote_not_sampled" => &mut branches.remote_not_sampled,
                "local_sampled" => &mut branches.local_sampled,
                "local_not_sampled" => &mut branches.local_not_sampled,
                unknown => {
                    let suggestion = suggestion(unknown, &BRANCHES);
                    let remedy = format!("there is no kind of parent {unknown:?}: {suggestion}");
                    return Err(self.wrong_at(begin, remedy));
                }
            };
            if branch.is_some() {
                return Err(self.wrong_at(begin, format!("{word} is given twice: keep one")));
            }
            self.expect("=", "write = and a sampler, as in remote_sampled=on")?;
            *branch = Some(self.sampler(depth + 1)?);
        }
        self.expect(")", "close the bracket, or write a comma and a kind of parent: )")?;
        Ok(branches.sampler())
    }

    /// Nothing, or `(endpoint=http://localhost:5778, interval=60s, initial=ratio 0.001)`
    fn jaeger_remote(&mut self, depth: u32) -> Parsed<Policy> {
        const KNOWN: [&str; 3] = ["endpoint", "initial", "interval"];
        let mut remote = JaegerRemote::default();
        if !self.takes("(") {
            return Ok(Policy::JaegerRemote(remote));
        }
        loop {
            let (begin, word) = self.word();
            let word = word.to_ascii_lowercase();
            if !KNOWN.contains(&word.as_str()) {
                let suggestion = suggestion(&word, &KNOWN);
                let remedy = format!("jaeger_remote knows no {word:?}: {suggestion}");
                return Err(self.wrong_at(begin, remedy));
            }
            self.expect("=", "write = and a value")?;
            self.blanks();
            let at = self.at;
            match word.as_str() {
                "endpoint" => {
                    let url = self.values()?.into_iter().next().unwrap_or_default().1;
                    remote.endpoint = endpoint(&url).map_err(|remedy| self.wrong_at(at, remedy))?;
                }
                "interval" => {
                    let time = self.time()?;
                    remote.interval = interval(time).map_err(|remedy| self.wrong_at(at, remedy))?;
                }
                _ => remote.initial = Box::new(self.sampler(depth + 1)?),
            }
            if !self.takes(",") {
                break;
            }
        }
        self.expect(")", "close the bracket: )")?;
        Ok(Policy::JaegerRemote(remote))
    }

    /// `(key=value, key=value => sampler)`
    fn annotate(&mut self, depth: u32) -> Parsed<Policy> {
        self.expect(
            "(",
            "write attributes and a sampler in brackets, as in annotate(by=rules => on)",
        )?;
        let mut attributes = Vec::new();
        loop {
            self.blanks();
            let begin = self.at;
            let key =
                if self.rest().starts_with('"') { self.quoted()? } else { self.key()?.to_owned() };
            if key.is_empty() {
                return Err(
                    self.wrong_at(begin, "write the key of an attribute, such as sampled.by")
                );
            }
            self.expect("=", "write = and the value of the attribute")?;
            let mut values = self.values()?;
            match (values.pop(), values.is_empty()) {
                (Some((_, value)), true) => attributes.push((key, value)),
                _ => {
                    return Err(
                        self.wrong_at(begin, "an attribute has one value here: put | in quotes")
                    );
                }
            }
            if !self.takes(",") {
                break;
            }
        }
        self.expect("=>", "write => and the sampler whose spans get these attributes")?;
        let policy = self.sampler(depth + 1)?;
        self.expect(")", "close the bracket: )")?;
        Ok(Policy::Annotate(attributes, Box::new(policy)))
    }
}
