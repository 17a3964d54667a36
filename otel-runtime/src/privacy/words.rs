//! Which words does a name have, and are they on a list?

use super::lists::{LAST_WORDS, OF_A_PERSON, QUALITIES, TOLD_BY_A_QUALITY};
use super::table::{BY_EXCEPTION, BY_PERSON, BY_SUBSTRING, BY_WORD};

const MAX: usize = 256;

/// A name in lower case with `_` between its words.
#[derive(Clone, Copy)]
pub(super) struct Words {
    bytes: [u8; MAX],
    len: usize,
}

impl Words {
    pub(super) const fn new(name: &str) -> Option<Words> {
        Self::of(name.as_bytes(), 0, name.len())
    }

    /// The words of a part of `name`.
    const fn of(name: &[u8], from: usize, to: usize) -> Option<Words> {
        let mut words = Words { bytes: [0; MAX], len: 0 };
        let mut at = from;
        while at < to {
            let byte = match name[at] {
                upper @ b'A'..=b'Z' => {
                    if at > from && starts_word(name, at) {
                        words.push_separator();
                    }
                    upper.to_ascii_lowercase()
                }
                byte @ (b'a'..=b'z' | b'0'..=b'9' | 128..) => byte,
                _ => b'_',
            };
            if byte == b'_' {
                words.push_separator();
            } else if words.len + 2 < MAX {
                words.bytes[words.len] = byte;
                words.len += 1;
            } else {
                return None;
            }
            at += 1;
        }
        if words.len > 0 && words.bytes[words.len - 1] == b'_' {
            words.len -= 1;
        }
        Some(words)
    }

    const fn push_separator(&mut self) {
        if self.len > 0 && self.bytes[self.len - 1] != b'_' {
            self.bytes[self.len] = b'_';
            self.len += 1;
        }
    }

    #[cfg(feature = "sdk")]
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(super) const fn is_listed(&self) -> bool {
        let mut at = 0;
        while at < self.len {
            if self.has_substring_at(at)
                || self.is_start(at)
                    && (self.listed_until(at, self.len).is_some() || self.is_last_word_at(at))
            {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn has_substring_at(&self, at: usize) -> bool {
        let mut cursor = BY_SUBSTRING.first(self.bytes[at]);
        while cursor > 0 {
            let (substring, next) = BY_SUBSTRING.at(cursor);
            if self.matches(at, substring).is_some() {
                return true;
            }
            cursor = next;
        }
        false
    }

    /// If an entry of the lists begins at `at`, where it ends, including a plural and a number. Of
    /// several entries the longest one that ends by `most`.
    const fn listed_until(&self, at: usize, most: usize) -> Option<usize> {
        let mut longest = None;
        let mut cursor = BY_WORD.first(self.bytes[at]);
        while cursor > 0 {
            let (word, next) = BY_WORD.at(cursor);
            if let Some(end) = self.matches_words(at, word) {
                longest = longer(longest, end, most);
            }
            cursor = next;
        }
        cursor = BY_PERSON.first(self.bytes[at]);
        while cursor > 0 {
            let (person, next) = BY_PERSON.at(cursor);
            if let Some(end) = self.matches(at, person)
                && let Some(end) = self.of_a_person_until(self.after_suffix(end, person))
            {
                longest = longer(longest, end, most);
            }
            cursor = next;
        }
        longest
    }

    /// After a person such as `customer`, where `name` or the like ends, as in `customers_name`,
    /// `customer_name` and `customername`.
    const fn of_a_person_until(&self, mut at: usize) -> Option<usize> {
        if at < self.len && self.bytes[at] == b'_' {
            at += 1;
        }
        let mut index = 0;
        while index < OF_A_PERSON.len() {
            if let Some(end) = self.matches_words(at, OF_A_PERSON[index]) {
                return Some(end);
            }
            index += 1;
        }
        None
    }

    const fn is_last_word_at(&self, at: usize) -> bool {
        let mut index = 0;
        while index < LAST_WORDS.len() {
            let word = LAST_WORDS[index];
            if let Some(end) = self.matches_words(at, word)
                && end == self.len
            {
                // `health` alone is personal; a name that is only `key` means the key of a map, not a
                // secret.
                return at > 0 || word.as_bytes()[0] == b'h';
            }
            index += 1;
        }
        false
    }

    /// Whether one of the names in `list`, with commas between them, is in this one.
    pub(super) const fn is_among(&self, list: &str) -> bool {
        let list = list.as_bytes();
        let mut from = 0;
        while from <= list.len() {
            let mut to = from;
            while to < list.len() && list[to] != b',' {
                to += 1;
            }
            // A listed name that is too long to look at cannot be in a name that is not too long.
            if let Some(wanted) = Words::of(list, from, to)
                && wanted.len > 0
                && self.contains_words(&wanted)
            {
                return true;
            }
            from = to + 1;
        }
        false
    }

    const fn contains_words(&self, wanted: &Words) -> bool {
        let mut at = 0;
        while at < self.len {
            if self.is_start(at)
                && let Some(end) = self.matches_bytes(at, &wanted.bytes, wanted.len)
                && self.is_end(self.after_number(end))
            {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Cuts off an ending that makes the name harmless.
    pub(super) const fn without_exception(mut self) -> Words {
        let mut at = 0;
        while at < self.len {
            if self.is_start(at) {
                let mut cursor = BY_EXCEPTION.first(self.bytes[at]);
                while cursor > 0 {
                    let (exception, next) = BY_EXCEPTION.at(cursor);
                    if let Some(end) = self.matches_words(at, exception)
                        && end == self.len
                    {
                        self.len = at;
                        return self;
                    }
                    cursor = next;
                }
            }
            at += 1;
        }
        self
    }

    /// Cuts off `card_count`, which tells only how many there are.
    pub(super) const fn without_quality(mut self) -> Words {
        let Some(end) = self.before_quality() else { return self };
        let mut at = 0;
        while at < end {
            if self.is_start(at) && !self.is_told_by_a_quality(at) {
                let is_word = match self.listed_until(at, end) {
                    Some(until) => until == end,
                    None => false,
                };
                if is_word || self.is_one_word_with_substring(at, end) {
                    self.len = at;
                    return self;
                }
            }
            at += 1;
        }
        self
    }

    /// Whether a word of [`TOLD_BY_A_QUALITY`] begins at `at`.
    const fn is_told_by_a_quality(&self, at: usize) -> bool {
        let mut index = 0;
        while index < TOLD_BY_A_QUALITY.len() {
            if self.matches_words(at, TOLD_BY_A_QUALITY[index]).is_some() {
                return true;
            }
            index += 1;
        }
        false
    }

    /// If the last word is one of [`QUALITIES`], where the part before it ends.
    const fn before_quality(&self) -> Option<usize> {
        let mut at = self.len;
        while at > 0 && !self.is_start(at) {
            at -= 1;
        }
        if at == 0 {
            return None;
        }
        let mut index = 0;
        while index < QUALITIES.len() {
            let quality = QUALITIES[index];
            if self.bytes[at] == quality.as_bytes()[0] && self.matches_words(at, quality).is_some()
            {
                return Some(at - 1);
            }
            index += 1;
        }
        None
    }

    /// Whether an entry of [`SUBSTRINGS`] begins in the word that begins at `at`, and ends in the word
    /// that ends at `end`.
    const fn is_one_word_with_substring(&self, at: usize, end: usize) -> bool {
        let mut from = at;
        while from < end && self.bytes[from] != b'_' {
            let mut cursor = BY_SUBSTRING.first(self.bytes[from]);
            while cursor > 0 {
                let (substring, next) = BY_SUBSTRING.at(cursor);
                if let Some(mut until) = self.matches(from, substring) {
                    while until < end && self.bytes[until] != b'_' {
                        until += 1;
                    }
                    if until == end {
                        return true;
                    }
                }
                cursor = next;
            }
            from += 1;
        }
        false
    }

    /// Where `part` ends, if it begins here. A `_` in it may be missing in the name.
    const fn matches(&self, at: usize, part: &str) -> Option<usize> {
        self.matches_bytes(at, part.as_bytes(), part.len())
    }

    const fn matches_bytes(&self, mut at: usize, part: &[u8], len: usize) -> Option<usize> {
        let mut index = 0;
        while index < len {
            if at < self.len && self.bytes[at] == part[index] {
                at += 1;
            } else if part[index] != b'_' {
                return None;
            }
            index += 1;
        }
        Some(at)
    }

    /// Where `part` ends with its plural and number, if these are whole words.
    const fn matches_words(&self, at: usize, part: &str) -> Option<usize> {
        let Some(end) = self.matches(at, part) else { return None };
        let end = self.after_suffix(end, part);
        if self.is_end(end) { Some(end) } else { None }
    }

    const fn is_start(&self, at: usize) -> bool {
        at == 0 || self.bytes[at - 1] == b'_'
    }

    const fn is_end(&self, at: usize) -> bool {
        at == self.len || self.bytes[at] == b'_'
    }

    /// The position after the plural and the number that a word may have: `emails2`, `addresses`.
    const fn after_suffix(&self, mut at: usize, part: &str) -> usize {
        let part = part.as_bytes();
        let is_sibilant = matches!(part[part.len() - 1], b's' | b'x');
        if is_sibilant && at + 1 < self.len && self.bytes[at] == b'e' && self.bytes[at + 1] == b's'
        {
            at += 2;
        } else if at < self.len && self.bytes[at] == b's' {
            at += 1;
        }
        self.after_number(at)
    }

    const fn after_number(&self, mut at: usize) -> usize {
        while at < self.len && self.bytes[at].is_ascii_digit() {
            at += 1;
        }
        at
    }
}

/// The farther of both ends, but not one beyond `most`.
const fn longer(longest: Option<usize>, end: usize, most: usize) -> Option<usize> {
    match longest {
        Some(longest) if longest >= end => Some(longest),
        longest if end > most => longest,
        _ => Some(end),
    }
}

/// Whether a capital letter begins a word: `userEmail`, `APIKey`.
const fn starts_word(name: &[u8], at: usize) -> bool {
    if at == 0 || !name[at].is_ascii_uppercase() {
        return false;
    }
    let next_is_lower = at + 1 < name.len() && name[at + 1].is_ascii_lowercase();
    !name[at - 1].is_ascii_uppercase() || next_is_lower
}
