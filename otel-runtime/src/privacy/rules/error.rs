//! What is wrong with rules?

use std::fmt;

/// A rule that cannot be used, or a file of them. Says which file, which rule, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    pub(super) file: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) rule: Option<String>,
    pub(super) remedy: String,
}

impl RulesError {
    pub(super) fn new(rule: &str, remedy: impl Into<String>) -> RulesError {
        let rule = (!rule.is_empty()).then(|| rule.to_owned());
        RulesError { file: None, line: None, rule, remedy: remedy.into() }
    }

    /// The file in which it stands.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The line in the file, from 1 on.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The `id` of the rule.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// What to write instead, and why.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

/// As in `secrets.toml, line 7: rule acme-key: write a regex without look-around: ..`.
impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RulesError { file, line, rule, remedy } = self;
        if let Some(file) = file {
            write!(f, "{file}")?;
            if let Some(line) = line {
                write!(f, ", line {line}")?;
            }
            f.write_str(": ")?;
        }
        if let Some(rule) = rule {
            write!(f, "rule {rule}: ")?;
        }
        f.write_str(remedy)
    }
}

impl std::error::Error for RulesError {}
