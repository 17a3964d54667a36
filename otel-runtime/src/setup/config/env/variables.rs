//! How is one variable read?

use super::values::Remedy;
use crate::setup::config::environment::Environment;
use crate::setup::config::problems::Problems;
use crate::setup::config::source::{Given, Source};

/// The variables, and what is wrong with them.
pub(super) struct Variables<'a> {
    pub(super) environment: &'a Environment,
    pub(super) problems: &'a mut Problems,
}

impl Variables<'_> {
    /// The value of a variable, trimmed; an empty one counts as unset.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Given<String>> {
        let value = self.environment.get(name)?;
        let Some(text) = value.to_str() else {
            self.problems.add(
                name,
                Some(value.to_string_lossy().into_owned()),
                "write it in UTF-8",
            );
            return None;
        };
        let text = text.trim();
        (!text.is_empty()).then(|| Given { value: text.to_owned(), from: Source::Variable(name) })
    }

    /// As `text`, for a value that no message shows.
    pub(super) fn secret(&mut self, name: &'static str) -> Option<Given<String>> {
        if self.environment.get(name).is_some_and(|value| value.to_str().is_none()) {
            self.problems.add(name, None, "write it in UTF-8");
            return None;
        }
        self.text(name)
    }

    pub(super) fn parse<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        self.parsed(name, parse, |problems, from, value, remedy| {
            problems.add(from, Some(value), remedy);
        })
    }

    /// As `parse`, for a variable without which every trace is whole: values that cannot be used are
    /// left out, with a warning.
    pub(super) fn lenient<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        self.parsed(name, parse, |problems, from, value, remedy| {
            problems.warn(from, value, format!("this is left out: {remedy}"));
        })
    }

    /// The value of a variable, or a report that it cannot be used.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
        tell: impl FnOnce(&mut Problems, Source, String, Remedy),
    ) -> Option<Given<T>> {
        let Given { value, from } = self.text(name)?;
        match parse(&value) {
            Ok(value) => Some(Given { value, from }),
            Err(remedy) => {
                tell(self.problems, from, value, remedy);
                None
            }
        }
    }

    /// Reports a variable that is set and has no effect.
    pub(super) fn in_vain(&mut self, name: &'static str, why: &'static str) {
        if let Some(Given { value, from }) = self.text(name) {
            self.problems.warn(from, value, why);
        }
    }

    /// The first of `names` that is set: the signal's own variable, then the one for all signals.
    pub(super) fn first<T>(
        &mut self,
        names: [&'static str; 2],
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        let name = names.into_iter().find(|name| self.is_set(name))?;
        self.parse(name, parse)
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.environment.get(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty())
    }
}
