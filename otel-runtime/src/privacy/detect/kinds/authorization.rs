//! What stands behind `Bearer` and `Basic` (RFC 6750 and 7617).

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const BEARER: Detector = Detector {
    name: "bearer",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["bearer"],
    signs: Signs::NONE,
    pattern: r"(?i)bearer(?:[ :=]|%20|\+){1,3}[a-z0-9._~+/-]{6,}=*",
    check: Check::Parts(token),
};

pub(in super::super) const BASIC: Detector = Detector {
    name: "basic",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["basic"],
    signs: Signs::NONE,
    pattern: r"(?i)basic(?:[ :=]|%20|\+){1,3}[a-z0-9+/_-]{4,}=*",
    check: Check::Parts(user_and_password),
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// So many letters are no word of a sentence.
const LONGEST_WORD: usize = 16;

fn token(part: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let range = credentials(part, b"bearer".len());
    let token = &part.text.as_bytes()[range.clone()];
    // `Bearer authentication`, `bearer of news`: words. `Bearer realm="x"`: what a server asks for.
    let is_word = token.len() < LONGEST_WORD
        && token.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
        && token[1..].iter().all(|byte| !byte.is_ascii_uppercase());
    // `Bearer HTTP/1.1`: the end of a line of a request.
    let is_word = is_word || token.starts_with(b"HTTP/");
    let is_challenge = token.ends_with(b"=") && part.after().first() == Some(&b'"');
    let starts = !part.before().last().is_some_and(u8::is_ascii_alphanumeric);
    if starts && !is_word && !is_challenge {
        found(range);
    }
}

fn user_and_password(part: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let range = credentials(part, b"basic".len());
    let encoded: Vec<u8> = part.text.as_bytes()[range.clone()]
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        })
        .collect();
    let starts = !part.before().last().is_some_and(u8::is_ascii_alphanumeric);
    let is_pair = || {
        BASE64
            .decode(&encoded)
            .is_ok_and(|pair| std::str::from_utf8(&pair).is_ok_and(|pair| pair.contains(':')))
    };
    if starts && is_pair() {
        found(range);
    }
}

/// What stands behind a scheme of so many letters. A point that ends a sentence is not of it.
fn credentials(part: &Candidate<'_>, scheme: usize) -> Range<usize> {
    let bytes = part.bytes();
    let between = bytes[scheme..]
        .iter()
        .take(3)
        .take_while(|byte| matches!(byte, b' ' | b':' | b'=' | b'+' | b'%'))
        .count();
    let between = if bytes[scheme..].starts_with(b"%20") { 3 } else { between };
    let end = bytes.iter().rposition(|byte| *byte != b'.').map_or(0, |at| at + 1);
    part.range.start + (scheme + between).min(end)..part.range.start + end
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::{BASIC, BEARER};

    #[test]
    fn what_stands_behind_a_scheme_is_found() {
        finds(
            &BEARER,
            &[
                "Bearer «abc123def»",
                "authorization: bearer «mF_9.B5f-4.1JqM==»",
                "sent 'Bearer «AbCdEfGhIjKl»'.",
                "令牌Bearer «abc123def»。",
            ],
        );
        finds(&BASIC, &["Basic «dXNlcjpwYXNz»", "basic «YTpi»,"]);
    }

    #[test]
    fn sentences_and_challenges_are_left() {
        leaves(
            &BEARER,
            &[
                "Bearer authentication failed",
                "the bearer of bad news",
                "Bearer realm=\"shop\"",
                "forbearer abc123def",
            ],
        );
        // Without a colon.
        leaves(&BASIC, &["Basic authentication", "Basic dXNlcnBhc3M=", "basic principles of it"]);
    }
}
