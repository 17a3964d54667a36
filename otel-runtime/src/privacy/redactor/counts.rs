//! What was found so far, in numbers and, for a dry run, by key?

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::privacy::class::Class;
use crate::process::lock::lock;

/// How many keys a dry run names at most: keys that the program makes up have no end.
const MOST_NAMES: usize = 1000;

/// How many values of each class were redacted, or would have been in a dry run.
///
/// Each value that something was found in counts once for each finding. What is common to many spans (the resource,
/// the name and the place of a function) counts once, when it is first seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedactedStats {
    /// Of [`Class::Identifier`].
    pub identifier: u64,
    /// Of [`Class::Contact`].
    pub contact: u64,
    /// Of [`Class::Network`].
    pub network: u64,
    /// Of [`Class::Financial`].
    pub financial: u64,
    /// Of [`Class::Government`].
    pub government: u64,
    /// Of [`Class::Credential`].
    pub credential: u64,
    /// Of [`Class::Special`].
    pub special: u64,
    /// Of [`Class::Unknown`], such as what is not on the list in [`Mode::AllowList`](super::super::Mode::AllowList).
    pub unknown: u64,
    /// Of classes of the organisation's own, [`Class::Own`], and of [`Class::Public`] if an action was set for it.
    pub other: u64,
    /// Values that were dropped because a detector of the program's panicked.
    pub failed: u64,
}

impl RedactedStats {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        let RedactedStats {
            identifier,
            contact,
            network,
            financial,
            government,
            credential,
            special,
            unknown,
            other,
            failed,
        } = self;
        identifier
            + contact
            + network
            + financial
            + government
            + credential
            + special
            + unknown
            + other
            + failed
    }
}

/// What a dry run found: how many values of a class, below which key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct WouldRedact {
    /// The key of the attribute; what is none is called `span.name`, `event.name`, `scope.name`, `status.message`,
    /// `trace_state`; and a key in which something was found is told as `key`.
    pub key: String,
    /// What it is.
    pub class: Class,
    /// How many.
    pub count: u64,
}

/// The counters of a redactor and its clones.
#[derive(Debug, Default)]
pub(super) struct Counts {
    classes: [AtomicU64; 9],
    failed: AtomicU64,
    named: Mutex<HashMap<(String, Class), u64>>,
}

impl Counts {
    pub(super) fn found(&self, class: Class) {
        if let Some(count) = self.classes.get(index(class)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes for a dry run where it was.
    pub(super) fn name(&self, key: &str, class: Class) {
        let Some(mut named) = lock(&self.named) else { return };
        if let Some(count) = named.get_mut(&(key.to_owned(), class)) {
            *count += 1;
        } else if named.len() < MOST_NAMES {
            named.insert((key.to_owned(), class), 1);
        }
    }

    pub(super) fn stats(&self) -> RedactedStats {
        let of =
            |class| self.classes.get(index(class)).map_or(0, |count| count.load(Ordering::Relaxed));
        RedactedStats {
            identifier: of(Class::Identifier),
            contact: of(Class::Contact),
            network: of(Class::Network),
            financial: of(Class::Financial),
            government: of(Class::Government),
            credential: of(Class::Credential),
            special: of(Class::Special),
            unknown: of(Class::Unknown),
            other: of(Class::Public),
            failed: self.failed.load(Ordering::Relaxed),
        }
    }

    /// By key, in the order of the alphabet.
    pub(super) fn named(&self) -> Vec<WouldRedact> {
        let Some(named) = lock(&self.named) else { return Vec::new() };
        let all = named.iter().map(|((key, class), count)| WouldRedact {
            key: key.clone(),
            class: *class,
            count: *count,
        });
        let mut all: Vec<_> = all.collect();
        all.sort_unstable();
        all
    }
}

fn index(class: Class) -> usize {
    match class {
        Class::Identifier => 0,
        Class::Contact => 1,
        Class::Network => 2,
        Class::Financial => 3,
        Class::Government => 4,
        Class::Credential => 5,
        Class::Special => 6,
        Class::Unknown => 7,
        Class::Public | Class::Own(_) => 8,
    }
}
