//! Which annotated functions were called so far, and which of them have spans?

use std::iter::successors;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use crate::context::switch;
#[cfg(feature = "sdk")]
use crate::privacy::names::is_pii;
use crate::process::lock::lock;
use crate::span::callsite::{CONTEXT_ONLY, Callsite, OFF, ON, UNKNOWN};
use crate::span::filter::directives::{Filter, with_current};

/// The newest of the callsites that were called, which is the head of a linked list of all of them: a list
/// that takes no memory in a program that does not trace.
static KNOWN: Mutex<Option<&'static Callsite>> = Mutex::new(None);

/// Whether a call may have a span.
#[inline]
pub(crate) fn is_on(callsite: &'static Callsite) -> bool {
    match callsite.interest.load(Ordering::Relaxed) {
        UNKNOWN => register(callsite),
        interest => interest == ON,
    }
}

/// Puts a callsite that is asked for the first time into the list; returns whether a call may have a span.
#[cold]
fn register(callsite: &'static Callsite) -> bool {
    // In a forked child, the thread that held the lock at the fork may be missing.
    let Some(mut known) = lock(&KNOWN) else { return false };
    // Two threads may get here at once.
    if callsite.interest.load(Ordering::Relaxed) == UNKNOWN {
        if let Some(previous) = known.replace(callsite) {
            callsite.previous.get_or_init(|| previous);
        }
        with_current(|filter| update(callsite, filter));
    }
    callsite.interest.load(Ordering::Relaxed) == ON
}

/// The functions that were called so far, the newest first.
#[cfg(feature = "sdk")]
pub(crate) fn called() -> Vec<&'static Callsite> {
    let last = lock(&KNOWN).and_then(|known| *known);
    successors(last, |callsite| callsite.previous.get().copied()).collect()
}

/// The attributes that `skip_pii` leaves out of a function's spans.
#[cfg(feature = "sdk")]
pub(crate) struct Skipped {
    pub(crate) function: String,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) keys: Vec<&'static str>,
}

/// These attributes, of every function that was called and has some.
#[cfg(feature = "sdk")]
pub(crate) fn skipped() -> Vec<Skipped> {
    let skipped = called().into_iter().map(|callsite| {
        let it = &callsite.description;
        let named = it.named.iter().filter(|(_, names)| is_pii(names, it.more_names));
        Skipped {
            function: it.path(),
            file: it.file,
            line: it.line,
            keys: named.map(|(key, _)| *key).collect(),
        }
    });
    skipped.filter(|skipped| !skipped.keys.is_empty()).collect()
}

/// Asks again, for every callsite, whether it is on.
pub(crate) fn update_all() {
    let Some(known) = lock(&KNOWN) else { return };
    // Read under the lock, so that if two filters are set at once, one of them holds for every callsite.
    with_current(|filter| {
        successors(*known, |callsite| callsite.previous.get().copied())
            .for_each(|callsite| update(callsite, filter));
    });
}

fn update(callsite: &Callsite, filter: &Filter) {
    let Callsite { description, interest, .. } = callsite;
    let has_spans =
        switch::makes_spans() && filter.enables(description.level, || description.paths());
    let new = if has_spans {
        ON
    } else if description.has_context() && switch::is_on() {
        CONTEXT_ONLY
    } else {
        OFF
    };
    interest.store(new, Ordering::Relaxed);
}
