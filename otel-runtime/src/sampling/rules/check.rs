//! Can what a rule says ever be so, and does the rule ever get its turn?

use super::super::error::SamplerError;
use super::condition::{ANY, Conditions, OfAttribute, ParentKind, Test, Wanted, kind};
use super::pattern::Pattern;
use super::rule::{Rule, WrittenAttribute, WrittenTest};

/// The conditions of all rules, in their order, or the first mistake.
pub(super) fn check(rules: &[Rule]) -> Result<Vec<Conditions>, SamplerError> {
    let mut checked: Vec<Conditions> = Vec::new();
    not_empty("rules", rules)?;
    for (at, rule) in rules.iter().enumerate() {
        let field = format!("rules[{at}]");
        let conditions = conditions(&field, rule)?;
        let hides = |before: &Conditions| before.are_none() || *before == conditions;
        if let Some(before) = checked.iter().position(hides) {
            let remedy = format!(
                "rules[{before}] decides about every span that this one would: put this one before it, \
                 or leave it out",
            );
            return Err(SamplerError::new(&field, "never reached", remedy));
        }
        checked.push(conditions);
    }
    Ok(checked)
}

fn conditions(field: &str, rule: &Rule) -> Result<Conditions, SamplerError> {
    let mut conditions =
        Conditions { kinds: ANY, parents: ANY, names: Vec::new(), attributes: Vec::new() };
    if let Some(kinds) = &rule.kinds {
        not_empty(&format!("{field}.kinds"), kinds)?;
        conditions.kinds = kinds.iter().map(kind).fold(0, |bits, bit| bits | bit);
    }
    if let Some(parents) = &rule.parents {
        not_empty(&format!("{field}.parents"), parents)?;
        conditions.parents =
            parents.iter().copied().map(ParentKind::bit).fold(0, |bits, bit| bits | bit);
    }
    if let Some(names) = &rule.span_names {
        let field = format!("{field}.span_names");
        not_empty(&field, names)?;
        conditions.names = patterns(&field, names)?;
    }
    for written in &rule.attributes {
        let condition = of_attribute(field, written)?;
        for before in conditions.attributes.iter().filter(|before| before.key == condition.key) {
            not_apart(field, before, &condition)?;
        }
        conditions.attributes.push(condition);
    }
    Ok(conditions)
}

fn of_attribute(field: &str, written: &WrittenAttribute) -> Result<OfAttribute, SamplerError> {
    let WrittenAttribute { key, test } = written;
    if key.as_str().is_empty() {
        let remedy = "write the key of an attribute, such as url.path";
        return Err(SamplerError::new(&format!("{field}.attribute.key"), "empty", remedy));
    }
    let test = match test {
        WrittenTest::Values(values) => {
            not_empty(&format!("{field}.attribute_values.{key}"), values)?;
            Test::OneOf(values.iter().map(Wanted::new).collect())
        }
        WrittenTest::Patterns { included, excluded } => {
            let field = format!("{field}.attribute_patterns.{key}");
            if included.is_empty() && excluded.is_empty() {
                return Err(empty(&field));
            }
            let test = Test::Matches {
                included: patterns(&format!("{field}.included"), included)?,
                excluded: patterns(&format!("{field}.excluded"), excluded)?,
            };
            contradiction(&field, &test, included)?;
            test
        }
    };
    Ok(OfAttribute { key: key.clone(), test })
}

/// What is excluded leaves something that is included.
fn contradiction(field: &str, test: &Test, written: &[String]) -> Result<(), SamplerError> {
    let Test::Matches { included, excluded } = test else { return Ok(()) };
    let is_out =
        |pattern: &Pattern| excluded.iter().any(|other| other == pattern || other.is_any());
    let is_out = |(pattern, text): (&Pattern, &String)| {
        // A pattern without wildcards is a text.
        is_out(pattern) || (!text.contains(['*', '?']) && !test.passes_text(text))
    };
    let all_out = !included.is_empty() && included.iter().zip(written).all(is_out);
    if all_out || excluded.iter().any(Pattern::is_any) {
        let remedy = "no value is left: exclude less than is included";
        return Err(SamplerError::new(&format!("{field}.excluded"), "everything", remedy));
    }
    Ok(())
}

/// Two conditions of one attribute can both be met.
fn not_apart(field: &str, one: &OfAttribute, other: &OfAttribute) -> Result<(), SamplerError> {
    let none_passes = |values: &OfAttribute, by: &OfAttribute| match &values.test {
        Test::OneOf(wanted) => !wanted.iter().any(|wanted| by.test.passes_text(&wanted.text)),
        Test::Matches { .. } => false,
    };
    if none_passes(one, other) || none_passes(other, one) {
        let field = format!("{field}.attribute_values.{}", one.key);
        let remedy = "another condition of the same attribute takes none of these values: make them two \
                      rules, or leave one out";
        return Err(SamplerError::new(&field, "never met", remedy));
    }
    Ok(())
}

fn patterns(field: &str, patterns: &[String]) -> Result<Vec<Pattern>, SamplerError> {
    let patterns = patterns.iter().enumerate();
    let checked = patterns.map(|(at, text)| {
        let field = format!("{field}[{at}]");
        if text.is_empty() { Err(empty(&field)) } else { Pattern::new(&field, text) }
    });
    checked.collect()
}

fn not_empty<T>(field: &str, list: &[T]) -> Result<(), SamplerError> {
    if list.is_empty() { Err(empty(field)) } else { Ok(()) }
}

fn empty(field: &str) -> SamplerError {
    let remedy = "write at least one, or leave the condition out";
    SamplerError::new(field, "empty", remedy)
}
