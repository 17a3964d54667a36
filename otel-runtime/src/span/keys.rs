//! Which attributes mean something to those who make spans and to those who show them?

/// What kind of error a span is, by the
/// [conventions](https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/#error-type).
pub(crate) const ERROR_TYPE: &str = "error.type";

/// Takes the place of [`ERROR_TYPE`] in the value that this crate sets where the program may have set one,
/// which then stays. A span cannot be asked for an attribute, so each recorder looks for this key.
pub(crate) const UNLESS_SET: &str = "error.type, unless set";

/// What `timings` sets: how long a future worked, how long it waited, how often it was polled, and its
/// longest poll.
pub(crate) const TIMINGS: [&str; 4] = ["busy_ns", "idle_ns", "polls", "longest_poll_ns"];
