//! Which differences are known?
//!
//! One that is gone fails the test, so that the table shrinks. Each is told where `traced` is documented.

use std::fmt;

/// In what a case differs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Of {
    /// Whether it compiles; if not, how many errors there are, of which code, and where.
    Errors,
    /// What errors say that are otherwise the same.
    Words,
    Warnings,
    /// What it prints, and how it ends.
    Output,
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Of::Errors => "errors",
            Of::Words => "words of errors",
            Of::Warnings => "warnings",
            Of::Output => "output",
        })
    }
}

/// A case that is not the same, which is the price of a span.
pub(crate) struct Known {
    pub(crate) case: &'static str,
    pub(crate) of: Of,
    /// For whoever asks why their program differs: as the documentation of the attribute says it.
    pub(crate) why: &'static str,
}

impl Known {
    const fn new(case: &'static str, of: Of, why: &'static str) -> Known {
        Known { case, of, why }
    }
}

/// A difference of random functions, which have no names.
pub(crate) struct KnownWords {
    /// What is told of it, in part.
    pub(crate) told: &'static str,
    pub(crate) why: &'static str,
}

/// What is known of random functions, not all of which show it; `lints/unused-and-shadowed-result` always does,
/// and fails the test once it is gone.
pub(crate) const KNOWN_WORDS: &[KnownWords] =
    &[KnownWords { told: "unused variable: `p", why: MENTIONS }];

pub(crate) const KNOWN: &[Known] = &[
    Known::new("attributes/track-caller-in-trait", Of::Output, TRACK),
    Known::new("attributes/track-caller-not-kept", Of::Output, TRACK),
    Known::new("lints/unused-and-shadowed-result", Of::Warnings, MENTIONS),
    Known::new(
        "lints/unconditional-recursion",
        Of::Warnings,
        "nor a function that can only call itself",
    ),
    Known::new(
        "lints/unread-beside-changed-self",
        Of::Warnings,
        "not told of a variable that is assigned and never read",
    ),
    Known::new(
        "names/closures-know-where-they-are",
        Of::Output,
        "the type names of what is defined in it have a `{{closure}}` more",
    ),
    Known::new(
        "panics/in-attribute-values",
        Of::Output,
        "a value of the attribute that panics is lost to the span, and the function goes on, but the message of the panic is on stderr",
    ),
    Known::new(
        "attributes/must-use-async-value",
        Of::Warnings,
        "`#[must_use]` on an `async fn` does not warn about the awaited value any more",
    ),
    Known::new(
        "drops/before-the-first-poll",
        Of::Output,
        "the arguments of a future that is never polled are dropped in the opposite order",
    ),
    Known::new(
        "drops/tail-temporaries-before-2024",
        Of::Output,
        "before edition 2024, temporaries of the last expression are dropped before the locals of the body, not after them",
    ),
    Known::new(
        "lints/unused-in-attribute-only",
        Of::Warnings,
        "a parameter that only the attribute names is no unused one",
    ),
    Known::new("errors/borrowed-twice-result", Of::Words, WORDS),
    Known::new("errors/break-outside-loop-result", Of::Errors, WORDS),
    Known::new("errors/break-outside-loop-async", Of::Words, WORDS),
    Known::new("errors/infinite-recursion-async", Of::Words, WORDS),
    Known::new("errors/question-mark-without-result-async", Of::Words, WORDS),
    Known::new("errors/refutable-pattern-async", Of::Words, WORDS),
];

const TRACK: &str = "`#[track_caller]` is lost on a function whose result is looked at";
const WORDS: &str = "the compiler speaks as in a closure or an async block";
const MENTIONS: &str = "a parameter that is shadowed before it is used is not told as unused";
