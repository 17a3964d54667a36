//! What is a number, by its key?

use super::super::class::Class;
use super::coverage::Coverage;
use super::hints::Hints;
use super::kinds::{card, ssn};

/// No shorter number is a card.
const CARD: u64 = 1_000_000_000_000;

/// What a number is. That it has an issuer and a check digit is not enough for a card: one in thirty of 16 digits does.
pub(super) fn kind(coverage: Coverage, key: &str, value: i64) -> Option<(Class, &'static str)> {
    let value = u64::try_from(value).ok()?;
    if value < CARD && coverage == Coverage::Secrets {
        return None;
    }
    let hints = Hints::of(key);
    let text = value.to_string();
    let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
    if hints.is_card && card::is_number(&digits) {
        return Some((Class::Financial, "card"));
    }
    if coverage == Coverage::Secrets {
        return None;
    }
    if hints.is_ssn && ssn::is_assigned(format!("{value:09}").as_bytes()) {
        return Some((Class::Government, "ssn"));
    }
    (hints.is_phone && (7..=15).contains(&digits.len())).then_some((Class::Contact, "phone"))
}
