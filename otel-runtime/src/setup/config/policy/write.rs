//! How is a sampler written as the text that describes it?

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

use super::{Branches, Condition, JaegerRemote, Policy, Rule, Throughput};
use crate::sampling::ParentKind;

/// In the one grammar: what is read from it is the same sampler.
impl Display for Policy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Policy::Standard(sampler) => write!(f, "{sampler}"),
            Policy::Probability(ratio) => write!(f, "probability {ratio}"),
            Policy::Rate(rate) => write!(f, "rate {rate}"),
            Policy::Throughput(throughput) => write!(f, "{throughput}"),
            Policy::Parent(branches) => write!(f, "parent({branches})"),
            Policy::Rules(rules) => {
                f.write_str("rules(")?;
                for (index, rule) in rules.iter().enumerate() {
                    write!(f, "{}{rule}", if index == 0 { "" } else { "; " })?;
                }
                f.write_str(")")
            }
            Policy::Annotate(attributes, sampler) => {
                f.write_str("annotate(")?;
                for (index, (key, value)) in attributes.iter().enumerate() {
                    let before = if index == 0 { "" } else { ", " };
                    write!(f, "{before}{}={}", Quoted(key), Quoted(value))?;
                }
                write!(f, " => {sampler})")
            }
            Policy::AlwaysRecord(sampler) => write!(f, "always_record({sampler})"),
            Policy::JaegerRemote(JaegerRemote { endpoint, interval, initial }) => {
                let (endpoint, interval) = (Quoted(endpoint), Time(*interval));
                write!(
                    f,
                    "jaeger_remote(endpoint={endpoint}, interval={interval}, initial={initial})"
                )
            }
        }
    }
}

impl Display for Throughput {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Throughput { per_second, counts_spans, by, weight, interval, keys } = self;
        write!(f, "throughput {per_second}")?;
        if *counts_spans {
            f.write_str(" spans")?;
        }
        for key in by {
            write!(f, " by {}", Quoted(key))?;
        }
        if let Some(weight) = weight {
            write!(f, " weight {weight}")?;
        }
        if let Some(interval) = interval {
            write!(f, " interval {}", Time(*interval))?;
        }
        if let Some(keys) = keys {
            write!(f, " keys {keys}")?;
        }
        Ok(())
    }
}

impl Display for Branches {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Branches { root, remote_sampled, remote_not_sampled, local_sampled, local_not_sampled } =
            self;
        write!(f, "{root}")?;
        for (word, branch) in [
            ("remote_sampled", remote_sampled),
            ("remote_not_sampled", remote_not_sampled),
            ("local_sampled", local_sampled),
            ("local_not_sampled", local_not_sampled),
        ] {
            if let Some(branch) = branch {
                write!(f, ", {word}={branch}")?;
            }
        }
        Ok(())
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Rule { conditions, sampler } = self;
        if conditions.is_empty() {
            f.write_str("else")?;
        }
        for (index, condition) in conditions.iter().enumerate() {
            write!(f, "{}{condition}", if index == 0 { "" } else { ", " })?;
        }
        write!(f, " => {sampler}")
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Name(patterns) => write!(f, "name={}", Any(patterns)),
            Condition::Kind(kinds) => write!(f, "kind={}", kinds.join("|")),
            Condition::Parent(parents) => {
                let words = parents.iter().map(|parent| match parent {
                    ParentKind::None => "none",
                    ParentKind::Local => "local",
                    ParentKind::Remote => "remote",
                });
                write!(f, "parent={}", words.collect::<Vec<_>>().join("|"))
            }
            Condition::Attribute { key, included, excluded } => {
                let key = Key(key);
                match (included.is_empty(), excluded.is_empty()) {
                    (false, true) => write!(f, "{key}={}", Any(included)),
                    (true, _) => write!(f, "{key}!={}", Any(excluded)),
                    (false, false) => {
                        write!(f, "{key}={}, {key}!={}", Any(included), Any(excluded))
                    }
                }
            }
            Condition::Values { key, values } => write!(f, "{}=={}", Key(key), Any(values)),
        }
    }
}

/// `a|b`
struct Any<'a>(&'a [String]);

impl Display for Any<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { "|" }, Quoted(value))?;
        }
        Ok(())
    }
}

/// Words that mean something else in the place of a key.
const WORDS: [&str; 7] = ["else", "kind", "method", "name", "parent", "path", "route"];

/// The key of an attribute in a condition.
struct Key<'a>(&'a str);

impl Display for Key<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if WORDS.contains(&self.0) { quoted(f, self.0) } else { write!(f, "{}", Quoted(self.0)) }
    }
}

/// In quotes only where it needs them.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let is_plain =
            |c: char| !matches!(c, '"' | '\\' | ',' | ';' | '|' | '(' | ')' | '=' | '!' | '>');
        if !text.is_empty() && text.trim() == text && text.chars().all(is_plain) {
            f.write_str(text)
        } else {
            quoted(f, text)
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}

/// `10s`, or `250ms`.
struct Time(Duration);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.as_millis();
        if milliseconds.is_multiple_of(1000) {
            write!(f, "{}s", milliseconds / 1000)
        } else {
            write!(f, "{milliseconds}ms")
        }
    }
}
