//! Which attributes have a meaning both for the code that makes spans and for the code that shows them?

/// What kind of error a span is, by the
/// [conventions](https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/#error-type).
pub(crate) const ERROR_TYPE: &str = "error.type";

/// Used instead of [`ERROR_TYPE`] where this crate sets the value: a value that the program has set
/// stays. A span cannot be asked for its attributes, so each recorder looks for this key.
pub(crate) const UNLESS_SET: &str = "error.type, unless set";

/// What `timings` sets: how long a future worked, how long it waited, how often it was polled, and its
/// longest poll.
pub(crate) const TIMINGS: [&str; 4] = ["busy_ns", "idle_ns", "polls", "longest_poll_ns"];
