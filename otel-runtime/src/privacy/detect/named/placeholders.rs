//! Which values stand for none?

/// Whole values that hide nothing, in lower case: what stands for a value that is not there, that was redacted
/// already, or that somebody has yet to fill in; types; and what a sentence goes on with after `token:`.
const WORDS: &[&str] = &[
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "empty",
    "missing",
    "invalid",
    "expired",
    "required",
    "failed",
    "failure",
    "error",
    "ok",
    "success",
    "not",
    "is",
    "was",
    "has",
    "must",
    "cannot",
    "unexpected",
    "unknown",
    "unauthorized",
    "denied",
    "disabled",
    "enabled",
    "redacted",
    "hidden",
    "masked",
    "filtered",
    "removed",
    "string",
    "str",
    "bool",
    "int",
    "bytes",
    "vec",
    "option",
    "the",
    "a",
    "an",
    "for",
    "in",
    "of",
    "expected",
    "and",
    "or",
    "default",
    "present",
    "unset",
    "set",
    "wrong",
    "bad",
    "too",
    "no_such",
    "changed",
    "rejected",
    "accepted",
    "revoked",
    "refreshed",
    "mismatch",
    "mismatched",
    "unsupported",
    "optional",
    "never",
    "always",
    "auto",
    "n/a",
    "-",
    "--",
    "...",
    "&str",
    "&[u8]",
    "string,",
    "todo",
    "could",
    "should",
    "does",
    "unable",
    "unavailable",
    "you",
    "your",
    "this",
    "that",
    "it",
    "please",
    "only",
    "when",
    "to",
    "at",
    "may",
];

/// Whether a value without quotes is a word that stands for none, or that a sentence goes on with. In a text in another
/// script the sentence may touch it.
pub(super) fn is_word(value: &[u8]) -> bool {
    let len = value
        .iter()
        .take(17)
        .take_while(|byte| byte.is_ascii() && !matches!(byte, b'>' | b')'))
        .count();
    let value = &value[..len];
    value.len() <= 16 && WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a value stands for one that is somewhere else.
pub(in super::super) fn is_placeholder(value: &[u8]) -> bool {
    // None is longer; and if no more is looked at, nothing is looked at too often.
    if value.len() > 64 {
        return false;
    }
    let is_mask = |byte: &u8| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-' | b'_' | b'#');
    // `xxxxxxxx`, `****1111`: masked already, but for four characters at most.
    let is_masked = value.windows(3).any(|mask| mask == b"***")
        && value.iter().filter(|byte| **byte != b'*').count() <= 4;
    if is_masked || value.len() >= 3 && value.iter().all(is_mask) {
        return true;
    }
    match value {
        // `${PASSWORD}`, and behind it what does not go on with a value.
        [b'$', b'{', rest @ ..]
            if rest.iter().position(|byte| *byte == b'}').is_some_and(|at| {
                rest.get(at + 1)
                    .is_none_or(|byte| !byte.is_ascii_graphic() || b",;)>]}\"'&#".contains(byte))
            }) =>
        {
            true
        }
        // Parameters of a statement or of a format: `?`, `$1`, `:name`, `%s`, `@p1`.
        [b'?'] | [b'%', b's' | b'd' | b'v'] | [b'{', b'}'] => true,
        [b'$' | b'?' | b'@', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => true,
        // `${PASSWORD}`, `{{ token }}`, `$(TOKEN)`, `$PASSWORD`, `<password>`, `%PASSWORD%`.
        [b'{', b'{', .., b'}'] | [b'$', b'(', .., b')'] | [b'<', .., b'>'] => true,
        [b'$', name @ ..] => name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_'),
        _ => {
            let text = value.to_ascii_uppercase();
            [&b"REDACTED"[..], b"[FILTERED", b"[MASKED", b"[HIDDEN"]
                .iter()
                .any(|mark| text.windows(mark.len()).any(|window| window == *mark))
        }
    }
}
