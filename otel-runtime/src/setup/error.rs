//! What can go wrong at the start and at the end, and how is it said?

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::export::pipeline::Dropped;

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
    /// `init`, or `adopt`, came before.
    AlreadyInitialised,
    /// Something of the machine's that was needed and is not there.
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
    /// It does not matter.
    Nothing,
}

impl Shown {
    /// A value; of a long one, the beginning, by which it is known again.
    pub(crate) fn value(value: String) -> Shown {
        Shown::Value(shortened(value, 200))
    }
}

/// `text`, or its beginning, if it has more characters than `most`.
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

/// What a flush or a shutdown could not deliver.
///
/// With several exporters, the numbers are those of all together: a span counts for each.
///
/// `Debug` prints the same text as `Display`, because that is what a `main` that returns it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ShutdownError {
    /// By all exporters.
    pub(crate) exported: u64,
    /// Those exporters that did not deliver everything; never empty.
    pub(crate) failed: Vec<Undelivered>,
}

/// What one exporter could not deliver.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Undelivered {
    /// `None` if there is no other.
    pub(crate) destination: Option<String>,
    pub(crate) exported: u64,
    pub(crate) dropped: Dropped,
    pub(crate) pending: u64,
    pub(crate) timed_out: bool,
    pub(crate) cause: Option<String>,
}

impl ShutdownError {
    /// How many spans were delivered all the same, since the last report.
    #[must_use]
    pub fn exported(&self) -> u64 {
        self.exported
    }

    /// How many spans were lost since the last report, by reason.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        self.failed.iter().map(|it| it.dropped).sum()
    }

    /// How many spans were still on their way when the time was over. They are not lost yet, unless
    /// the process ends now.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.failed.iter().map(|it| it.pending).sum()
    }

    /// Whether the time was over before everything was done.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.failed.iter().any(|it| it.timed_out)
    }
}

/// With several exporters, a part for each that failed, which begins with where it takes the spans.
impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, failed) in self.failed.iter().enumerate() {
            let end = if index == 0 { "" } else { " | " };
            write!(f, "{end}{failed}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(destination) = &self.destination {
            write!(f, "{destination}: ")?;
        }
        let lost = self.dropped.total();
        let all = self.exported + lost + self.pending;
        let mut parts = Vec::new();
        if lost > 0 {
            parts.push(format!("{lost} of {all} spans were not delivered ({})", self.dropped));
        }
        if self.timed_out {
            parts.push(match self.pending {
                0 => "the time was over before the exporter was done".to_owned(),
                held => format!("the time was over with {held} of {all} spans still held"),
            });
        }
        match (&self.cause, parts.is_empty()) {
            (Some(cause), true) => write!(f, "the exporter failed: {cause}"),
            (Some(cause), false) => write!(f, "{}; last error: {cause}", parts.join("; ")),
            (None, _) => f.write_str(&parts.join("; ")),
        }
    }
}

impl fmt::Debug for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ShutdownError {}
