//! What may be a value, and what stands around it?

use std::ops::Range;

use super::hints::Hints;

/// A part of a text that may be a value.
pub(super) struct Candidate<'a> {
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
    /// What the key says of the text.
    pub(super) hints: Hints,
}

impl<'a> Candidate<'a> {
    pub(super) fn bytes(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.range.clone()]
    }

    pub(super) fn before(&self) -> &'a [u8] {
        &self.text.as_bytes()[..self.range.start]
    }

    pub(super) fn after(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.range.end..]
    }

    /// The same text, another part of it.
    pub(super) fn part(&self, range: Range<usize>) -> Candidate<'a> {
        Candidate { text: self.text, range, hints: self.hints }
    }

    /// Whether no letter and no digit touches it. Letters of other scripts do not count: Chinese has no spaces.
    pub(super) fn stands_alone(&self) -> bool {
        !self.before().last().is_some_and(u8::is_ascii_alphanumeric)
            && !self.after().first().is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Whether it goes on in a longer number, as `45-67` does in `45-67-89` and `1.5` in `1.5.2`.
    pub(super) fn is_part_of_a_number(&self) -> bool {
        let joins = |sign: Option<&u8>, digit: Option<&u8>| {
            matches!(sign, Some(b'.' | b'-' | b'/')) && digit.is_some_and(u8::is_ascii_digit)
        };
        let (before, after) = (self.before(), self.after());
        joins(before.last(), before.len().checked_sub(2).map(|at| &before[at]))
            || joins(after.first(), after.get(1))
    }

    /// Whether one of `words`, in lower case, begins a word at most `distance` bytes before it or after it.
    pub(super) fn is_near(&self, words: &[&str], distance: usize) -> bool {
        self.follows(words, distance)
            || contains_word(&self.after()[..self.after().len().min(distance)], words)
    }

    /// Whether one of `words`, in lower case, begins a word at most `distance` bytes before it.
    pub(super) fn follows(&self, words: &[&str], distance: usize) -> bool {
        let before = self.before();
        contains_word(&before[before.len().saturating_sub(distance)..], words)
    }
}

/// Whether one of `words` stands in `text` where a word begins: after what is no letter, or as in `cardNumber`.
fn contains_word(text: &[u8], words: &[&str]) -> bool {
    (0..text.len()).any(|at| {
        let begins = at == 0
            || !text[at - 1].is_ascii_alphabetic()
            || text[at].is_ascii_uppercase() && text[at - 1].is_ascii_lowercase();
        begins
            && words.iter().any(|word| {
                text[at..].len() >= word.len()
                    && text[at..at + word.len()].eq_ignore_ascii_case(word.as_bytes())
            })
    })
}
