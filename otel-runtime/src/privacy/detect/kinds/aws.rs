//! Access keys of Amazon Web Services. A secret key has no mark of its own, so it is found by its name.

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const AWS: Detector = Detector {
    name: "aws",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["AKIA", "ASIA", "ABIA", "ACCA"],
    signs: Signs::NONE,
    pattern: r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
    check: Check::Whole(is_key),
};

/// The keys of Amazon's documentation end with this.
const EXAMPLE: &[u8] = b"EXAMPLE";

fn is_key(key: &Candidate<'_>) -> bool {
    key.stands_alone() && !key.bytes().ends_with(EXAMPLE)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::AWS;

    #[test]
    fn a_key_is_found_and_that_of_the_documentation_left() {
        finds(
            &AWS,
            &[
                "«AKIAQYLPMN5HHHFPZAM2»",
                "key_«ASIAQYLPMN5HHHFPZAM2»/20240501",
                "密钥«AKIAQYLPMN5HHHFPZAM2»",
            ],
        );
        leaves(
            &AWS,
            &[
                "AKIAIOSFODNN7EXAMPLE",
                // The alphabet, the length, the prefix.
                "AKIAQYLPMN5HHHFPZAM1",
                "AKIAQYLPMN5HHHFPZAM",
                "AKIAQYLPMN5HHHFPZAM2B",
                "AKIBQYLPMN5HHHFPZAM2",
            ],
        );
    }
}
