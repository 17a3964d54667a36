//! What was found, and what becomes of findings that overlap?

use std::ops::Range;

use super::super::class::Class;
use super::kinds;

/// A part of a text that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its bytes, which begin and end between two characters.
    pub range: Range<usize>,
    /// What kind of data it is.
    pub class: Class,
    /// Which detector found it, by the name that it has in the table of detectors.
    pub detector: &'static str,
}

impl Finding {
    /// One that a detector of a program's own made.
    #[must_use]
    pub const fn new(range: Range<usize>, class: Class, detector: &'static str) -> Self {
        Self { range, class, detector }
    }
}

/// Puts those from `first` on in order, and makes one of those that overlap, named for the detector that comes first.
pub(super) fn merge(found: &mut Vec<Finding>, first: usize) {
    if found.len() < first + 2 {
        return;
    }
    found[first..].sort_unstable_by_key(|finding| finding.range.start);
    let mut last = first;
    for at in first + 1..found.len() {
        let next = found[at].clone();
        let merged = &mut found[last];
        if next.range.start < merged.range.end {
            merged.range.end = merged.range.end.max(next.range.end);
            if place(next.detector) < place(merged.detector) {
                (merged.class, merged.detector) = (next.class, next.detector);
            }
        } else {
            last += 1;
            found[last] = next;
        }
    }
    found.truncate(last + 1);
}

fn place(detector: &str) -> usize {
    kinds::ALL.iter().take_while(|known| known.name != detector).count()
}
