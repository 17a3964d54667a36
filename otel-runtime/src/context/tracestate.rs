//! Which entries of a `tracestate` are kept?

use opentelemetry::trace::TraceState;

/// Section 3.3.1.1: more list members make the whole list invalid.
const MAX_MEMBERS: usize = 32;
/// Section 3.3.1.5: as much has to be passed on; more might make the next service refuse a request.
const MAX_LENGTH: usize = 512;
/// Section 3.3.1.5: entries longer than that are the first to go.
const LARGE_MEMBER: usize = 128;

/// Reads one `tracestate` that came in any number of headers. `None` if any of it is invalid.
///
/// `TraceState::from_str` is no check: it takes empty keys, control characters, and more than the
/// specification's 32 members.
pub(super) fn parse(headers: &[&str]) -> Option<TraceState> {
    let mut members: Vec<(&str, &str)> = Vec::new();
    for member in headers.iter().flat_map(|header| header.split(',')) {
        let member = member.trim_matches([' ', '\t']);
        if member.is_empty() {
            continue;
        }
        let (key, value) = member.split_once('=')?;
        if !is_key(key) || !is_value(value) || members.len() == MAX_MEMBERS {
            return None;
        }
        // One entry a key; the leftmost is the newest.
        if members.iter().all(|(known, _)| *known != key) {
            members.push((key, value));
        }
    }
    shorten(&mut members);
    TraceState::from_key_value(members).ok()
}

/// Section 3.3.1.5: whole entries go, the large ones first, then from the end.
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

/// Section 3.3.1.3.1.
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
    use super::*;

    fn header(headers: &[&str]) -> Option<String> {
        parse(headers).map(|state| state.header())
    }

    #[test]
    fn a_valid_list_is_kept() {
        let (key, value) = ("k".repeat(256), "v".repeat(250));
        let long = format!("{key}={value}");
        let table: [(&[&str], &str); 9] = [
            (&[""], ""),
            (&["foo=1"], "foo=1"),
            (&["foo=1,bar=2", "baz=3"], "foo=1,bar=2,baz=3"),
            (&["foo=1 \t, \t bar=2,, ,baz=3,"], "foo=1,bar=2,baz=3"),
            (&["0a_-*/=1", "tenant@system=2"], "0a_-*/=1,tenant@system=2"),
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
            "_foo=1",
            "foo=\t1",
            "foo=a\u{1b}[31mb",
            "foo=é",
            "\u{fffd}",
            &long_key,
            &long_value,
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
}
