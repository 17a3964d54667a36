//! Social security numbers of the United States, by the rules for their areas.

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const SSN: Detector = Detector {
    name: "ssn",
    class: Class::Government,
    coverage: Coverage::Personal,
    literals: &[],
    signs: Signs::PHONE,
    pattern: "[0-9]{3}(?:-[0-9]{2}-|[ .][0-9]{2}[ .]|[0-9]{2})[0-9]{4}",
    check: Check::Whole(is_ssn),
};

/// Without hyphens it is one only this near to a word.
const NEAR: usize = 30;

const WORDS: &[&str] = &[
    "ssn",
    "social security",
    "social-security",
    "social_security",
    "socialsecurity",
    "social",
    "soc sec",
    "ss",
    "tax id",
    "tax_id",
    "taxpayer",
];

fn is_ssn(ssn: &Candidate<'_>) -> bool {
    let digits: Vec<u8> = ssn.bytes().iter().copied().filter(u8::is_ascii_digit).collect();
    ssn.stands_alone()
        && !ssn.is_part_of_a_number()
        && is_assigned(&digits)
        && (ssn.bytes()[3] == b'-' || ssn.hints.is_ssn || ssn.is_near(WORDS, NEAR))
}

/// Whether nine digits may be a number that was given to somebody. Those that were printed on sample cards are not:
/// 078-05-1120 and 219-09-9999.
pub(in super::super) fn is_assigned(digits: &[u8]) -> bool {
    digits.len() == 9
        && !matches!(&digits[..3], b"000" | b"666" | [b'9', ..])
        && &digits[3..5] != b"00"
        && &digits[5..] != b"0000"
        && !matches!(digits, b"078051120" | b"219099999")
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::SSN;

    #[test]
    fn a_number_of_an_assigned_area_is_found() {
        finds(
            &SSN,
            &[
                "«536-22-1234»",
                "ssn=«536221234»",
                "«536221234» is his social security number",
                "SSN: «536 22 1234»",
                "号码«536-22-1234»。",
                "ssn_«536-22-1234»",
            ],
        );
    }

    #[test]
    fn other_numbers_are_left() {
        leaves(
            &SSN,
            &[
                "000-12-3456",
                "666-12-3456",
                "912-34-5678",
                "536-00-1234",
                "536-22-0000",
                "order 536221234",
                "ssn of somebody who has ordered goods twice: 536221234",
                "1536-22-1234",
                "536-22-12345",
                "12-536-22-1234",
                "078-05-1120",
            ],
        );
    }
}
