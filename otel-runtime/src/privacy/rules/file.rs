//! Which rules are in a file that is shaped like gitleaks'?
//!
//! [The format](https://github.com/gitleaks/gitleaks#configuration), TOML. An unknown key is refused: a slip of the
//! pen would otherwise switch off a part of a rule.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::RulesError;
use super::rule::{Exception, Rule, Target, compiled};

type Table<'i> = Spanned<DeValue<'i>>;

/// Reads the rules.
pub(super) fn parse(name: &str, text: &str) -> Result<Vec<Rule>, RulesError> {
    let line =
        |span: Range<usize>| 1 + text.get(..span.start).unwrap_or(text).matches('\n').count();
    rules(text).map_err(|Fault { error, span }| RulesError {
        file: Some(name.to_owned()),
        line: span.map(line),
        ..error
    })
}

/// What is wrong, and where in the text.
struct Fault {
    error: RulesError,
    span: Option<Range<usize>>,
}

fn rules(text: &str) -> Result<Vec<Rule>, Fault> {
    let root = DeTable::parse(text).map_err(|error| Fault {
        error: RulesError::new("", format!("write TOML: {}", error.message())),
        span: error.span(),
    })?;
    let (mut rules, mut exceptions) = (Vec::new(), Vec::new());
    let fault = |span, remedy: &str| Fault { error: RulesError::new("", remedy), span: Some(span) };
    for (key, value) in root.get_ref() {
        match key.get_ref().as_ref() {
            "rules" => {
                rules = tables(value).ok_or_else(|| fault(value.span(), "write [[rules]]"))?;
            }
            "allowlist" | "allowlists" => {
                for table in
                    one_or_more(value).ok_or_else(|| fault(value.span(), "write [[allowlists]]"))?
                {
                    exceptions.push(exception("", table)?);
                }
            }
            // They say nothing about what is found.
            "title" | "description" | "minVersion" => {}
            "extend" => {
                let remedy = "leave extend out: the rules that come with gitleaks are not here, and one file cannot \
                              name another";
                return Err(fault(value.span(), remedy));
            }
            other => {
                let remedy =
                    format!("leave {other} out: there are [[rules]], [[allowlists]] and title");
                return Err(fault(key.span(), &remedy));
            }
        }
    }
    let mut read: Vec<Rule> = Vec::new();
    for table in rules {
        let Some(rule) = rule(table)? else { continue };
        if read.iter().any(|it| it.id == rule.id) {
            let error =
                RulesError::new(&rule.id, "give it another id: there is one with this already");
            return Err(Fault { error, span: Some(table.span()) });
        }
        read.push(exceptions.iter().cloned().fold(rule, Rule::excepting));
    }
    Ok(read)
}

/// One rule; `None` for one that looks at the names of files only.
fn rule(table: &Table<'_>) -> Result<Option<Rule>, Fault> {
    let Some(keys) = table.get_ref().as_table() else {
        return Err(Fault {
            error: RulesError::new("", "write [[rules]] with an id and a regex"),
            span: Some(table.span()),
        });
    };
    let text = |key: &str| keys.get(key).and_then(|it| it.get_ref().as_str());
    let id = text("id").unwrap_or_default();
    let at = |span: Range<usize>| move |error| Fault { error, span: Some(span) };
    let fault = |span: Range<usize>, remedy: &str| Fault {
        error: RulesError::new(id, remedy),
        span: Some(span),
    };
    if !keys.contains_key("regex") && keys.contains_key("path") {
        return Ok(None);
    }
    let Some(pattern) = text("regex") else {
        return Err(fault(table.span(), "write a regex = '''..'''"));
    };
    let place = keys.get("regex").map_or(table.span(), Spanned::span);
    let mut rule = Rule::new(id, pattern).map_err(at(place))?;
    for (key, value) in keys {
        let span = value.span();
        let value_of = value.get_ref();
        rule = match key.get_ref().as_ref() {
            "class" => {
                let class = value_of.as_str().unwrap_or_default().parse();
                rule.class(class.map_err(|error: crate::privacy::UnknownClass| {
                    fault(span, &format!("write a class: {error}"))
                })?)
            }
            "keywords" => {
                let words = texts(value).ok_or_else(|| fault(span, "write a list of words"))?;
                rule.keywords(words)
            }
            "secretGroup" => {
                let group = value_of.as_integer().and_then(|it| it.as_str().parse().ok());
                let group =
                    group.ok_or_else(|| fault(span.clone(), "write the number of a group"))?;
                rule.group(group).map_err(at(span))?
            }
            "entropy" => {
                let number = match value_of {
                    DeValue::Float(it) => it.as_str().parse().ok(),
                    DeValue::Integer(it) => it.as_str().parse().ok(),
                    _ => None,
                };
                let bits = number.filter(|it: &f64| (0.0..=8.0).contains(it));
                rule.entropy(bits.ok_or_else(|| fault(span, "write a number from 0 to 8"))?)
            }
            "allowlist" | "allowlists" => {
                let tables =
                    one_or_more(value).ok_or_else(|| fault(span, "write [[rules.allowlists]]"))?;
                for table in tables {
                    rule = rule.excepting(exception(id, table)?);
                }
                rule
            }
            // The last two are about files, of which a span has none.
            "id" | "regex" | "description" | "tags" | "skipReport" | "path" => rule,
            other => {
                let remedy = format!(
                    "leave {other} out: a rule has id, regex, class, keywords, secretGroup, entropy, allowlists, \
                     description and tags"
                );
                return Err(fault(key.span(), &remedy));
            }
        };
    }
    Ok(Some(rule))
}

fn exception(id: &str, table: &Table<'_>) -> Result<Exception, Fault> {
    let fault = |span: Range<usize>, remedy: &str| Fault {
        error: RulesError::new(id, remedy),
        span: Some(span),
    };
    let (mut exception, mut is_of_files) = (Exception::default(), false);
    let Some(keys) = table.get_ref().as_table() else {
        return Err(fault(table.span(), "write an allowlist with regexes or stopwords"));
    };
    for (key, value) in keys {
        let span = value.span();
        match key.get_ref().as_ref() {
            "regexes" => {
                let patterns =
                    texts(value).ok_or_else(|| fault(span.clone(), "write a list of regexes"))?;
                let patterns = patterns.into_iter().map(|it| compiled(id, it));
                exception.patterns = patterns
                    .collect::<Result<_, _>>()
                    .map_err(|error| Fault { error, span: Some(span) })?;
            }
            "stopwords" => {
                let words = texts(value).ok_or_else(|| fault(span, "write a list of words"))?;
                exception.stopwords = words.into_iter().map(str::to_lowercase).collect();
            }
            "regexTarget" => {
                exception.target = match value.get_ref().as_str() {
                    Some("secret") => Target::Secret,
                    Some("match") => Target::Match,
                    Some("line") => Target::Line,
                    _ => return Err(fault(span, "write one of secret, match, line")),
                };
            }
            "condition" => {
                exception.needs_all = match value.get_ref().as_str() {
                    Some("AND" | "and" | "&&") => true,
                    Some("OR" | "or" | "||") => false,
                    _ => return Err(fault(span, "write OR or AND")),
                };
            }
            "description" => {}
            // A span has none of them, so that nothing is excepted by them.
            "paths" | "commits" => is_of_files = true,
            other => {
                let remedy = format!(
                    "leave {other} out: an allowlist has regexes, stopwords, regexTarget and condition"
                );
                return Err(fault(key.span(), &remedy));
            }
        }
    }
    Ok(if is_of_files && exception.needs_all { Exception::default() } else { exception })
}

fn tables<'a, 'i>(value: &'a Table<'i>) -> Option<Vec<&'a Table<'i>>> {
    let all: Vec<_> = value.get_ref().as_array()?.iter().collect();
    all.iter().all(|it| it.get_ref().is_table()).then_some(all)
}

fn one_or_more<'a, 'i>(value: &'a Table<'i>) -> Option<Vec<&'a Table<'i>>> {
    if value.get_ref().is_table() { Some(vec![value]) } else { tables(value) }
}

fn texts<'a>(value: &'a Table<'_>) -> Option<Vec<&'a str>> {
    value.get_ref().as_array()?.iter().map(|it| it.get_ref().as_str()).collect()
}
