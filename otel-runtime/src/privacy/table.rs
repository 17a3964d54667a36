//! Which entries of a list may begin with this letter?
//!
//! Under `skip_pii` the compiler interprets this search for every attribute, a hundred times slower than
//! a program would run it: so an entry is compared only where its first letter is found.

use super::lists::{EXCEPTIONS, PERSONS, SUBSTRINGS, WORDS};

const ALL_WORDS: &[&[&str]] = &{
    let mut lists: [&[&str]; WORDS.len()] = [&[]; WORDS.len()];
    let mut index = 0;
    while index < WORDS.len() {
        lists[index] = WORDS[index].1;
        index += 1;
    }
    lists
};

// References, so that no use copies the tables.
pub(super) const BY_SUBSTRING: &Table<{ SUBSTRINGS.len() }> = &Table::new(&[SUBSTRINGS]);
pub(super) const BY_WORD: &Table<{ count(ALL_WORDS) }> = &Table::new(ALL_WORDS);
pub(super) const BY_PERSON: &Table<{ PERSONS.len() }> = &Table::new(&[PERSONS]);
pub(super) const BY_EXCEPTION: &Table<{ EXCEPTIONS.len() }> = &Table::new(&[EXCEPTIONS]);

/// Entries of one list or several, chained by their first letters.
pub(super) struct Table<const N: usize> {
    entries: [&'static str; N],
    /// For each letter, the first entry, counted from 1; 0 if there is none.
    heads: [usize; 26],
    /// For each entry, the next one of its letter.
    next: [usize; N],
}

impl<const N: usize> Table<N> {
    /// `N` is the number of all entries.
    pub(super) const fn new(lists: &[&[&'static str]]) -> Table<N> {
        let mut table = Table { entries: [""; N], heads: [0; 26], next: [0; N] };
        let (mut list, mut count) = (0, 0);
        while list < lists.len() {
            let mut index = 0;
            while index < lists[list].len() {
                let entry = lists[list][index];
                let letter = (entry.as_bytes()[0] - b'a') as usize;
                table.entries[count] = entry;
                table.next[count] = table.heads[letter];
                count += 1;
                table.heads[letter] = count;
                index += 1;
            }
            list += 1;
        }
        assert!(count == N, "every entry has its place");
        table
    }

    /// A cursor to the first entry that begins with `byte`.
    #[inline]
    pub(super) const fn first(&self, byte: u8) -> usize {
        if byte >= b'a' && byte <= b'z' { self.heads[(byte - b'a') as usize] } else { 0 }
    }

    /// The entry at a cursor that is not 0, and a cursor to the next.
    #[inline]
    pub(super) const fn at(&self, cursor: usize) -> (&'static str, usize) {
        (self.entries[cursor - 1], self.next[cursor - 1])
    }
}

/// How many entries `lists` have.
pub(super) const fn count(lists: &[&[&str]]) -> usize {
    let (mut list, mut count) = (0, 0);
    while list < lists.len() {
        count += lists[list].len();
        list += 1;
    }
    count
}
