//! Is this the name of personal data or of a secret?
//!
//! Constant functions, so that `skip_pii` decides while the caller compiles.

use super::words::Words;

/// Whether one of `names`, which say what one value is, is on the lists of `docs/personal-data.md`. Upper and
/// lower case, `camelCase`, `-`, `.`, spaces and other signs make no difference, nor does a plural or a number
/// behind a word. A name of more than 254 bytes, with an underscore between its words, counts as personal,
/// since nobody has looked at it.
///
/// `more` is a program's own list, `OTEL_TRACED_PII` where it was compiled: names with commas between them,
/// each of one word or several, as in `legal_ref,shoe size`.
#[must_use]
pub const fn is_pii(names: &[&str], more: Option<&str>) -> bool {
    let mut index = 0;
    while index < names.len() {
        if is_personal(names[index], more) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_personal(name: &str, more: Option<&str>) -> bool {
    let Some(words) = Words::new(name) else { return true };
    if let Some(more) = more
        && words.is_among(more)
    {
        return true;
    }
    words.without_exception().without_quality().is_listed()
}

#[cfg(test)]
mod tests;
