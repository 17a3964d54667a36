//! What of a long text is looked at, and where may it end?
//!
//! A text is looked at up to a limit, and what is behind it is left out. A secret that lies across the limit is
//! only half there, where no detector knows it. So the text is cut some way before the limit: what begins
//! there has its end in sight, or is longer than that way, and then goes as a whole.
//!
//! ```text
//! |◀───────────────── looked at ──────────────▶|
//! | leaves                 | token |            |  not looked at
//!                                  ◀── margin ─▶
//! ```

use crate::process::shorten::beginning;

/// How many bytes of a value are looked at. A backtrace has less, most of the time.
pub(crate) const LOOKED_AT: usize = 64 * 1024;

/// How long a secret may be to be seen whole if it begins before the cut.
const MARGIN: usize = 1024;

/// From which length on a text that ends with `…` counts as one of which this crate left the end out, when it
/// was recorded.
const LONG: usize = 4096;

/// What a text ends with that was cut.
pub(super) const CUT: char = '…';

/// The part of a text that is looked at, and how much of it may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut<'a> {
    pub(super) looked_at: &'a str,
    /// Less than all of it if the text was cut, here or before.
    pub(super) leaves: usize,
}

impl<'a> Cut<'a> {
    #[inline]
    pub(super) fn new(text: &'a str) -> Cut<'a> {
        if text.len() < LONG {
            return Cut { looked_at: text, leaves: text.len() };
        }
        Cut::long(text)
    }

    #[cold]
    fn long(text: &'a str) -> Cut<'a> {
        let (looked_at, seen) = match text.strip_suffix(CUT) {
            _ if text.len() > LOOKED_AT => {
                let looked_at = beginning(text, LOOKED_AT);
                (looked_at, beginning(looked_at, LOOKED_AT - MARGIN))
            }
            Some(rest) => (rest, rest),
            None => return Cut { looked_at: text, leaves: text.len() },
        };
        Cut { looked_at, leaves: without_last(seen).len() }
    }

    /// The same, if no more than so many bytes were looked at.
    pub(super) fn at_most(self, bytes: usize) -> Cut<'a> {
        Cut { leaves: self.leaves.min(bytes), ..self }
    }

    /// Whether something of the text does not leave.
    pub(super) fn is_cut(&self) -> bool {
        self.leaves < self.looked_at.len()
    }
}

/// The text without its last token, which may be the beginning of a secret: up to white space, a quote, a bracket,
/// a comma or a semicolon. Groups of digits (`4111 1111 11`) are one token.
fn without_last(text: &str) -> &str {
    let ends = |it: char| it.is_whitespace() || "\"'`,;()[]{}<>".contains(it);
    let mut rest = text.trim_end_matches(|it| !ends(it));
    loop {
        let before = rest.trim_end_matches([' ', '\u{a0}']);
        let digits = before.trim_end_matches(|it: char| it.is_ascii_digit() || it == '-');
        if before.len() == rest.len() || digits.len() == before.len() {
            return rest;
        }
        rest = digits;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(end: &str) -> String {
        format!("{}{end}", "word, ".repeat(LONG / 6 + 1))
    }

    #[test]
    fn a_text_that_was_not_cut_is_looked_at_and_leaves_whole() {
        for text in ["", "short", "short…", &long("end"), &"x".repeat(LOOKED_AT)] {
            assert_eq!(Cut::new(text), Cut { looked_at: text, leaves: text.len() });
        }
    }

    #[test]
    fn the_token_at_a_cut_does_not_leave() {
        for (end, kept) in [
            ("ghp_16C7e42F292c69", ""),
            ("to 4111 1111 1111", "to"),
            ("to 4111-1111 1111 1", "to"),
            ("to 12 ghp_16C7", "to"),
            ("{\"token\":\"abcdef", "{\"token\":\""),
            ("password=ab", ""),
            ("größ", ""),
            ("a, ", "a, "),
        ] {
            let text = long(&format!("{end}…"));
            let cut = Cut::new(&text);
            let left = cut.looked_at.get(..cut.leaves).expect("between two characters");
            assert_eq!(left.trim_end(), long(kept).trim_end(), "{end}");
        }
    }

    #[test]
    fn of_a_text_over_the_limit_the_rest_is_neither_looked_at_nor_leaves() {
        for unit in ["word ", "wörd ", "x", "ä", "𝄞", " "] {
            let text = unit.repeat(LOOKED_AT + 1);
            let cut = Cut::new(&text);
            assert!(cut.is_cut() && cut.looked_at.len() <= LOOKED_AT);
            assert!(cut.leaves <= LOOKED_AT - MARGIN && text.is_char_boundary(cut.leaves));
        }
    }
}
