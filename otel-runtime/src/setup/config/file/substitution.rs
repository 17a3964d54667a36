//! What do the `${..}` in a value stand for?
//!
//! Specification: [Environment variable substitution](https://opentelemetry.io/docs/specs/otel/configuration/data-model/#environment-variable-substitution).

use crate::setup::config::environment::Environment;

/// A `${..}` that cannot be substituted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Malformed(String),
    NotText(String),
    TooLong,
}

/// How large a file may become once aliases and variables are replaced.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn too_long() -> String {
    format!("with what aliases and variables stand for, keep it below {MAX_BYTES} bytes")
}

impl Fault {
    pub(super) fn remedy(&self) -> String {
        match self {
            Fault::Malformed(reference) => format!(
                "write ${{{reference}}} as ${{NAME}} or ${{NAME:-default}}, and $$ for a dollar sign",
            ),
            Fault::TooLong => too_long(),
            Fault::NotText(name) => format!("set the variable {name} to a text in UTF-8"),
        }
    }
}

/// `text` with its variables replaced. The replacements are not searched: neither the value of a
/// variable nor a default can name another variable. Makes at most `most` bytes, since a short text may
/// name a long variable many times.
pub(super) fn substitute(
    text: &str,
    environment: &Environment,
    most: usize,
) -> Result<String, Fault> {
    let mut substituted = String::new();
    for (index, part) in text.split("$$").enumerate() {
        if index > 0 {
            substituted.push('$');
        }
        between_escapes(part, environment, &mut substituted, most)?;
    }
    Ok(substituted)
}

fn between_escapes(
    mut text: &str,
    environment: &Environment,
    substituted: &mut String,
    most: usize,
) -> Result<(), Fault> {
    while let Some((before, rest)) = text.split_once("${") {
        let Some((reference, after)) = rest.split_once('}') else { break };
        *substituted += before;
        *substituted += value(reference, environment)?;
        if substituted.len() > most {
            return Err(Fault::TooLong);
        }
        text = after;
    }
    *substituted += text;
    Ok(())
}

/// The value of `NAME`, `env:NAME` or `NAME:-default`.
fn value<'a>(reference: &'a str, environment: &'a Environment) -> Result<&'a str, Fault> {
    let variable = reference.strip_prefix("env:").unwrap_or(reference);
    let (name, default) = variable.split_once(":-").unwrap_or((variable, ""));
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return Err(Fault::Malformed(reference.to_owned()));
    }
    match environment.get(name).map(|value| value.to_str()) {
        None | Some(Some("")) => Ok(default),
        Some(Some(value)) => Ok(value),
        Some(None) => Err(Fault::NotText(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases are those of the specification's table.
    #[test]
    fn references_and_escapes() {
        let environment: Environment = [
            ("STRING_VALUE", "value"),
            ("FLOAT_VALUE", "1.1"),
            ("INVALID_MAP_VALUE", "value\nkey:value"),
            ("REPLACE_ME", "${DO_NOT_REPLACE_ME}"),
            ("VALUE_WITH_ESCAPE", "value$$"),
            ("EMPTY", ""),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();

        for (text, substituted) in [
            ("${STRING_VALUE}", "value"),
            ("${env:STRING_VALUE}", "value"),
            ("${INVALID_MAP_VALUE}", "value\nkey:value"),
            ("foo ${STRING_VALUE} ${FLOAT_VALUE}", "foo value 1.1"),
            ("${UNDEFINED_KEY}", ""),
            ("${UNDEFINED_KEY:-fallback}", "fallback"),
            ("${EMPTY:-fallback}", "fallback"),
            ("${env:EMPTY:-a b:c}", "a b:c"),
            ("${REPLACE_ME}", "${DO_NOT_REPLACE_ME}"),
            ("${UNDEFINED_KEY:-${STRING_VALUE}}", "${STRING_VALUE}"),
            ("$${STRING_VALUE}", "${STRING_VALUE}"),
            ("$$${STRING_VALUE}", "$value"),
            ("$$$${STRING_VALUE}", "$${STRING_VALUE}"),
            ("$${STRING_VALUE:-fallback}", "${STRING_VALUE:-fallback}"),
            ("$${STRING_VALUE:-${STRING_VALUE}}", "${STRING_VALUE:-value}"),
            ("${UNDEFINED_KEY:-$${UNDEFINED_KEY}}", "${UNDEFINED_KEY:-${UNDEFINED_KEY}}"),
            ("${VALUE_WITH_ESCAPE}", "value$$"),
            ("a $$ b", "a $ b"),
            ("a $ b", "a $ b"),
            ("${", "${"),
            ("", ""),
        ] {
            assert_eq!(substitute(text, &environment, 1000).as_deref(), Ok(substituted), "{text}");
        }
        for text in
            ["${STRING_VALUE:?error}", "${1API_KEY}", "${API_$KEY}", "${}", "${sys:a}", "${A B}"]
        {
            let fault = substitute(text, &environment, 1000).expect_err(text);
            assert!(fault.remedy().starts_with(&format!("write {text} as ${{NAME}} or ")));
        }
    }
}
