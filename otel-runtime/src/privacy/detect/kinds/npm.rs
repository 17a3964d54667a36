//! Tokens of npm.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const NPM: Detector = Detector {
    name: "npm",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["npm_"],
    signs: Signs::NONE,
    pattern: r"\bnpm_[0-9A-Za-z]{36}",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::NPM;

    #[test]
    fn a_token_is_found_and_a_variable_left() {
        finds(&NPM, &["//registry/:_authToken=«npm_abcdefghijklmnopqrstuvwxyz0123456789»"]);
        leaves(&NPM, &["npm_config_registry", "npm_abc"]);
    }
}
