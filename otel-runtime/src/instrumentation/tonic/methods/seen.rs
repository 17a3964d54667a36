//! Which names were seen so far, if only so many are remembered?

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// How many places are tried for a name.
const PROBES: usize = 16;

/// A set of names that only grows. Reading it does not write to memory that threads share.
pub(crate) struct Seen {
    places: Box<[OnceLock<Box<str>>]>,
    hasher: RandomState,
}

impl Seen {
    /// An empty set with room for at most `most` names.
    pub(super) fn new(most: usize) -> Seen {
        let places = std::iter::repeat_with(OnceLock::new).take(most).collect();
        Seen { places, hasher: RandomState::new() }
    }

    /// Whether `name` is in the set.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut places = self.places_of(name).map_while(OnceLock::get);
        places.any(|there| **there == *name)
    }

    /// Whether `name` is not in the set, and there is no room for it.
    pub(super) fn is_full_for(&self, name: &str) -> bool {
        self.places_of(name).all(|place| place.get().is_some_and(|there| **there != *name))
    }

    /// Adds `name`; `false` if there is no room.
    pub(super) fn add(&self, name: &str) -> bool {
        // A place belongs to the first name that was put there.
        self.places_of(name).any(|place| **place.get_or_init(|| name.into()) == *name)
    }

    fn places_of(&self, name: &str) -> impl Iterator<Item = &OnceLock<Box<str>>> {
        #[expect(clippy::cast_possible_truncation, reason = "any part of a hash will do")]
        let first = self.hasher.hash_one(name) as usize;
        (0..PROBES).map(move |probe| &self.places[first.wrapping_add(probe) % self.places.len()])
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.places.iter().filter_map(OnceLock::get);
        f.debug_set().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1024;

    #[test]
    fn what_is_in_stays_in_and_what_finds_no_room_stays_out() {
        let seen = Seen::new(MOST);
        let names: Vec<_> = (0..8 * MOST).map(|number| format!("shop.Stock/M{number}")).collect();

        let taken: Vec<_> = names.iter().filter(|name| seen.add(name)).collect();

        assert!(taken.len() > MOST / 2 && taken.len() <= MOST, "{}", taken.len());
        for name in &names {
            assert_eq!(seen.has(name), taken.contains(&name), "{name}");
            assert_eq!(seen.is_full_for(name), !seen.has(name), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_not_there_has_room_as_long_as_there_is_any() {
        let seen = Seen::new(MOST);

        assert!(!seen.has("shop.Stock/Count") && !seen.is_full_for("shop.Stock/Count"));
        assert!(seen.add("shop.Stock/Count") && seen.add("shop.Stock/Count"));
        assert!(seen.has("shop.Stock/Count") && !seen.has("shop.Stock/Counts"));
        assert_eq!(format!("{seen:?}"), r#"{"shop.Stock/Count"}"#);
    }
}
