//! Which members of a `tracestate` are passed on?
//!
//! There is one rule, that of level 2. A received list with a malformed member is dropped whole. Of a
//! span's own [`TraceState`], a malformed member is left out when it is sent.
//!
//! [`TraceState`] checks by the rule of level 1, and even a little more strictly: it accepts neither
//! `foo@@bar` nor `tenant@` with a system of 14 characters. A list with members that only [`TraceState`]
//! refuses is kept in the context, as [`Received`].

use opentelemetry::trace::{SpanContext, TraceState};
use opentelemetry::{Context, TraceId};

use crate::process::inbound::{self, Inbound};

/// Section 3.3.1.1: more members make the whole list invalid.
const MAX_MEMBERS: usize = 32;
/// Section 3.3.1.5: at least this many characters have to be passed on; with more, the next service might
/// refuse the request.
const MAX_LENGTH: usize = 512;
/// Section 3.3.1.5: when a list is too long, entries longer than this are removed first.
const LARGE_MEMBER: usize = 128;

/// Key and value.
type Member<'a> = (&'a str, &'a str);

/// A received list with members that [`TraceState`] does not accept: the trace that it came with, and all
/// of its members in their order.
struct Received {
    trace_id: TraceId,
    members: Vec<(String, String)>,
}

/// Reads the one list that any number of `tracestate` headers make up. `None` if any part of it is
/// malformed. Of a list that is too long, the members that [`shorten`] keeps.
pub(super) fn parse<'a>(headers: &[&'a str]) -> Option<Vec<Member<'a>>> {
    let mut members = members(headers);
    let is_whole = members.as_mut().is_some_and(|members| {
        let count = members.len();
        shorten(members);
        members.len() == count
    });
    if !is_whole {
        inbound::refuse(Inbound::TraceState, inbound::length(headers));
    }
    members
}

/// `TraceState::from_str` is no check: it takes empty keys, control characters, and more than the
/// specification's 32 members.
fn members<'a>(headers: &[&'a str]) -> Option<Vec<Member<'a>>> {
    let mut members: Vec<Member<'a>> = Vec::new();
    let mut count = 0;
    for member in headers.iter().flat_map(|header| header.split(',')) {
        let member = member.trim_matches([' ', '\t']);
        if member.is_empty() {
            continue;
        }
        let (key, value) = member.split_once('=')?;
        count += 1;
        if !is_key(key) || !is_value(value) || count > MAX_MEMBERS {
            return None;
        }
        // One entry for each key: the leftmost, which is the newest.
        if members.iter().all(|(known, _)| *known != key) {
            members.push((key, value));
        }
    }
    Some(members)
}

/// A [`TraceState`] of those `members` that it accepts.
pub(super) fn state(members: &[Member<'_>]) -> TraceState {
    if let Ok(state) = TraceState::from_key_value(members.iter().copied()) {
        return state;
    }
    let taken = members.iter().copied().filter(|member| is_taken(*member));
    TraceState::from_key_value(taken).unwrap_or(TraceState::NONE)
}

/// `context` with all `members` that came with this trace, if [`state`] has to leave any of them out, or
/// if `context` still has those of an earlier list.
pub(super) fn remember(context: &Context, trace_id: TraceId, members: &[Member<'_>]) -> Context {
    if context.get::<Received>().is_none() && is_taken_whole(members) {
        return context.clone();
    }
    let members = members.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    context.with_value(Received { trace_id, members: members.collect() })
}

/// The `tracestate` to send for this span in `context`; empty if there is none.
///
/// Members that were added or changed here stand in front, the others in their order.
pub(super) fn header(context: &Context, span: &SpanContext) -> String {
    let state = span.trace_state();
    if *state == TraceState::NONE && context.get::<Received>().is_none() {
        return String::new();
    }
    let received = context.get::<Received>().filter(|it| it.trace_id == span.trace_id());
    let received: Vec<Member<'_>> =
        received.map_or_else(Vec::new, |it| it.members.iter().map(borrowed).collect());

    let of_span = state.into_iter().filter(|(key, value)| is_key(key) && is_value(value));
    let mut members: Vec<Member<'_>> =
        of_span.filter(|member| !received.contains(member)).collect();
    members.extend(
        received
            .iter()
            .filter(|member| !is_taken(**member) || state.get(member.0) == Some(member.1)),
    );
    members.truncate(MAX_MEMBERS);
    shorten(&mut members);
    let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}={value}")).collect();
    members.join(",")
}

fn borrowed((key, value): &(String, String)) -> Member<'_> {
    (key, value)
}

/// Whether [`TraceState`] accepts all of `members`, which only an attempt can show.
fn is_taken_whole(members: &[Member<'_>]) -> bool {
    members.is_empty() || TraceState::from_key_value(members.iter().copied()).is_ok()
}

/// Whether [`TraceState`] accepts this member.
fn is_taken(member: Member<'_>) -> bool {
    TraceState::from_key_value([member]).is_ok()
}

/// Section 3.3.1.5: whole entries are removed, large ones first, then from the end.
fn shorten(members: &mut Vec<(&str, &str)>) {
    let length = |(key, value): &(&str, &str)| key.len() + 1 + value.len();
    let is_too_long = |members: &[(&str, &str)]| {
        members.iter().map(length).sum::<usize>() + members.len().saturating_sub(1) > MAX_LENGTH
    };
    if is_too_long(members) {
        members.retain(|member| length(member) <= LARGE_MEMBER);
    }
    while is_too_long(members) {
        members.pop();
    }
}

/// Section 3.3.1.3.1. At signs may stand anywhere but at the start.
fn is_key(key: &str) -> bool {
    let starts_well = key.starts_with(|first: char| matches!(first, 'a'..='z' | '0'..='9'));
    let is_allowed =
        |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@');
    starts_well && key.len() <= 256 && key.bytes().all(is_allowed)
}

/// Section 3.3.1.3.2.
fn is_value(value: &str) -> bool {
    let is_allowed = |byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=';
    !value.is_empty()
        && value.len() <= 256
        && !value.ends_with(' ')
        && value.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use opentelemetry::{SpanId, TraceFlags};

    use super::*;

    /// The list that is sent on for a received one.
    fn header(headers: &[&str]) -> Option<String> {
        let trace_id = TraceId::from(1);
        let members = parse(headers)?;
        let span =
            SpanContext::new(trace_id, SpanId::from(2), TraceFlags::SAMPLED, true, state(&members));
        Some(super::header(&remember(&Context::new(), trace_id, &members), &span))
    }

    #[test]
    fn a_valid_list_is_kept() {
        let (key, value) = ("k".repeat(256), "v".repeat(250));
        let long = format!("{key}={value}");
        let tenant = |tenant: usize, system: usize| {
            format!("{}@{}=1,foo=2", "t".repeat(tenant), "v".repeat(system))
        };
        let tenants = [tenant(241, 14), tenant(242, 1), tenant(1, 15), tenant(1, 254)];
        for list in &tenants {
            assert_eq!(header(&[list]).as_ref(), Some(list));
        }
        let table: [(&[&str], &str); 12] = [
            (&[""], ""),
            (&["foo=1"], "foo=1"),
            (&["foo=1,bar=2", "baz=3"], "foo=1,bar=2,baz=3"),
            (&["foo=1 \t, \t bar=2,, ,baz=3,"], "foo=1,bar=2,baz=3"),
            (&["0a_-*/=1", "tenant@system=2"], "0a_-*/=1,tenant@system=2"),
            (&["foo@@bar=1,bar=2"], "foo@@bar=1,bar=2"),
            (&["foo=1", "foo@=2", "foo@@bar=3,foo@@bar=4"], "foo=1,foo@=2,foo@@bar=3"),
            (&["foo@bar@baz=1,2@3=4"], "foo@bar@baz=1,2@3=4"),
            (&["foo= a b~!\"#<>"], "foo= a b~!\"#<>"),
            (&["foo=1,bar=2,foo=3"], "foo=1,bar=2"),
            (&[&long], &long),
            (&["ot=th:c;rv:0123456789abcd"], "ot=th:c;rv:0123456789abcd"),
        ];
        for (headers, expected) in table {
            assert_eq!(header(headers).as_deref(), Some(expected), "{headers:?}");
        }
    }

    #[test]
    fn an_invalid_list_is_dropped_whole() {
        let long_key = format!("{}=1", "k".repeat(257));
        let long_value = format!("k={}", "v".repeat(257));
        let long_tenant = format!("{}@{}=1", "t".repeat(242), "v".repeat(14));
        let table = [
            "foo",
            "foo=1,bar",
            "foo=1;bar=2,=3",
            "=1",
            "foo=",
            "foo=,bar=3",
            "foo=bar=baz",
            "foo =1",
            "FOO=1",
            "foo.bar=1",
            "@foo=1",
            "@@=1",
            "foo@Bar=1",
            "_foo=1",
            "foo=\t1",
            "foo=a\u{1b}[31mb",
            "foo=é",
            "\u{fffd}",
            &long_key,
            &long_value,
            &long_tenant,
        ];
        for tracestate in table {
            assert_eq!(header(&["ok=1", tracestate]), None, "{tracestate:?}");
        }
    }

    #[test]
    fn more_than_32_members_are_invalid() {
        let members =
            |count: usize| (0..count).map(|n| format!("k{n}=1")).collect::<Vec<_>>().join(",");

        assert_eq!(header(&[&members(32)]), Some(members(32)));
        assert_eq!(header(&[&members(33)]), None);
        assert_eq!(header(&[&["k=1"; 33].join(",")]), None);
        assert_eq!(header(&[&members(32), " , ,", ""]), Some(members(32)));
    }

    #[test]
    fn a_long_list_loses_the_large_entries_and_then_the_last() {
        let large = format!("large={}", "v".repeat(200));
        let small = |n: usize| format!("small{n}={}", "v".repeat(100));
        let small = [small(1), small(2), small(3), small(4), small(5)];

        let all_fit_without_the_large =
            [&large, &small[0], &large.replace("large", "other"), &small[1]];
        assert_eq!(
            header(&all_fit_without_the_large.map(String::as_str)),
            Some(format!("{},{}", small[0], small[1]))
        );

        assert_eq!(header(&small.each_ref().map(String::as_str)), Some(small[..4].join(",")));
    }

    #[test]
    fn what_a_service_adds_or_removes_is_seen_beside_keys_that_the_api_refuses() {
        let trace_id = TraceId::from(1);
        let members = parse(&["a@@b=1,foo=2,bar=3,c@d@e=4"]).expect("valid");
        let context = remember(&Context::new(), trace_id, &members);
        let out = |trace_id, state: TraceState| {
            let span =
                SpanContext::new(trace_id, SpanId::from(2), TraceFlags::SAMPLED, false, state);
            super::header(&context, &span)
        };

        let state = state(&members);
        assert_eq!(state.header(), "foo=2,bar=3");
        assert_eq!(out(trace_id, state.clone()), "a@@b=1,foo=2,bar=3,c@d@e=4");
        let added = state.insert("ot", "th:8").expect("valid");
        assert_eq!(out(trace_id, added), "ot=th:8,a@@b=1,foo=2,bar=3,c@d@e=4");
        let updated = state.insert("bar", "5").expect("valid");
        assert_eq!(out(trace_id, updated), "bar=5,a@@b=1,foo=2,c@d@e=4");
        let removed = state.delete("foo").expect("valid");
        assert_eq!(out(trace_id, removed), "a@@b=1,bar=3,c@d@e=4");
        assert_eq!(out(TraceId::from(7), TraceState::NONE), "", "another trace has none of it");

        let again = remember(&context, trace_id, &parse(&["foo=9"]).expect("valid"));
        let span = SpanContext::new(
            trace_id,
            SpanId::from(2),
            TraceFlags::SAMPLED,
            true,
            TraceState::from_key_value([("foo", "9")]).expect("valid"),
        );
        assert_eq!(super::header(&again, &span), "foo=9", "what came last holds");
    }

    #[test]
    fn a_list_that_a_service_made_is_checked_before_it_goes_out() {
        let made = [("ok", "1"), ("control", "a\u{1b}b"), ("empty", ""), ("last", "2")];
        let state = TraceState::from_key_value(made).expect("the API takes all of them");
        let span =
            SpanContext::new(TraceId::from(1), SpanId::from(2), TraceFlags::SAMPLED, false, state);

        assert_eq!(super::header(&Context::new(), &span), "ok=1,last=2");
    }
}
