//! JSON Web Tokens whose header decodes to one (RFC 7515, 7516 and 7519).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const JWT: Detector = Detector {
    name: "jwt",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    // `{"` in base64, and `{` with a space, a line's end.
    literals: &["eyJ", "eyA", "ewo", "ewog", "ew0K"],
    signs: Signs::NONE,
    pattern: r"e[yw][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*)?",
    check: Check::Whole(has_header),
};

/// No header is longer; with certificates in it, some thousand bytes.
const LONGEST: usize = 16 << 10;

fn has_header(token: &Candidate<'_>) -> bool {
    if matches!(token.before().last(), Some(byte) if byte.is_ascii_alphanumeric()) {
        return false;
    }
    let mut parts = token.bytes().split(|byte| *byte == b'.');
    let header = parts.next().filter(|header| header.len() <= LONGEST).unwrap_or_default();
    let Ok(header) = URL_SAFE_NO_PAD.decode(header) else { return false };
    let Ok(Value::Object(header)) = serde_json::from_slice(&header) else { return false };
    // Only `none` signs nothing; else the second dot ends a sentence.
    let is_signed = parts.nth(1).is_some_and(|signature| !signature.is_empty());
    header.get("alg").is_some_and(|algorithm| is_signed || algorithm == "none")
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::JWT;

    #[test]
    fn a_token_with_a_header_is_found() {
        finds(
            &JWT,
            &[
                "«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl»",
                "?t=«eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.»&x=1",
                "令牌«eyJhbGciOiJIUzI1NiJ9.e30.c2ln»无效",
            ],
        );
    }

    #[test]
    fn what_has_no_header_of_a_token_is_left() {
        leaves(
            &JWT,
            &[
                // `{"sub":"1"}`
                "eyJzdWIiOiIxIn0.eyJzdWIiOiIxIn0.c2ln",
                "eyJhbGciOiJIUzI1NiJ9",
                "eyJ!.e30.c2ln",
                "eyJhbGciOiJIUzI1.e30.c2ln",
                "sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.",
            ],
        );
    }
}
