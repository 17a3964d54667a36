//! How severe is an annotated function?

/// `level = ...`: how much somebody has to want to see in order to see a function; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `error`
    Error,
    /// `warn`
    Warn,
    /// `info`, the default
    Info,
    /// `debug`
    Debug,
    /// `trace`
    Trace,
}
