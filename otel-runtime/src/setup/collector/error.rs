//! What can the Collector not do, and what was written wrongly?

use std::error::Error;
use std::fmt;

/// Why there is no configuration: all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectorError {
    mistakes: Vec<(String, String)>,
}

impl CollectorError {
    /// The settings and rules that it is about, such as `keep[1].rate`.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.mistakes.iter().map(|(field, _)| field.as_str())
    }
}

impl fmt::Display for CollectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, remedy)) in self.mistakes.iter().enumerate() {
            write!(f, "{}{field}: {remedy}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl Error for CollectorError {}

/// Collects what is wrong, and what is kept beside what the policy says.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    /// Whether more may be kept than the policy says.
    may_widen: bool,
    wrong: Vec<(String, String)>,
    widened: Vec<String>,
}

impl Mistakes {
    /// What cannot be done exactly is widened.
    pub(super) fn widening() -> Mistakes {
        Mistakes { may_widen: true, ..Mistakes::default() }
    }

    pub(super) fn wrong(&mut self, field: &str, remedy: impl Into<String>) {
        self.wrong.push((field.to_owned(), remedy.into()));
    }

    /// The Collector cannot do this; `instead` is what it does, as a comment of the rule.
    pub(super) fn cannot(&mut self, field: &str, why: &str, instead: &str) -> Option<String> {
        if self.may_widen {
            let told = format!("{field}: {why}. {instead}.");
            self.widened.push(told.clone());
            return Some(told);
        }
        self.wrong.push((
            field.to_owned(),
            format!("{why}: change the rule, or have it over-approximated"),
        ));
        None
    }

    /// What is kept beside what the policy says, unless something is wrong.
    pub(super) fn finish(self) -> Result<Vec<String>, CollectorError> {
        if self.wrong.is_empty() {
            Ok(self.widened)
        } else {
            Err(CollectorError { mistakes: self.wrong })
        }
    }
}
