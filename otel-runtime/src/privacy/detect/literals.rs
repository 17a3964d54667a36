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

    /// Whether the text has a literal.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.automaton.is_match(text)
    }

    /// A bit for each detector of which the text has a literal.
    pub(super) fn found_in(&self, text: &str) -> u64 {
        self.automaton
            .find_overlapping_iter(text)
            .fold(0, |bits, literal| bits | self.detectors[literal.pattern().as_usize()])
    }
}

/// Whether a literal may begin somewhere in a text: the first three bytes of each, of which only the five lowest bits
/// count, as a set of 15 bits. Upper and lower case are the same there. This takes a third of the time that the automaton
/// does, since no look waits for the one before.
pub(super) struct Beginnings {
    set: Box<[u64; WORDS]>,
}

const BITS: usize = 1 << 15;
const WORDS: usize = BITS / 64;

impl Beginnings {
    /// Those of the literals that have two bytes at least; the gate asks for shorter ones by itself.
    pub(super) fn of(detectors: &[Ready]) -> Self {
        let mut set = Box::new([0; WORDS]);
        for literal in detectors.iter().flat_map(|ready| ready.detector.literals) {
            let place = match *literal.as_bytes() {
                [first, second, third, ..] => {
                    index(first, second, third)..=index(first, second, third)
                }
                [first, second] => index(first, second, 0)..=index(first, second, 31),
                _ => continue,
            };
            for place in place {
                set[place / 64] |= 1 << (place % 64);
            }
        }
        Self { set }
    }

    /// Whether a literal may begin in `text`.
    pub(super) fn may_be_in(&self, text: &[u8]) -> bool {
        let look = |first, second, third| {
            let place = index(first, second, third);
            self.set[place / 64] >> (place % 64) & 1 != 0
        };
        text.windows(3).any(|bytes| look(bytes[0], bytes[1], bytes[2]))
            // A literal of two bytes may end the text.
            || text.last_chunk::<2>().is_some_and(|last| look(last[0], last[1], 0))
    }
}

fn index(first: u8, second: u8, third: u8) -> usize {
    let low = |byte| usize::from(byte & 31);
    low(first) << 10 | low(second) << 5 | low(third)
}
