//! Tokens of `PyPI` and of its test instance.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const PYPI: Detector = Detector {
    name: "pypi",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["pypi-Ag"],
    signs: Signs::NONE,
    pattern: r"\bpypi-Ag[0-9A-Za-z_-]{40,}",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::PYPI;

    #[test]
    fn a_token_is_found_and_a_package_left() {
        finds(&PYPI, &["«pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAw»"]);
        leaves(
            &PYPI,
            &["pypi-simple-index-of-many-packages-and-their-versions", "pypi-AgEIcHlwaS5vcmc"],
        );
    }
}
