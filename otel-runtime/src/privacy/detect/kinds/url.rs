//! User and password in a URL (RFC 3986, section 3.2.1). Secret parameters of its query are found by their names.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const USER_INFO: Detector = Detector {
    name: "user_info",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["@"],
    signs: Signs::NONE,
    pattern: r"[a-zA-Z][a-zA-Z0-9+.-]*://",
    check: Check::Parts(user_info),
};

/// Who is nobody: the user of repositories, and what stands for user info that was redacted.
const NOBODY: &[&[u8]] =
    &[b"git", b"hg", b"svn", b"REDACTED", b"REDACTED:REDACTED", b"***", b"***:***", b"*****:*****"];

fn user_info(scheme: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let after = scheme.after();
    let is_end =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'<' | b'>' | b'`' | b'\\');
    // Only as far as the next URL, so that no text is looked at twice.
    let end = (0..after.len())
        .find(|at| is_end(&after[*at]) || after[*at..].starts_with(b"://"))
        .unwrap_or(after.len());
    let rest = &after[..end];
    let authority =
        rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let at = match rest[..authority].iter().rposition(|byte| *byte == b'@') {
        Some(at) => at,
        // A password with a `/`, `?` or `#` in it that nobody encoded: what stands before that is no port.
        None => match rest[..authority].iter().position(|byte| *byte == b':') {
            Some(colon) if !rest[colon + 1..authority].iter().all(u8::is_ascii_digit) => {
                match rest.iter().rposition(|byte| *byte == b'@') {
                    Some(at) => at,
                    None => return,
                }
            }
            _ => return,
        },
    };
    if at > 0 && !NOBODY.contains(&&rest[..at]) {
        found(scheme.range.end..scheme.range.end + at);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::USER_INFO;

    #[test]
    fn user_and_password_are_found() {
        finds(
            &USER_INFO,
            &[
                "postgres://«ada:s3cr3t»@db.example/shop",
                "redis://«:s3cr3t»@cache:6379, https://«token»@sentry.example/1",
                "mysql://«ada:ab/c@d?e»@db.example/shop",
                "连接postgres://«ada:密码»@db.example失败",
            ],
        );
    }

    #[test]
    fn urls_without_are_left() {
        leaves(
            &USER_INFO,
            &[
                "https://shop.example/@ada",
                "https://shop.example:8080/x@y",
                "ssh://git@github.com/acme/shop",
                "https://REDACTED:REDACTED@shop.example",
                "https://shop.example?mail=ada@example.com",
            ],
        );
    }
}
