//! Which rooms are there, which question does each answer, and which rooms may it ask?

/// A file or folder beside `lib.rs`.
pub(crate) struct Room {
    pub(crate) name: &'static str,
    pub(crate) question: &'static str,
    /// The rooms that it may import from.
    pub(crate) asks: &'static [&'static str],
}

const fn room(name: &'static str, question: &'static str, asks: &'static [&'static str]) -> Room {
    Room { name, question, asks }
}

/// Those of `otel-runtime`. Data goes `call` → `span` → `record` → `export`.
pub(crate) const RUNTIME: &[Room] = &[
    room("private", "what may an expansion name?", &["call", "span", "context", "privacy"]),
    room(
        "testing",
        "which spans did this test make?",
        &["setup", "span", "export", "record", "context", "sampling", "process"],
    ),
    room(
        "setup",
        "how is all this set up, and what says that it is right?",
        &[
            "instrumentation",
            "span",
            "export",
            "record",
            "context",
            "privacy",
            "metrics",
            "sampling",
            "process",
        ],
    ),
    room(
        "instrumentation",
        "how are other people's libraries traced?",
        &["call", "span", "context", "privacy", "process"],
    ),
    room("call", "what does an annotated call do?", &["span", "context", "privacy", "process"]),
    room(
        "span",
        "which functions have spans, and how is one made?",
        &["export", "record", "context", "privacy", "metrics", "sampling", "process"],
    ),
    room(
        "export",
        "how do finished spans leave?",
        &["record", "context", "privacy", "metrics", "sampling", "process"],
    ),
    room("record", "what is a finished span made of?", &["process"]),
    room("context", "how does a trace cross a thread, a task, a process?", &["process"]),
    room("metrics", "how often is a function called, and how long does it take?", &["process"]),
    room("sampling", "which traces are recorded?", &["process"]),
    room("privacy", "what must not leave the process?", &["process"]),
    room("process", "what of the process around us may be relied on?", &[]),
];
