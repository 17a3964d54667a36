//! Keys of Google Cloud: API keys, secrets and tokens of OAuth clients.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const GCP: Detector = Detector {
    name: "gcp",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["AIza", "GOCSPX-", "ya29."],
    signs: Signs::NONE,
    pattern: r"\b(?:AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{28}|ya29\.[0-9A-Za-z_-]{20,})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::GCP;

    #[test]
    fn a_key_is_found_and_a_shorter_one_left() {
        finds(
            &GCP,
            &[
                "?key=«AIzaSyA1234567890abcdefghijklmnopqrstuv»&x",
                "«GOCSPX-abcdefghijklmnopqrstuvwxyz12»",
                "«ya29.a0AfH6SMBx1234567890abcd»",
            ],
        );
        leaves(&GCP, &["AIzaSyA1234567890", "GOCSPX-abc", "ya29.short"]);
    }
}
