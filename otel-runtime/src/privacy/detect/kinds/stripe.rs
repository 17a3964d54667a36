//! Secret keys of Stripe. Publishable ones, `pk_`, are meant to be seen.

use super::super::super::class::Class;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const STRIPE: Detector = Detector {
    name: "stripe",
    class: Class::Credential,
    coverage: Coverage::Secrets,
    literals: &["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"],
    signs: Signs::NONE,
    pattern: r"\b(?:[sr]k_(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z+/]{24,}=*)",
    check: Check::Pattern,
};

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::STRIPE;

    #[test]
    fn a_secret_key_is_found_and_a_publishable_one_left() {
        finds(
            &STRIPE,
            &["«sk_live_4eC39HqLyjWDarjtT1zdp7dc»", "key «rk_test_4eC39HqLyjWDarjtT1zdp7dc»."],
        );
        leaves(&STRIPE, &["pk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_abc"]);
    }
}
