//! Who is told of a value that code of the program's did not come to say, because it panicked?

use crate::process::{stderr, values};
use crate::span::callsite::Callsite;

/// Counts a value of a span of `callsite`, and tells of the first.
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
