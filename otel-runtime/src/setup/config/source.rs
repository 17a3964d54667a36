//! Who set a value?

use std::fmt;
use std::sync::Arc;

/// Who set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// Nobody: it is the default.
    Default,
    /// The program, by this method.
    Code(&'static str),
    /// Whoever started the program, by this variable.
    Variable(&'static str),
    /// Whoever wrote this file, by this key.
    File {
        /// The file's name, as in `OTEL_CONFIG_FILE`.
        file: Arc<str>,
        /// The path of the key, as in `tracer_provider.processors[0].batch`.
        key: String,
    },
}

/// In the words of whoever set it.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => f.write_str("default"),
            Source::Code(name) | Source::Variable(name) => f.write_str(name),
            Source::File { file, key } if key.is_empty() => f.write_str(file),
            Source::File { file, key } => write!(f, "{file}: {key}"),
        }
    }
}

/// A value that somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) from: Source,
}

impl<T> Given<T> {
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Given<U> {
        Given { value: map(self.value), from: self.from }
    }
}
