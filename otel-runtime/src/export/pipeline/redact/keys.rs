//! What do the keys that were seen lately say of their values?

use crate::privacy::{KeyRule, Redactor};

/// How many keys are remembered; a power of two. Most programs have fewer.
const SLOTS: usize = 512;

/// A key that is longer is looked at each time.
const LONGEST: usize = 128;

/// Remembers the rule of a key until another key takes its slot. So keys that a program makes up take no more
/// memory than others.
#[derive(Debug)]
pub(super) struct Keys {
    slots: Box<[Slot]>,
    /// The rule of a key that is not remembered.
    other: Option<KeyRule>,
}

/// A key and its rule.
type Slot = Option<(Box<str>, KeyRule)>;

impl Keys {
    /// The key as a text, which is not checked again if the key is remembered, and its rule. `None` if it is no text.
    #[inline]
    pub(super) fn rule<'k>(
        &'k mut self,
        key: &'k [u8],
        redactor: &Redactor,
    ) -> Option<(&'k str, &'k KeyRule)> {
        if key.len() > LONGEST {
            let key = str::from_utf8(key).ok()?;
            return Some((key, self.other.insert(redactor.key(key))));
        }
        let slot = &mut self.slots[slot(key)];
        if !matches!(slot, Some((known, _)) if known.as_bytes() == key) {
            let key = str::from_utf8(key).ok()?;
            *slot = Some((key.into(), redactor.key(key)));
        }
        slot.as_ref().map(|(key, rule)| (&**key, rule))
    }
}

impl Default for Keys {
    fn default() -> Self {
        Keys { slots: vec![None; SLOTS].into(), other: None }
    }
}

/// Which slot a key has: by its length, its first and its last bytes, by which nearly all keys differ.
#[inline]
fn slot(key: &[u8]) -> usize {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(bytes) {
            *to = *from;
        }
        u64::from_le_bytes(word)
    };
    let first = key.first_chunk::<8>().map_or_else(|| word(key), |it| u64::from_le_bytes(*it));
    let last = key.last_chunk::<8>().map_or(0, |it| u64::from_le_bytes(*it));
    let mixed = (first ^ last.rotate_left(29) ^ key.len() as u64).wrapping_mul(MULTIPLIER);
    // The upper bits depend on all others.
    #[expect(clippy::cast_possible_truncation, reason = "these are nine bits")]
    let slot = (mixed >> (64 - SLOTS.trailing_zeros())) as usize;
    slot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::Mode;

    #[test]
    fn a_key_has_its_own_rule_whatever_stood_in_its_slot() {
        let redactor = Redactor::new(Mode::AllowList).allow("listed.*");
        let mut keys = Keys::default();
        let many = (0..10_000).map(|it| format!("made.up.{it}"));
        let long = "x".repeat(LONGEST + 1);
        let all: Vec<String> = many.chain(["listed.key".to_owned(), String::new(), long]).collect();
        for key in all.iter().chain(&all) {
            let (same, rule) = keys.rule(key.as_bytes(), &redactor).expect("it is a text");
            assert_eq!((same, rule.passes()), (&**key, key == "listed.key"));
        }
        assert!(keys.rule(b"\xff", &redactor).is_none());
    }
}
