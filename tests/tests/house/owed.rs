//! What is known to be wrong, and only becomes less.

/// So many files of both crates are in circles.
pub(crate) const FILES_IN_CIRCLES: usize = 110;

pub(crate) const IMPORTS: &[&str] = &[
    "call/causes.rs",
    "call/outcome.rs",
    "context/carry.rs",
    "context/spawned.rs",
    "context/w3c.rs",
    "export/otlp/",
    "export/pipeline/",
    "export/terminal.rs",
    "process/fork.rs",
    "sampling/mod.rs",
    "span/adopted.rs",
    "span/monotonic.rs",
    "span/native/",
    "span/nobody.rs",
    "span/recorder.rs",
    "testing/drawing.rs",
];

pub(crate) const ROOMS: &[&str] = &["`instrumentation` is in the table of rooms"];

pub(crate) const REASONS: &[&str] = &[
    "call/outcome.rs",
    "call/start.rs",
    "context/baggage.rs",
    "context/w3c.rs",
    "export/pipeline/worker.rs",
    "privacy/lists.rs",
    "privacy/names.rs",
    "record/fields.rs",
    "setup/config/builder.rs",
    "setup/config/otlp.rs",
    "span/native/clock.rs",
    "span/native/open.rs",
];
