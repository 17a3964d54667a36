//! Where does a value end?

use std::ops::Range;

use super::names::SecretName;
use super::separator::{Kind, Separator, is_space};

/// The value behind a separator: what is between its quotes or brackets, or up to what ends one without.
/// From a quote that is not closed, everything.
pub(super) fn at(text: &[u8], separator: &Separator, name: &SecretName) -> Option<Range<usize>> {
    let start = separator.end;
    let rest = text.get(start..)?;
    if separator.kind == Kind::Tag {
        let len = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
        return (len > 0).then_some(start..start + len);
    }
    if let Some(inside) = quoted(rest) {
        return (!inside.is_empty()).then(|| start + inside.start..start + inside.end);
    }
    if let Some(len) = bracketed(rest) {
        return Some(start..start + len);
    }
    let len = if name.is_whole_line() && separator.kind == Kind::Colon {
        rest.iter().position(|byte| matches!(byte, b'\r' | b'\n' | b'"')).unwrap_or(rest.len())
    } else if name.is_header() {
        header(rest)
    } else {
        word(rest, separator.in_query)
    };
    (len > 0).then_some(start..start + len)
}

/// What is between quotes, if `text` begins with one: with a prefix (`b"..."`, `r#"..."#`, `N'...'`), or escaped as in
/// JSON in JSON.
fn quoted(text: &[u8]) -> Option<Range<usize>> {
    let prefix = text
        .iter()
        .take(2)
        .take_while(|byte| matches!(byte, b'b' | b'r' | b'N' | b'u' | b'f' | b'&' | b'@' | b'$'))
        .count();
    let hashes = text[prefix..].iter().take(4).take_while(|byte| **byte == b'#').count();
    let backslashes =
        text[prefix + hashes..].iter().take(16).take_while(|byte| **byte == b'\\').count();
    let open = prefix + hashes + backslashes;
    let quote = *text.get(open).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let start = open + 1;
    let is_raw = text[..prefix].contains(&b'r');
    let mut at = start;
    let mut escapes = 0;
    while at < text.len() {
        match text[at] {
            b'\\' if !is_raw => escapes += 1,
            byte if byte == quote => {
                // As many as before the first quote, or fewer: what stands in an outer text that ends.
                let ends = if backslashes == 0 { escapes % 2 == 0 } else { escapes <= backslashes };
                let doubled = backslashes == 0
                    && hashes == 0
                    && at > start
                    && text.get(at + 1) == Some(&quote);
                if ends && !doubled {
                    return Some(start..at - if backslashes == 0 { 0 } else { escapes });
                }
                if ends && doubled {
                    at += 1;
                }
                escapes = 0;
            }
            _ => escapes = 0,
        }
        at += 1;
    }
    Some(start..text.len())
}

/// How long what stands in brackets is, if `text` begins with one, or with a word and one: `{..}`, `[..]`, `Some(..)`.
fn bracketed(text: &[u8]) -> Option<usize> {
    let word = text
        .iter()
        .take(32)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
        .count();
    match text.get(word)? {
        b'{' | b'[' if word == 0 => {}
        b'(' if word > 0 && text[0].is_ascii_alphabetic() => {}
        _ => return None,
    }
    let (mut depth, mut is_quoted, mut at) = (0_usize, false, word);
    while at < text.len() {
        match (is_quoted, text[at]) {
            (_, b'\\') => at += 1,
            (_, b'"') => is_quoted = !is_quoted,
            (false, b'{' | b'[' | b'(') => depth += 1,
            (false, b'}' | b']' | b')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Some(text.len())
}

/// The scheme and what it takes: `Bearer x`, `Digest username="x", uri="/"`.
fn header(text: &[u8]) -> usize {
    let line = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    let scheme = text[..line]
        .iter()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    if text.get(scheme) != Some(&b' ') {
        return word(text, false);
    }
    let name = &text[..scheme];
    let takes_one = [
        &b"bearer"[..],
        b"basic",
        b"token",
        b"apikey",
        b"api-key",
        b"negotiate",
        b"ntlm",
        b"dpop",
        b"key",
    ];
    if takes_one.iter().any(|one| name.eq_ignore_ascii_case(one)) {
        let spaces = text[scheme..].iter().take_while(|byte| **byte == b' ').count();
        return scheme + spaces + word(&text[scheme + spaces..], false);
    }
    let takes_many = [
        &b"digest"[..],
        b"aws4-hmac-sha256",
        b"hawk",
        b"oauth",
        b"signature",
        b"sharedkey",
        b"gnap",
        b"hoba",
    ];
    if takes_many.iter().any(|one| name.eq_ignore_ascii_case(one)) {
        return line;
    }
    word(text, false)
}

/// How long a value without quotes is.
fn word(text: &[u8], in_query: bool) -> usize {
    let mut opened = 0_usize;
    for (at, byte) in text.iter().enumerate() {
        let next = text.get(at + 1);
        let before_a_space = next.is_none_or(|next| is_space(*next));
        let before_an_end = before_a_space
            || next.is_some_and(|next| {
                matches!(next, b',' | b';' | b')' | b']' | b'}' | b'>' | b':' | b'&')
            });
        let ends = match byte {
            b'&' | b'<' | b'"' => true,
            byte if is_space(*byte) => true,
            b'#' => in_query,
            // An escaped quote of an outer text, or the end of its line.
            b'\\' => matches!(next, Some(b'"' | b'n' | b'r')),
            b'(' | b'{' | b'[' => {
                opened += 1;
                false
            }
            b')' | b'}' | b']' if opened > 0 => {
                opened -= 1;
                false
            }
            b'\'' | b'`' | b')' | b'}' | b']' => before_an_end,
            b',' | b';' => before_a_space || begins_name(&text[at + 1..]),
            b'.' => before_a_space,
            _ => false,
        };
        if ends {
            return at;
        }
    }
    text.len()
}

/// Whether a name with its separator begins here, as `user` does in `password=x,user=ada` and `User Id` in
/// `Password=x;User Id=sa`.
fn begins_name(text: &[u8]) -> bool {
    let in_name = |at: &usize| match text[*at] {
        b' ' => text.get(at + 1).is_some_and(u8::is_ascii_uppercase),
        byte => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"' | b'\''),
    };
    let len = (0..text.len().min(48)).take_while(in_name).count();
    len > 0 && matches!(text.get(len), Some(b'=' | b':'))
}
