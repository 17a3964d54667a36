//! What is wrong with the settings, and does it matter?
//!
//! An error, so that `init` fails, is what decides whether and where spans arrive, and which of them
//! (an endpoint, a key, a sampler, a protocol), and a slip of the pen (a number that is none, a key
//! that no schema has).
//!
//! A warning is what is correct, but not supported here, and without which every trace is still whole
//! (a propagator, a resource detector, what the schema calls `/development`): it is left out.

use std::borrow::Cow;
use std::fmt;

use super::describe::Warning;
use crate::setup::error::{InitError, InitErrorKind, Problem, Shown, shortened};

/// Collects everything that is wrong with the settings, so that it is reported at once.
#[derive(Default)]
pub(crate) struct Problems {
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Problems {
    /// Something is wrong with `setting`, whatever its value; `remedy` says what, and what to write.
    pub(super) fn fault(
        &mut self,
        setting: impl fmt::Display,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        push(&mut self.errors, setting, Shown::Nothing, remedy.into());
    }

    /// `setting` cannot have this `value`, which is `None` if it may be a secret; `remedy` says what to
    /// write.
    pub(super) fn add(
        &mut self,
        setting: impl fmt::Display,
        value: Option<String>,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        push(&mut self.errors, setting, value.map_or(Shown::Hidden, Shown::value), remedy.into());
    }

    /// `setting` is left out whatever its value; `why` says why, and what to do about it.
    #[cfg_attr(
        not(feature = "config-file"),
        expect(dead_code, reason = "only files have structure")
    )]
    pub(super) fn left_out(
        &mut self,
        setting: impl fmt::Display,
        why: impl Into<Cow<'static, str>>,
    ) {
        push(&mut self.warnings, setting, Shown::Nothing, why.into());
    }

    /// Some of the `value` of `setting` is left out; `why` says what, and why.
    pub(super) fn warn(
        &mut self,
        setting: impl fmt::Display,
        value: String,
        why: impl Into<Cow<'static, str>>,
    ) {
        push(&mut self.warnings, setting, Shown::value(value), why.into());
    }

    /// The warnings, unless there is an error.
    pub(super) fn finish(self) -> Result<Vec<Warning>, InitError> {
        let Problems { errors, warnings } = self;
        if errors.is_empty() {
            Ok(warnings.into_iter().map(Warning::from).collect())
        } else {
            Err(InitErrorKind::Settings(errors).into())
        }
    }
}

/// How many characters one part of a message may have: more than any of ours needs.
const MOST: usize = 1000;

fn push(
    problems: &mut Vec<Problem>,
    setting: impl fmt::Display,
    value: Shown,
    remedy: Cow<'static, str>,
) {
    // Both may quote what the user wrote, such as a key, which may be very long or have line breaks.
    let setting = shortened(setting.to_string(), MOST).replace(char::is_control, " ");
    let remedy = match remedy {
        Cow::Borrowed(remedy) => Cow::Borrowed(remedy),
        Cow::Owned(remedy) => Cow::Owned(shortened(remedy, MOST).replace(char::is_control, " ")),
    };
    let problem = Problem { setting, value, remedy };
    // A setting that all exporters share is checked for each, and reported once.
    if !problems.contains(&problem) {
        problems.push(problem);
    }
}
