//! What do the `th` and `rv` of a trace state say, and how is a `th` set?
//!
//! What belongs to OpenTelemetry stands in one member, `ot=th:fd70a4;rv:6e6d1a75832a2f`. Of it, what is
//! malformed or occurs twice is ignored, and left out when the member is written; what is not known is kept. The
//! members of others are never changed.
//!
//! Specification: [TraceState
//! handling](https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/).

use opentelemetry::trace::TraceState;

use super::threshold::{Randomness, Threshold};

const MEMBER: &str = "ot";
const THRESHOLD: &str = "th";
const RANDOMNESS: &str = "rv";

/// "The complete list length MUST NOT exceed 256 characters."
const MAX_LENGTH: usize = 256;
/// W3C Trace Context, section 3.3.1.1.
const MAX_MEMBERS: usize = 32;

/// What of the `ot` member is known to us and valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ot {
    pub(super) threshold: Option<Threshold>,
    pub(super) randomness: Option<Randomness>,
}

/// Reads the `ot` member.
#[inline]
pub(super) fn read(state: &TraceState) -> Ot {
    match state.get(MEMBER) {
        Some(list) => parse(list),
        None => Ot::default(),
    }
}

fn parse(list: &str) -> Ot {
    let mut values = [None; 2];
    let mut twice = [false; 2];
    for entry in list.split(';') {
        let Some((key, value)) = entry.split_once(':') else { continue };
        let at = match key {
            THRESHOLD => 0,
            RANDOMNESS => 1,
            _ => continue,
        };
        // One that is malformed otherwise does not count.
        if is_value(value) {
            twice[at] |= values[at].replace(value).is_some();
        }
    }
    let only = |at: usize| if twice[at] { None } else { values[at] };
    Ot {
        threshold: only(0).and_then(Threshold::parse),
        randomness: only(1).and_then(Randomness::parse),
    }
}

/// The same trace state with this threshold in the place of its own, or without any.
///
/// A member that changes moves to the front; if there are 32 others, the last of them goes. Where the list of
/// the `ot` member would be too long, it stays without a threshold: the count is unknown rather than wrong.
#[inline]
pub(super) fn with_threshold(state: &TraceState, threshold: Option<Threshold>) -> TraceState {
    match (state.get(MEMBER), threshold) {
        (None, None) => state.clone(),
        (None, Some(threshold)) => {
            let list = threshold.entry();
            if *state == TraceState::NONE {
                // It cannot fail: this is a member.
                state.insert(MEMBER, list).unwrap_or_default()
            } else {
                with_list(state, &list)
            }
        }
        (Some(list), _) => changed(state, list, threshold),
    }
}

/// The same for a trace state that has a list already.
fn changed(state: &TraceState, list: &str, threshold: Option<Threshold>) -> TraceState {
    // Nearly always there is one entry.
    let is_one = !list.contains(';') && threshold.is_some();
    if parse(list).threshold == threshold && (is_one || is_valid(list)) {
        return state.clone();
    }
    let kept = entries(list).filter(|(key, value)| *key != THRESHOLD && is_kept(list, key, value));
    let mut rest = String::new();
    for (key, value) in kept {
        rest.push(';');
        rest.push_str(key);
        rest.push(':');
        rest.push_str(value);
    }
    let with_threshold = threshold.map(|it| it.entry() + &rest);
    match with_threshold.filter(|list| list.len() <= MAX_LENGTH) {
        Some(list) => with_list(state, &list),
        None => with_list(state, rest.strip_prefix(';').unwrap_or_default()),
    }
}

/// The same trace state with this list as its `ot` member; without one, if the list is empty.
fn with_list(state: &TraceState, list: &str) -> TraceState {
    let ours = (!list.is_empty()).then_some((MEMBER, list));
    let others = state.into_iter().filter(|(key, _)| *key != MEMBER);
    let members = ours.into_iter().chain(others).take(MAX_MEMBERS);
    // It cannot fail: all of these were in a trace state before, and ours is valid.
    TraceState::from_key_value(members).unwrap_or_else(|_| state.clone())
}

/// The well-formed entries of a list.
fn entries(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.split(';').filter_map(|entry| entry.split_once(':')).filter(|(key, value)| {
        let mut bytes = key.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_lowercase())
            && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && is_value(value)
    })
}

fn is_value(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Whether this entry is still there when the list is written: "the used keys MUST be unique", and ours have
/// a form.
fn is_kept(list: &str, key: &str, value: &str) -> bool {
    let is_only = entries(list).filter(|(other, _)| *other == key).count() == 1;
    let is_of_form = match key {
        THRESHOLD => Threshold::parse(value).is_some(),
        RANDOMNESS => Randomness::parse(value).is_some(),
        _ => true,
    };
    is_only && is_of_form
}

/// Whether nothing of the list is left out when it is written.
fn is_valid(list: &str) -> bool {
    entries(list).filter(|(key, value)| is_kept(list, key, value)).count()
        == list.split(';').count()
}

#[cfg(test)]
mod tests;
