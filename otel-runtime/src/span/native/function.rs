//! What do all spans of an annotated function have in common?

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use opentelemetry::InstrumentationScope;

use crate::process::lock::lock;
use crate::record::fields::{self, Scalar};
use crate::record::{Function, field};
use crate::span::callsite::{Description, Identity};

/// How many attributes say where a function is: `code.function.name`, `code.file.path`,
/// `code.line.number`.
pub(super) const PLACE: u32 = 3;

/// One scope for all functions that share it. There are few of them, and each function looks its own up
/// once.
static SCOPES: Mutex<Vec<&'static InstrumentationScope>> = Mutex::new(Vec::new());

/// The number of the next function.
static NUMBERS: AtomicU32 = AtomicU32::new(0);

/// What all spans of a function have in common, once the first of them has begun.
pub(crate) struct Prepared(OnceLock<Known>);

pub(super) struct Known {
    pub(super) function: Function,
    /// `None` for most functions: their spans are always sent. Not in place, so that it takes as many
    /// instructions as a number would.
    pub(super) sieve: Option<&'static Sieve>,
}

/// Which spans of a function are not sent as spans of their own.
#[derive(Debug)]
pub(super) struct Sieve {
    /// Those that were shorter than so many nanoseconds are left out; 0 for none.
    pub(super) min_duration: u64,
    /// Of the children of one span, those after so many are folded into one.
    pub(super) fold: Option<NonZeroU32>,
}

impl Prepared {
    pub(crate) const fn new() -> Self {
        Prepared(OnceLock::new())
    }

    /// `fold` holds for functions that say nothing of it themselves.
    #[inline]
    pub(super) fn known(&self, description: &Description, fold: Option<NonZeroU32>) -> &Known {
        self.0.get().unwrap_or_else(|| self.make(description, fold))
    }

    #[cold]
    fn make(&self, description: &Description, fold: Option<NonZeroU32>) -> &Known {
        // Made before `get_or_init`, so that it takes next to no time: a thread that was inside it at a
        // fork is missing in the child, which would wait for it.
        let known = Known {
            function: description.identity().into(),
            sieve: Sieve::of(description, fold).map(|sieve| &*Box::leak(Box::new(sieve))),
        };
        self.0.get_or_init(|| known)
    }
}

impl Sieve {
    fn of(description: &Description, fold: Option<NonZeroU32>) -> Option<Sieve> {
        let fold = description.fold.map_or(fold, NonZeroU32::new);
        let min_duration = description.min_duration;
        (min_duration > 0 || fold.is_some()).then_some(Sieve { min_duration, fold })
    }
}

impl From<Identity> for Function {
    fn from(identity: Identity) -> Self {
        let Identity { name, function, place: written_at, scope } = identity;
        let mut place = Vec::new();
        let attributes = written_at.map(|(file, line)| {
            [
                ("code.function.name", Scalar::String(function)),
                ("code.file.path", Scalar::String(file)),
                ("code.line.number", Scalar::Int(line.into())),
            ]
        });
        for (key, value) in attributes.into_iter().flatten() {
            fields::scalar(&mut place, field::span::ATTRIBUTES, key, value);
        }
        let place_count = written_at.map_or(0, |_| PLACE);
        Function {
            name,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            path: function,
            scope: intern(scope),
            place: place.into(),
            place_count,
        }
    }
}

fn intern(scope: InstrumentationScope) -> &'static InstrumentationScope {
    // Without the lock, which a forked child may never get, an equal scope is made once more.
    let Some(mut scopes) = lock(&SCOPES) else { return Box::leak(Box::new(scope)) };
    if let Some(known) = scopes.iter().find(|known| ***known == scope) {
        return known;
    }
    let scope: &'static InstrumentationScope = Box::leak(Box::new(scope));
    scopes.push(scope);
    scope
}
