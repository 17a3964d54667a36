//! Tokens of `GitHub`.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const GITHUB: Detector = Detector {
    name: "github",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    signs: Signs::NONE,
    pattern: r"\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{22,255})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::GITHUB;

    #[test]
    fn a_token_is_found_and_a_shorter_one_left() {
        finds(
            &GITHUB,
            &[
                "https://x-access-token:«ghp_abcdefghijklmnopqrstuvwxyz0123456789»@github.com",
                "«github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz»",
            ],
        );
        leaves(
            &GITHUB,
            &[
                "ghp_abc",
                "ghx_abcdefghijklmnopqrstuvwxyz0123456789",
                "github_pattern_matching_rules",
            ],
        );
    }
}
