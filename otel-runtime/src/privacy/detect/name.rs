//! Which words does a name have?

use super::super::table::Table;
use super::super::words::Words;

/// A name, in words of lower case.
pub(super) struct Name(Words);

impl Name {
    /// `None` for a name that is too long to be looked at.
    pub(super) fn of(name: &str) -> Option<Self> {
        Words::new(name).map(Self)
    }

    /// Whether words of `list` stand in it, as whole words; those of several with `_` between them, or without.
    pub(super) fn has_word<const N: usize>(&self, list: &Table<N>) -> bool {
        self.entries(list, true).any(|end| self.is_end(end))
    }

    /// Whether words of `list` are its last ones.
    pub(super) fn ends_with<const N: usize>(&self, list: &Table<N>) -> bool {
        self.entries(list, true).any(|end| end == self.0.as_bytes().len())
    }

    /// Whether an entry of `list` stands in it, inside a word too.
    pub(super) fn has_inside<const N: usize>(&self, list: &Table<N>) -> bool {
        self.entries(list, false).next().is_some()
    }

    /// Where the entries of `list` end that stand in it.
    fn entries<const N: usize>(
        &self,
        list: &Table<N>,
        at_words: bool,
    ) -> impl Iterator<Item = usize> {
        let name = self.0.as_bytes();
        (0..name.len()).filter(move |at| !at_words || *at == 0 || name[at - 1] == b'_').flat_map(
            move |at| {
                let mut cursor = list.first(name[at]);
                std::iter::from_fn(move || {
                    while cursor > 0 {
                        let (entry, next) = list.at(cursor);
                        cursor = next;
                        if let Some(end) = end_of(entry, name, at) {
                            return Some(end);
                        }
                    }
                    None
                })
            },
        )
    }

    fn is_end(&self, at: usize) -> bool {
        let name = self.0.as_bytes();
        let digits = name[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        name.get(at + digits).is_none_or(|byte| *byte == b'_')
    }
}

/// Where `entry` ends, if it stands in `name` at `at`. A `_` in it may be missing there.
fn end_of(entry: &str, name: &[u8], mut at: usize) -> Option<usize> {
    for byte in entry.bytes() {
        if name.get(at) == Some(&byte) {
            at += 1;
        } else if byte != b'_' {
            return None;
        }
    }
    Some(at)
}
