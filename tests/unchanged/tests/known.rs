//! Which differences are known?
//!
//! One that is gone fails the test, so that the table shrinks. Those that stay are listed where `traced`
//! is documented.

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

/// A case that is not the same.
pub(crate) struct Known {
    pub(crate) case: &'static str,
    pub(crate) of: Of,
    /// For whoever asks why their program differs.
    pub(crate) why: &'static str,
    /// Whether it is the price of a span, and documented with the attribute.
    pub(crate) stays: bool,
}

impl Known {
    const fn to_mend(case: &'static str, of: Of, why: &'static str) -> Known {
        Known { case, of, why, stays: false }
    }

    const fn stays(case: &'static str, of: Of, why: &'static str) -> Known {
        Known { case, of, why, stays: true }
    }
}

/// A difference of random functions, which have no names.
pub(crate) struct KnownWords {
    /// What is told of it, in part.
    pub(crate) told: &'static str,
    pub(crate) why: &'static str,
}

/// What is known of random functions. One that no function shows any more fails the test too.
pub(crate) const KNOWN_WORDS: &[KnownWords] =
    &[KnownWords { told: "unused variable: `p", why: MENTIONS }];

pub(crate) const KNOWN: &[Known] = &[
    Known::to_mend("attributes/track-caller-result-with-return", Of::Output, TRACK),
    Known::to_mend("attributes/track-caller-in-trait", Of::Output, TRACK),
    Known::to_mend("lints/unused-and-shadowed-result", Of::Warnings, MENTIONS),
    Known::to_mend("lints/unconditional-recursion", Of::Warnings, "the call is in a closure"),
    Known::to_mend(
        "lints/private-types-async",
        Of::Warnings,
        "told one line higher, at the attribute",
    ),
    Known::to_mend("names/closures-know-where-they-are", Of::Output, "the body is a closure"),
    Known::to_mend(
        "panics/in-attribute-values",
        Of::Output,
        "the panic of a value is the function's",
    ),
    Known::to_mend("errors/borrowed-twice-result", Of::Words, CAPTURED),
    Known::to_mend("errors/break-outside-loop-result", Of::Errors, CAPTURED),
    Known::stays(
        "attributes/must-use-async-value",
        Of::Warnings,
        "`#[must_use]` on an `async fn` does not warn about the awaited value any more",
    ),
    Known::stays(
        "drops/before-the-first-poll",
        Of::Output,
        "the arguments of a future that is never polled are dropped in the opposite order",
    ),
    Known::stays(
        "drops/tail-temporaries-before-2024",
        Of::Output,
        "before edition 2024, temporaries of the last expression are dropped before the locals of the body, not after them",
    ),
    Known::stays(
        "lints/unused-in-attribute-only",
        Of::Warnings,
        "a parameter that only the attribute names is no unused one",
    ),
    Known::stays("errors/break-outside-loop-async", Of::Words, ASYNC),
    Known::stays("errors/infinite-recursion-async", Of::Words, ASYNC),
    Known::stays("errors/question-mark-without-result-async", Of::Words, ASYNC),
    Known::stays("errors/refutable-pattern-async", Of::Words, ASYNC),
];

const TRACK: &str = "a function whose result is looked at calls its body, so that the caller of that is the function";
const CAPTURED: &str = "the body is a closure, which the compiler explains otherwise";
const ASYNC: &str = "of the body of an `async fn` the compiler speaks as of an async block";
const MENTIONS: &str = "a parameter counts as used where the body has a word like it";
