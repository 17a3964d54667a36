//! Tokens of `GitLab`.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const GITLAB: Detector = Detector {
    name: "gitlab",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &[
        "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-",
        "gloas-",
    ],
    signs: Signs::NONE,
    pattern: r"\b(?:gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent)-[0-9A-Za-z_-]{20,}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?|gloas-[0-9a-f]{64})",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::GITLAB;

    #[test]
    fn a_token_is_found_and_a_shorter_one_left() {
        finds(&GITLAB, &["«glpat-abcDEF1234567890_-xy»", "«glrt-abcDEF1234567890_-xy» registered"]);
        leaves(&GITLAB, &["glpat-short", "glxat-abcDEF1234567890_-xy"]);
    }
}
