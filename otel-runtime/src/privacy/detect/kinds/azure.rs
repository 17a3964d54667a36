//! Secrets of Azure: those of applications, and keys that say what they are of. Keys in connection strings are found by
//! their names.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const AZURE: Detector = Detector {
    name: "azure",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["Q~", "APIM", "ACDb", "+ABa", "+AMC", "+ASt", "AzFu", "AzSe", "AzCa"],
    signs: Signs::NONE,
    pattern: r"\b[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}|\b[A-Za-z0-9/+]{76}(?:APIM|ACDb|\+ABa|\+AMC|\+ASt)[A-Za-z0-9/+]{5}[AQgw]==|\b[A-Za-z0-9_/+-]{42,44}(?:AzFu|AzSe|AzCa)[A-Za-z0-9_/+-]{5}[AQgw]=",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::AZURE;

    #[test]
    fn a_secret_is_found_and_a_shorter_one_left() {
        finds(&AZURE, &["secret «abc8Q~abcdefghijklmnopqrstuvwxyz.12345-7»"]);
        leaves(&AZURE, &["abc8Q~abcdef", "abcQ~abcdefghijklmnopqrstuvwxyz.12345-7"]);
    }
}
