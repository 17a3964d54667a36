//! Private keys in PEM (RFC 7468), of OpenSSH and of PGP: from the first line to the last, or to the end of the text.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const PEM: Detector = Detector {
    name: "pem",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["PRIVATE KEY"],
    signs: Signs::NONE,
    pattern: r"-{4,5}BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-{4,5}",
    check: Check::Parts(key),
};

fn key(first: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let after = first.after();
    let end = after
        .windows(4)
        .position(|end| end == b"-END" || end == b" END")
        .map(|at| at + 4)
        .and_then(|at| Some(at + after[at..].windows(4).position(|end| end == b"----")? + 4))
        .map(|at| at + after[at..].iter().take(1).take_while(|byte| **byte == b'-').count());
    found(first.range.start..end.map_or(first.text.len(), |end| first.range.end + end));
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::PEM;

    #[test]
    fn a_private_key_is_found_to_its_last_line_or_to_the_end() {
        finds(
            &PEM,
            &[
                "a «-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----» b",
                r"«-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----»\n",
                "«-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
                "«-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----»",
            ]
            .map(|text| if text.contains('»') { text.to_owned() } else { format!("{text}»") })
            .each_ref()
            .map(String::as_str),
        );
    }

    #[test]
    fn public_keys_and_certificates_are_left() {
        leaves(
            &PEM,
            &[
                "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
                "-----BEGIN CERTIFICATE-----",
                "PRIVATE KEY",
            ],
        );
    }
}
