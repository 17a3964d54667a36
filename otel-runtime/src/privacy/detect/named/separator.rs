//! What stands between a name and its value?

use std::ops::Range;

/// What stands between a name and its value.
pub(super) struct Separator {
    pub(super) kind: Kind,
    /// Where the value begins.
    pub(super) end: usize,
    /// Whether the name stands in the query of a URL, or as in a form: after `?` or `&`.
    pub(super) in_query: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `name: value`
    Colon,
    /// `name=value`, `name => value`, `name := value`
    Equals,
    /// `--name value`
    Flag,
    /// `<name>value</name>`
    Tag,
    /// `("name", "value")`
    Tuple,
}

/// As many spaces are looked at.
const SPACES: usize = 64;

/// The separator after a name that stands at `name`, if there is one.
pub(super) fn after(text: &[u8], name: Range<usize>) -> Option<Separator> {
    let before = text[..name.start].last().copied();
    let opened = matches!(before, Some(b'"' | b'\'' | b'`'));
    let mut at = name.end;
    let backslashes = count(text, at, |byte| byte == b'\\');
    let closed = matches!(text.get(at + backslashes), Some(b'"' | b'\'' | b'`'));
    if closed {
        at += backslashes + 1;
    }
    // As in `user[password]=x`.
    if text.get(at) == Some(&b']') {
        at += 1;
    }
    let spaces = count(text, at, is_space);
    let sign = at + spaces;
    let in_query = matches!(before, Some(b'?' | b'&'));
    let separator = |kind, end: usize| {
        Some(Separator { kind, end: end + count(text, end, is_space), in_query })
    };
    match &text[sign.min(text.len())..] {
        [b':', b':', ..] => None,
        [b':' | b'=', b'=' | b'>', ..] => separator(Kind::Equals, sign + 2),
        [b':', ..] => separator(Kind::Colon, sign + 1),
        [b'=', ..] => separator(Kind::Equals, sign + 1),
        [b'>', ..] if spaces == 0 && before == Some(b'<') => {
            Some(Separator { kind: Kind::Tag, end: sign + 1, in_query })
        }
        rest => {
            let tuple = opened && closed && name.start >= 2 && text[name.start - 2] == b'(';
            let flag = text[name.start] == b'-'
                && !before.is_some_and(|byte| byte.is_ascii_alphanumeric());
            // In a list of arguments, `"--password", "x"`.
            let listed = rest.first() == Some(&b',') && closed;
            match (tuple, flag) {
                (true, _) if listed => separator(Kind::Tuple, sign + 1),
                (_, true) if listed => separator(Kind::Flag, sign + 1),
                (_, true) if spaces > 0 && !rest.is_empty() && rest[0] != b'-' => {
                    separator(Kind::Flag, sign)
                }
                _ => None,
            }
        }
    }
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn count(text: &[u8], from: usize, is: impl Fn(u8) -> bool) -> usize {
    text[from.min(text.len())..].iter().take(SPACES).take_while(|byte| is(**byte)).count()
}
