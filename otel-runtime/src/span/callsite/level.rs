//! How severe is an annotated function?

/// `level = ...`: how verbose a filter has to be for the function to have spans; the least verbose first.
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
