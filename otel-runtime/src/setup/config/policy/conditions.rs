//! How are rules and their conditions read?

use std::mem::discriminant;

use super::reader::{Parsed, Reader, long};
use super::{Condition, KINDS, Policy, Rule, build};
use crate::sampling::{ParentKind, Ratio};
use crate::setup::config::suggest::suggestion;

impl Reader<'_> {
    /// `(name=GET *, kind=server => off; else => on)`
    pub(super) fn rules(&mut self, depth: u32) -> Parsed<Policy> {
        self.blanks();
        let all = self.at;
        self.expect(
            "(",
            "write rules in brackets, as in rules(route=/healthz => off; else => on)",
        )?;
        let mut rules: Vec<Rule> = Vec::new();
        while !self.takes(")") {
            if rules.last().is_some_and(|rule| rule.conditions.is_empty()) {
                return Err(self.wrong("nothing may follow behind else: put it before"));
            }
            rules.push(self.rule(depth)?);
            if !self.takes(";") {
                self.expect(")", "write ; and another rule, or close the bracket: )")?;
                break;
            }
        }
        if !rules.last().is_some_and(|rule| rule.conditions.is_empty()) {
            let remedy =
                "say what becomes of all other spans: end with else => on, or another sampler";
            return Err(self.wrong_at(all, remedy));
        }
        let policy = Policy::Rules(rules);
        // What contradicts itself, or can never match, is known to the sampler.
        match build(&policy, Ratio::default()) {
            Ok(_) => Ok(policy),
            Err(error) => Err(self.wrong_at(all, error.to_string())),
        }
    }

    fn rule(&mut self, depth: u32) -> Parsed<Rule> {
        let mut conditions = Vec::new();
        self.blanks();
        let begin = self.at;
        let (_, word) = self.word();
        if !word.eq_ignore_ascii_case("else") || self.comes_comparison() {
            self.at = begin;
            loop {
                self.condition(&mut conditions)?;
                if !self.takes(",") {
                    break;
                }
            }
        }
        self.expect("=>", "write => and a sampler, as in route=/healthz => off")?;
        Ok(Rule { conditions, sampler: self.sampler(depth + 1)? })
    }

    fn comes_comparison(&mut self) -> bool {
        self.blanks();
        let rest = self.rest();
        rest.starts_with("!=") || (rest.starts_with('=') && !rest.starts_with("=>"))
    }

    /// `key=a|b`, `key==a` or `key!=a`
    fn condition(&mut self, conditions: &mut Vec<Condition>) -> Parsed<()> {
        self.blanks();
        let begin = self.at;
        let is_quoted = self.rest().starts_with('"');
        let key = if is_quoted { self.quoted()? } else { self.key()?.to_owned() };
        if key.is_empty() {
            let remedy =
                "write a condition, such as name=GET *, kind=server, parent=none or url.path=/a*";
            return Err(self.wrong_at(begin, remedy));
        }
        let operator = ["!=", "==", "="].into_iter().find(|it| self.rest().starts_with(it));
        let Some(operator) = operator.filter(|_| !self.rest().starts_with("=>")) else {
            return Err(self.wrong(format!("write = and a value behind {key}")));
        };
        let at = self.at;
        self.at += operator.len();
        let values = self.values()?;
        let condition = match key.as_str() {
            "name" | "kind" | "parent" if !is_quoted && operator != "=" => {
                return Err(self.wrong_at(at, format!("{key} can be compared by = alone")));
            }
            "name" if !is_quoted => Condition::Name(texts(values)),
            "kind" if !is_quoted => self.kinds(values)?,
            "parent" if !is_quoted => self.parents(values)?,
            key => {
                let key = if is_quoted { key } else { long(key) }.to_owned();
                match operator {
                    "==" => Condition::Values { key, values: texts(values) },
                    "!=" => {
                        Condition::Attribute { key, included: Vec::new(), excluded: texts(values) }
                    }
                    _ => {
                        Condition::Attribute { key, included: texts(values), excluded: Vec::new() }
                    }
                }
            }
        };
        if add(condition, conditions) {
            return Ok(());
        }
        let remedy = format!("{key} is given twice: write {key}{operator}a|b for any of several");
        Err(self.wrong_at(begin, remedy))
    }

    fn kinds(&self, values: Vec<(usize, String)>) -> Parsed<Condition> {
        let kind = |(at, value): (usize, String)| {
            let value = value.to_ascii_lowercase();
            KINDS.into_iter().find(|kind| *kind == value).ok_or_else(|| {
                self.wrong_at(
                    at,
                    format!("there is no kind {value}: {}", suggestion(&value, &KINDS)),
                )
            })
        };
        values.into_iter().map(kind).collect::<Parsed<_>>().map(Condition::Kind)
    }

    fn parents(&self, values: Vec<(usize, String)>) -> Parsed<Condition> {
        const KNOWN: [&str; 3] = ["local", "none", "remote"];
        let parent = |(at, value): (usize, String)| match value.to_ascii_lowercase().as_str() {
            "none" => Ok(ParentKind::None),
            "local" => Ok(ParentKind::Local),
            "remote" => Ok(ParentKind::Remote),
            unknown => {
                let suggestion = suggestion(unknown, &KNOWN);
                Err(self.wrong_at(at, format!("there is no parent {unknown}: {suggestion}")))
            }
        };
        values.into_iter().map(parent).collect::<Parsed<_>>().map(Condition::Parent)
    }
}

fn texts(values: Vec<(usize, String)>) -> Vec<String> {
    values.into_iter().map(|(_, value)| value).collect()
}

/// Adds a condition to the others of its rule; false if it is about the same as one of them. `key=a` and
/// `key!=b` are one.
fn add(condition: Condition, all: &mut Vec<Condition>) -> bool {
    if let Condition::Attribute { key, included, excluded } = &condition {
        for other in all.iter_mut() {
            let Condition::Attribute { key: before, included: more, excluded: less } = other else {
                continue;
            };
            if before == key {
                let fits = if included.is_empty() { less.is_empty() } else { more.is_empty() };
                if fits {
                    more.extend(included.iter().cloned());
                    less.extend(excluded.iter().cloned());
                }
                return fits;
            }
        }
    } else if condition.key().is_none()
        && all.iter().any(|other| discriminant(other) == discriminant(&condition))
    {
        return false;
    }
    all.push(condition);
    true
}
