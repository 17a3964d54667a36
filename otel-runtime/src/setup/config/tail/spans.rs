//! How are conditions of one span read?

use std::ops::Bound;

use opentelemetry::trace::SpanKind;
use strsim::osa_distance;

use super::parse::DEEPEST;
use crate::sampling::ParentKind;
use crate::sampling::tail::{SpanTest, Value, WORDS, word_of_kind};
use crate::setup::config::policy::reader::{Parsed, Reader, long};
use crate::setup::config::suggest::suggestion;

const KINDS: [SpanKind; 5] = [
    SpanKind::Server,
    SpanKind::Client,
    SpanKind::Producer,
    SpanKind::Consumer,
    SpanKind::Internal,
];

const OPERATORS: [&str; 7] = ["!=", "==", ">=", "<=", "=", ">", "<"];

impl Reader<'_> {
    /// `a, b)`, of one and the same span
    pub(super) fn together(&mut self, depth: u32) -> Parsed<SpanTest> {
        let mut all = Vec::new();
        loop {
            let test = self.span(depth + 1)?;
            add(test, &mut all);
            if !self.takes(",") {
                break;
            }
        }
        self.expect(")", "close the bracket, or write a comma and a condition: )")?;
        Ok(SpanTest::all(all))
    }

    pub(super) fn span(&mut self, depth: u32) -> Parsed<SpanTest> {
        self.blanks();
        let begin = self.at;
        if depth >= DEEPEST {
            let remedy = format!("there are more than {DEEPEST} conditions in each other");
            return Err(self.wrong_at(begin, remedy));
        }
        if self.takes_call("all") {
            return self.together(depth);
        }
        if self.takes_call("any") {
            let mut any = Vec::new();
            loop {
                any.push(self.span(depth + 1)?);
                if !self.takes(",") {
                    break;
                }
            }
            self.expect(")", "close the bracket, or write a comma and a condition: )")?;
            return Ok(SpanTest::any(any));
        }
        if self.takes_call("not") {
            let test = self.span(depth + 1)?;
            self.expect(")", "close the bracket: )")?;
            return Ok(SpanTest::Not(Box::new(test)));
        }
        if self.takes_compared("slower") {
            return Ok(SpanTest::SlowerThan(self.time()?));
        }
        if self.takes_compared("name") {
            return Ok(SpanTest::Name(texts(self.values()?)));
        }
        if self.takes_compared("kind") {
            return self.kinds_of_spans();
        }
        if self.takes_compared("parent") {
            return self.parents_of_spans();
        }
        let (_, word) = self.word();
        let word = word.to_ascii_lowercase();
        if !self.comes_operator() {
            match word.as_str() {
                "error" => return Ok(SpanTest::Error),
                "root" => {
                    return Ok(SpanTest::Parent(vec![ParentKind::None, ParentKind::Remote]));
                }
                _ => {}
            }
        }
        self.at = begin;
        self.attribute()
    }

    /// `key=a*|b*`, `key!=a*`, `key==a|b`, `key>=1`
    fn attribute(&mut self) -> Parsed<SpanTest> {
        let begin = self.at;
        let is_quoted = self.rest().starts_with('"');
        let key = if is_quoted {
            self.quoted()?
        } else {
            self.key_until(&['=', '!', '<', '>', ',', ';', '(', ')', '|', '"'])?.to_owned()
        };
        let operator = OPERATORS.into_iter().find(|it| self.rest().starts_with(it));
        let operator = operator.filter(|_| !self.rest().starts_with("=>"));
        let Some(operator) = operator else {
            return Err(if is_quoted {
                self.wrong(format!("write = and a value behind {key:?}"))
            } else {
                self.no_condition(begin, &key)
            });
        };
        if key.is_empty() {
            return Err(self.no_condition(begin, ""));
        }
        if !is_quoted && let Some(word) = meant(&key) {
            let remedy = format!(
                "there is no condition {key}: did you mean {word}? If it is the key of an attribute, put it in \
                 quotes",
            );
            return Err(self.wrong_at(begin, remedy));
        }
        self.at += operator.len();
        let key = if is_quoted { key } else { long(&key).to_owned() };
        let number = |reader: &mut Self| reader.number::<f64>("write a number").map(|it| it.1);
        let unbounded = Bound::Unbounded;
        Ok(match operator {
            "==" => {
                let values = texts(self.values()?).into_iter().map(Value::new).collect();
                SpanTest::Values { key, values }
            }
            "!=" => {
                let excluded = texts(self.values()?);
                SpanTest::Patterns { key, included: Vec::new(), excluded }
            }
            "=" => {
                let included = texts(self.values()?);
                SpanTest::Patterns { key, included, excluded: Vec::new() }
            }
            ">=" => SpanTest::Number { key, low: Bound::Included(number(self)?), high: unbounded },
            ">" => SpanTest::Number { key, low: Bound::Excluded(number(self)?), high: unbounded },
            "<=" => SpanTest::Number { key, low: unbounded, high: Bound::Included(number(self)?) },
            _ => SpanTest::Number { key, low: unbounded, high: Bound::Excluded(number(self)?) },
        })
    }

    fn kinds_of_spans(&mut self) -> Parsed<SpanTest> {
        let words = KINDS.each_ref().map(word_of_kind);
        let mut kinds = Vec::new();
        for (at, value) in self.values()? {
            let lower = value.to_ascii_lowercase();
            let kind = KINDS.into_iter().find(|kind| word_of_kind(kind) == lower);
            let suggestion = || format!("there is no kind {lower}: {}", suggestion(&lower, &words));
            kinds.push(kind.ok_or_else(|| self.wrong_at(at, suggestion()))?);
        }
        Ok(SpanTest::Kind(kinds))
    }

    fn parents_of_spans(&mut self) -> Parsed<SpanTest> {
        let mut parents = Vec::new();
        for (at, value) in self.values()? {
            parents.push(match value.to_ascii_lowercase().as_str() {
                "none" => ParentKind::None,
                "local" => ParentKind::Local,
                "remote" => ParentKind::Remote,
                unknown => {
                    let suggestion = suggestion(unknown, &["local", "none", "remote"]);
                    let remedy = format!("there is no parent {unknown}: {suggestion}");
                    return Err(self.wrong_at(at, remedy));
                }
            });
        }
        Ok(SpanTest::Parent(parents))
    }
}

fn texts(values: Vec<(usize, String)>) -> Vec<String> {
    values.into_iter().map(|(_, value)| value).collect()
}

/// The word that a key without a dot is misspelt from, or is.
fn meant(key: &str) -> Option<&'static str> {
    let lower = key.to_ascii_lowercase();
    // These stand for attributes.
    if key.contains('.') || ["route", "path", "method"].contains(&lower.as_str()) {
        return None;
    }
    let near = |word: &&str| osa_distance(&lower, word) <= usize::from(word.len() > 3);
    WORDS.into_iter().find(near)
}

/// Adds a condition to the others of one span. `key=a` and `key!=b` are one, and so are `key>=1` and `key<2`.
fn add(test: SpanTest, all: &mut Vec<SpanTest>) {
    for before in all.iter_mut() {
        match (before, &test) {
            (
                SpanTest::Patterns { key, included, excluded },
                SpanTest::Patterns { key: same, included: more, excluded: less },
            ) if key == same => {
                if included.is_empty() && less.is_empty() {
                    included.clone_from(more);
                    return;
                }
                if excluded.is_empty() && more.is_empty() {
                    excluded.clone_from(less);
                    return;
                }
            }
            (
                SpanTest::Number { key, low, high },
                SpanTest::Number { key: same, low: other_low, high: other_high },
            ) if key == same => match (&low, &high, other_low, other_high) {
                (Bound::Unbounded, _, _, Bound::Unbounded) => {
                    *low = *other_low;
                    return;
                }
                (_, Bound::Unbounded, Bound::Unbounded, _) => {
                    *high = *other_high;
                    return;
                }
                _ => {}
            },
            _ => {}
        }
    }
    all.push(test);
}
