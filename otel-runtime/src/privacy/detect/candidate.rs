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

    /// Whether one of `words`, in lower case, ends at most `distance` bytes before it, or begins so far after it.
    pub(super) fn is_near(&self, words: &[&str], distance: usize) -> bool {
        let after = &self.after()[..self.after().len().min(distance + LONGEST_WORD)];
        self.follows(words, distance) || words_in(after, words).any(|word| word.start <= distance)
    }

    /// Whether one of `words`, in lower case, ends at most `distance` bytes before it.
    pub(super) fn follows(&self, words: &[&str], distance: usize) -> bool {
        let before = self.before();
        let before = &before[before.len().saturating_sub(distance + LONGEST_WORD)..];
        words_in(before, words).any(|word| word.end + distance >= before.len())
    }
}

/// No word that is looked for is longer.
const LONGEST_WORD: usize = 24;

/// Where `words` stand in `text` as words of their own, or of a name: `card`, `Cards`, `cardNumber`, `user_card`.
fn words_in<'a>(text: &'a [u8], words: &'a [&str]) -> impl Iterator<Item = Range<usize>> + 'a {
    let begins = |at: usize| {
        at == 0
            || !text[at - 1].is_ascii_alphabetic()
            || text[at].is_ascii_uppercase() && text[at - 1].is_ascii_lowercase()
    };
    let ends = |at: usize| text.get(at).is_none_or(|byte| !byte.is_ascii_lowercase());
    (0..text.len()).filter(move |at| begins(*at)).filter_map(move |at| {
        let here = &text[at..];
        let word = words.iter().find(|word| {
            let len = word.len();
            here.len() >= len
                && here[..len].eq_ignore_ascii_case(word.as_bytes())
                && (ends(at + len) || here.get(len) == Some(&b's') && ends(at + len + 1))
        })?;
        Some(at..at + word.len())
    })
}
