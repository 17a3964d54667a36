//! Which literals of the detectors does a text have, and may it have any?

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::detector::Ready;

/// The literals of all detectors, which are searched at once.
pub(super) struct Literals {
    automaton: AhoCorasick,
    /// For each literal, its detector's bit.
    detectors: Vec<u64>,
}

impl Literals {
    pub(super) fn of(detectors: &[Ready]) -> Self {
        let literals = || {
            detectors.iter().enumerate().flat_map(|(index, ready)| {
                ready.detector.literals.iter().map(move |literal| (*literal, 1 << index))
            })
        };
        Self {
            automaton: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA))
                .prefilter(false)
                .build(literals().map(|(literal, _)| literal))
                .expect("some hundred short literals make a small automaton"),
            detectors: literals().map(|(_, bit)| bit).collect(),
        }
    }

    /// A bit for each detector of which the text has a literal.
    pub(super) fn found_in(&self, text: &str) -> u64 {
        self.automaton
            .find_overlapping_iter(text)
            .fold(0, |bits, literal| bits | self.detectors[literal.pattern().as_usize()])
    }
}

/// Whether a literal may begin somewhere in a text: its first bytes, looked up in tables without one look waiting for
/// another, so in a third of the time that the automaton takes. A literal is in one of eight groups; at a place where
/// a byte of each table belongs to one group, a literal of the group may stand.
pub(super) struct Beginnings {
    tables: [[u8; 256]; 3],
}

impl Beginnings {
    /// Those of the literals that have two bytes at least; the gate asks for shorter ones by itself.
    pub(super) fn of(detectors: &[Ready]) -> Self {
        let mut literals: Vec<&[u8]> = detectors
            .iter()
            .flat_map(|ready| ready.detector.literals)
            .map(|literal| literal.as_bytes())
            .filter(|literal| literal.len() >= 2)
            .collect();
        // Neighbours share letters, and so a group: the fewer different letters a group has, the less it lets by.
        literals.sort_by_key(|literal| literal[..literal.len().min(3)].to_ascii_lowercase());
        let mut tables = [[0; 256]; 3];
        let (mut group, mut first, mut groups) = (0, None, 0);
        let firsts = {
            let mut firsts: Vec<u8> =
                literals.iter().map(|literal| literal[0].to_ascii_lowercase()).collect();
            firsts.dedup();
            firsts.len()
        };
        for literal in literals {
            let letter = literal[0].to_ascii_lowercase();
            if first != Some(letter) {
                first = Some(letter);
                group = groups * 8 / firsts;
                groups += 1;
            }
            for (place, table) in tables.iter_mut().enumerate() {
                match literal.get(place) {
                    Some(byte) => {
                        table[usize::from(byte.to_ascii_lowercase())] |= 1 << group;
                        table[usize::from(byte.to_ascii_uppercase())] |= 1 << group;
                    }
                    None => table.iter_mut().for_each(|groups| *groups |= 1 << group),
                }
            }
        }
        Self { tables }
    }

    /// Whether a literal may begin in `text`.
    pub(super) fn may_be_in(&self, text: &[u8]) -> bool {
        let [first, second, third] = &self.tables;
        let look = |place: &[u8]| {
            first[usize::from(place[0])]
                & second[usize::from(place[1])]
                & third[usize::from(place[2])]
        };
        // Several places for one branch.
        let mut blocks = text.windows(3);
        let mut found = 0;
        let mut looked = 0;
        for place in &mut blocks {
            found |= look(place);
            looked += 1;
            if looked % 16 == 0 && found != 0 {
                return true;
            }
        }
        // A literal of two bytes may end the text.
        found != 0 || text.last_chunk::<2>().is_some_and(|last| look(&[last[0], last[1], 0]) != 0)
    }
}
