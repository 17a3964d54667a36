//! Who hears of a value of a span that is missing, because the program's code for it panicked?

use crate::process::{stderr, values};
use crate::span::callsite::Callsite;

/// Counts a missing value of a span of `callsite`, and reports the first one.
#[cold]
pub(crate) fn count(callsite: &Callsite) {
    if values::lose() {
        stderr::warn(&format!(
            "a value for a span of {} panicked while it was computed: the span has no such value, and \
             the call goes on",
            callsite.description.path(),
        ));
    }
}
