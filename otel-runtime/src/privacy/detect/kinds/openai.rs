//! Keys of `OpenAI`, Anthropic and those that are made like theirs.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const OPENAI: Detector = Detector {
    name: "openai",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["sk-"],
    signs: Signs::NONE,
    pattern: r"\bsk-(?:(?:proj|svcacct|admin|None|ant-(?:api|admin)[0-9]{2}|or-v1|lf)-[0-9A-Za-z_-]{20,}|[0-9A-Za-z]{20,})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::OPENAI;

    #[test]
    fn a_key_is_found_and_words_left() {
        finds(
            &OPENAI,
            &[
                "«sk-abcdefghijklmnopqrstT3BlbkFJabcdefghijklmnopqrst»",
                "Bearer «sk-proj-abcd_efgh-ijklmnopqrstuvwx»",
                "«sk-ant-api03-abcdefghijklmnopqrstuvwxyz»",
            ],
        );
        leaves(
            &OPENAI,
            &[
                "sk-learn",
                "task-0123456789abcdefghijklm",
                "sk-abc",
                "risk-assessment-of-the-whole-company",
            ],
        );
    }
}
