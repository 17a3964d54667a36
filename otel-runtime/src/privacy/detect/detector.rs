//! What is a detector?

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

use super::super::class::Class;
use super::candidate::Candidate;
use super::coverage::Coverage;
use super::signs::Signs;

/// How one kind of data is found.
pub(super) struct Detector {
    /// Its name in counters and in the documentation, such as `card`.
    pub(super) name: &'static str,
    pub(super) class: Class,
    /// The least that it is looked for with.
    pub(super) coverage: Coverage,
    /// Only a text that has one of these is searched, in upper or lower case.
    pub(super) literals: &'static [&'static str],
    /// Or one that has one of these.
    pub(super) signs: Signs,
    /// What may be such a value, or where one may begin, for [`Check::Parts`]. Of bytes, in what the crate `regex`
    /// and RE2 have in common: `\b`, `\s` and `(?i)` are about ASCII.
    pub(super) pattern: &'static str,
    pub(super) check: Check,
}

/// What a match of the pattern has to be beside.
pub(super) enum Check {
    /// Nothing: the pattern says it all.
    Pattern,
    /// The match is a value if this holds.
    Whole(fn(&Candidate<'_>) -> bool),
    /// The values in the match, or those that begin with it, in order.
    Parts(fn(&Candidate<'_>, &mut dyn FnMut(Range<usize>))),
}

/// A detector with its pattern, which is compiled when it is first needed.
pub(super) struct Ready {
    pub(super) detector: &'static Detector,
    pattern: OnceLock<Regex>,
}

impl Ready {
    pub(super) const fn new(detector: &'static Detector) -> Self {
        Self { detector, pattern: OnceLock::new() }
    }

    pub(super) fn pattern(&self) -> &Regex {
        self.pattern.get_or_init(|| {
            RegexBuilder::new(self.detector.pattern)
                .unicode(false)
                .dfa_size_limit(1 << 19)
                .build()
                .expect("the pattern of a detector is valid: a test compiles each")
        })
    }
}
