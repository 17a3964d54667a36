//! Tokens and webhooks of Slack.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const SLACK: Detector = Detector {
    name: "slack",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &[
        "xoxa",
        "xoxb",
        "xoxe",
        "xoxo",
        "xoxp",
        "xoxr",
        "xoxs",
        "xapp-",
        "hooks.slack.com/",
    ],
    signs: Signs::NONE,
    pattern: r"\b(?:xox[abeoprs](?:\.xox[bp])?-[0-9A-Za-z-]{10,}|xapp-[0-9]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z_/-]{10,})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::SLACK;

    #[test]
    fn a_token_is_found_and_a_shorter_one_left() {
        finds(
            &SLACK,
            &[
                "«xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx»",
                "https://«hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx»",
            ],
        );
        leaves(&SLACK, &["xoxb-", "xoxz-123456789012-abcdefghijklm", "hooks.slack.com"]);
    }
}
