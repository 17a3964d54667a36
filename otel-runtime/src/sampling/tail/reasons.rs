//! By which names do counters know the rules?

use super::super::error::SamplerError;
use super::rule::{Limit, TailRule};
use super::span_condition::SpanTest;
use super::trace_condition::TraceTest;

const LONGEST: usize = 40;

/// These reasons and the names of all rules, each once.
pub(super) fn named(
    mut reasons: Vec<String>,
    drop: &[TailRule],
    keep: &[TailRule],
) -> Result<Vec<String>, SamplerError> {
    let all = [("drop", drop), ("keep", keep)].into_iter();
    let all = all.flat_map(|(list, rules)| rules.iter().enumerate().map(move |it| (list, it)));
    let given: Vec<&str> = drop.iter().chain(keep).filter_map(|it| it.name.as_deref()).collect();
    for (list, (at, rule)) in all {
        let is_free = |name: &String| !reasons.contains(name) && !given.contains(&name.as_str());
        let name = if let Some(name) = &rule.name {
            checked(&format!("{list}[{at}].name"), name, &given, &reasons)?;
            name.clone()
        } else {
            let kind = kind(rule);
            let kind = if list == "drop" { format!("drop_{kind}") } else { kind };
            let numbered = (2_usize..).map(|number| format!("{kind}_{number}"));
            std::iter::once(kind.clone()).chain(numbered).find(is_free).unwrap_or_default()
        };
        reasons.push(name);
    }
    Ok(reasons)
}

/// A name that somebody gave, of which there is one.
fn checked(
    field: &str,
    name: &str,
    given: &[&str],
    reasons: &[String],
) -> Result<(), SamplerError> {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let remedy = if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_valid) {
        "write 1 to 40 letters, digits, `_`, `-` and `.`"
    } else if reasons.iter().any(|it| it == name)
        || given.iter().filter(|it| **it == name).count() > 1
    {
        "another rule has this name, or every policy: write another one"
    } else {
        return Ok(());
    };
    Err(SamplerError::new(field, format_args!("{name:?}"), remedy))
}

/// What a rule looks at, without any value.
fn kind(rule: &TailRule) -> String {
    let limit = match rule.limit {
        Limit::All => None,
        Limit::Ratio(_) => Some("ratio"),
        Limit::Spans(_) => Some("rate"),
        Limit::Bytes(_) => Some("bytes"),
    };
    match (of_trace(&rule.condition), limit) {
        (None, None) => "rest".to_owned(),
        (Some(condition), None) => condition.to_owned(),
        (None, Some(limit)) => limit.to_owned(),
        (Some(condition), Some(limit)) => format!("{condition}_{limit}"),
    }
}

fn of_trace(test: &TraceTest) -> Option<&'static str> {
    Some(match test {
        TraceTest::Always => return None,
        TraceTest::SomeSpan(test) => of_span(test),
        TraceTest::NoSpan(_) => "no_span",
        TraceTest::Spans { .. } => "spans",
        TraceTest::Lasts { .. } => "lasts",
        TraceTest::All(_) => "all",
        TraceTest::Any(_) => "any",
        TraceTest::Not(_) => "not",
    })
}

fn of_span(test: &SpanTest) -> &'static str {
    match test {
        SpanTest::Error => "error",
        SpanTest::SlowerThan(_) => "slower",
        SpanTest::Name(_) => "name",
        SpanTest::Kind(_) => "kind",
        SpanTest::Parent(_) => "parent",
        SpanTest::Values { .. } | SpanTest::Patterns { .. } | SpanTest::Number { .. } => {
            "attribute"
        }
        SpanTest::All(_) | SpanTest::Any(_) | SpanTest::Not(_) => "span",
    }
}
