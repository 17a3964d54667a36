//! E-mail addresses.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const EMAIL: Detector = Detector {
    name: "email",
    class: Class::Contact,
    coverage: Coverage::Personal,
    literals: &["@"],
    signs: Signs::NONE,
    // A host in letters of ASCII; else one with others in it, which ends with those of ASCII.
    pattern: r"(?i)[a-z0-9.!#$&'*+/=?^_`{|}~-]+@(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:xn--[a-z0-9-]+|[a-z]{2,})|[a-z0-9\x80-\xff-]+(?:\.[a-z0-9\x80-\xff-]+)*\.[a-z]{2,})",
    check: Check::Parts(address),
};

/// Ends of file names with an `@` in them: `icon@2x.png`, `left-pad@1.3.0.tgz`.
const FILES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "tgz", "zip", "gz", "json",
    "html", "service",
];

/// Before the host of a repository, `git` is nobody.
const NOBODY: &[&str] = &["git", "hg", "svn"];

fn address(part: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let Some(at) = part.bytes().iter().position(|byte| *byte == b'@') else { return };
    let (local, host) = (&part.bytes()[..at], &part.bytes()[at + 1..]);
    let local = &local[start_of_local(local)..];
    if local.is_empty()
        || local.len() > 64
        || local.ends_with(b".")
        || local.windows(2).any(|two| two == b"..")
    {
        return;
    }
    let is_host = host.len() <= 253
        && host.split(|byte| *byte == b'.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with(b"-")
                && !label.ends_with(b"-")
        });
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let is_file = FILES.iter().any(|end| last.eq_ignore_ascii_case(end.as_bytes()));
    let is_nobody = NOBODY.iter().any(|nobody| local.eq_ignore_ascii_case(nobody.as_bytes()));
    if is_host && !is_file && !is_nobody {
        let start = part.range.start + at - local.len();
        if !is_user_info(&part.text.as_bytes()[..start]) {
            found(start - letters_before(&part.text[..start])..part.range.end);
        }
    }
}

/// Where the local part begins, of what may stand in one. Signs other than `.`, `_`, `+`, `-` and `'` are allowed in
/// one, but are seldom meant so: in `email='ada@…` and `to=ada@…` it begins behind them.
fn start_of_local(local: &[u8]) -> usize {
    let in_name = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'\'')
    };
    let start = local.iter().rposition(|byte| !in_name(byte)).map_or(0, |at| at + 1);
    start + local[start..].iter().take_while(|byte| matches!(byte, b'.' | b'\'' | b'-')).count()
}

/// Whether `user:` of a URL stands before it, so that this is its password, and a host.
fn is_user_info(before: &[u8]) -> bool {
    let Some((b':', before)) = before.split_last() else { return false };
    let user = before
        .iter()
        .rev()
        .take(64)
        .take_while(|byte| !matches!(byte, b'/' | b' ' | b'"' | b'\''))
        .count();
    before[..before.len() - user].ends_with(b"://")
}

/// How many bytes more the local part has before what the pattern found, where that begins behind a letter of another
/// script that parts words by spaces: Latin, Greek, Cyrillic. In Chinese or Thai a word may touch what follows it.
fn letters_before(text: &str) -> usize {
    let is_letter = |letter: &char| ('\u{C0}'..='\u{52F}').contains(letter);
    let is_local = |letter: &char| {
        is_letter(letter)
            || letter.is_ascii_alphanumeric()
            || matches!(letter, '.' | '_' | '+' | '-')
    };
    if !text.ends_with(|letter| is_letter(&letter)) {
        return 0;
    }
    text.chars().rev().take(64).take_while(is_local).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::EMAIL;

    #[test]
    fn an_address_is_found_between_anything() {
        finds(
            &EMAIL,
            &[
                "«ada@example.com»",
                "<«ada.lovelace+x@mail.example.co.uk»>,",
                "WHERE email='«ada@example.com»'",
                "mailto:«ada@example.com»?subject=x",
                "联系«ada@example.com»谢谢",
                "email=«o'brien@example.org».",
                "«jürgen@bücher.example»",
                "user_«ada@example.com»".replace("user_«", "«user_").as_str(),
                "\"Ada\"<«ada@xn--bcher-kva.example»>",
            ],
        );
    }

    #[test]
    fn what_is_no_address_is_left() {
        leaves(
            &EMAIL,
            &[
                "ada@localhost",
                "ada@example.c",
                "ada@@example.com",
                "@example.com",
                "ada@-example.com",
                "ada@example..com",
                "a..b@example.com",
                "icon@2x.png",
                "serde@1.0.219",
                "git@github.com:acme/shop.git",
                "postgres://ada:pw@db.example/shop",
            ],
        );
    }
}
