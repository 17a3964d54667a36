//! What can go wrong at the start, and how is it said?

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::export::pipeline::StartError;

/// Why tracing did not start.
///
/// Nothing was installed and nothing is left running. The message names every setting that is at
/// fault, its value and what to write instead; values of headers, which may be secrets, are not
/// shown. `Debug` prints the same text, because that is what a `main` that returns it shows.
///
/// ```
/// let error = otel_runtime::builder()
///     .no_exporter()
///     .environment([("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "half")])
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "OTEL_TRACES_SAMPLER_ARG is \"half\": write a number from 0 to 1, such as 0.25",
/// );
/// ```
pub struct InitError(InitErrorKind);

pub(crate) enum InitErrorKind {
    /// Settings that cannot be used; never empty.
    Settings(Vec<Problem>),
    /// `init` or `adopt` was called before.
    AlreadyInitialised,
    /// The machine could not provide something that is needed, such as a thread.
    Start { what: &'static str, why: String },
}

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The variable, the key of a file, or the builder's method.
    pub(crate) setting: String,
    pub(crate) value: Shown,
    /// What to write instead.
    pub(crate) remedy: Cow<'static, str>,
}

/// What a setting was set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Value(String),
    /// It may be a secret.
    Hidden,
    /// The value does not matter.
    Nothing,
}

impl Shown {
    /// A value; if it is long, its beginning, by which the user recognises it.
    pub(crate) fn value(value: String) -> Shown {
        Shown::Value(shortened(value, 200))
    }
}

/// `text`, or if it has more characters than `most`, its beginning.
pub(crate) fn shortened(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl InitError {
    /// Whether tracing runs already: another `init`, or `adopt`, came first, and stays.
    #[must_use]
    pub fn is_already_initialised(&self) -> bool {
        matches!(self.0, InitErrorKind::AlreadyInitialised)
    }
}

impl From<InitErrorKind> for InitError {
    fn from(kind: InitErrorKind) -> Self {
        InitError(kind)
    }
}

impl From<StartError> for InitError {
    fn from(StartError { what, why }: StartError) -> Self {
        InitErrorKind::Start { what, why }.into()
    }
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            InitErrorKind::Settings(problems) => match problems.as_slice() {
                [problem] => problem.fmt(f),
                problems => {
                    write!(f, "{} settings cannot be used:", problems.len())?;
                    problems.iter().try_for_each(|problem| write!(f, "\n- {problem}"))
                }
            },
            InitErrorKind::AlreadyInitialised => f.write_str(
                "tracing is initialised already: call `init` (or `adopt`) once, in `main`",
            ),
            InitErrorKind::Start { what, why } => write!(f, "{what}: {why}"),
        }
    }
}

impl fmt::Debug for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for InitError {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Shown::Value(value) => write!(f, "{} is {value:?}: {}", self.setting, self.remedy),
            Shown::Nothing => write!(f, "{}: {}", self.setting, self.remedy),
            Shown::Hidden => write!(f, "{} (value not shown): {}", self.setting, self.remedy),
        }
    }
}
