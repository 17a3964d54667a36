//! International bank account numbers: as long as their country says, and 1 modulo 97.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const IBAN: Detector = Detector {
    name: "iban",
    class: Class::Financial,
    coverage: Coverage::Personal,
    literals: &[],
    signs: Signs::IBAN,
    pattern: "(?i)[a-z]{2}[0-9]{2}",
    check: Check::Parts(account),
};

/// The length for each country that has any, by the registry of SWIFT, and those that use IBANs outside of it.
const LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AO", 25),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BF", 28),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BJ", 28),
    (b"BR", 29),
    (b"BY", 28),
    (b"CF", 27),
    (b"CG", 27),
    (b"CH", 21),
    (b"CI", 28),
    (b"CM", 27),
    (b"CR", 22),
    (b"CV", 25),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"DZ", 26),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GA", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GQ", 27),
    (b"GR", 27),
    (b"GT", 28),
    (b"GW", 25),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IR", 26),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KM", 27),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MA", 28),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MG", 27),
    (b"MK", 19),
    (b"ML", 28),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"MZ", 25),
    (b"NE", 28),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SN", 28),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TD", 27),
    (b"TG", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

fn account(start: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    if start.before().last().is_some_and(u8::is_ascii_alphanumeric) {
        return;
    }
    let [a, b, ..] = start.bytes() else { return };
    let country = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    let Some((_, len)) = LENGTHS.iter().find(|(known, _)| **known == country) else { return };
    let text = &start.text.as_bytes()[start.range.start..];
    let Some(end) = end_of(text, usize::from(*len)) else { return };
    if !text.get(end).is_some_and(u8::is_ascii_alphanumeric) && is_one_modulo_97(&text[..end]) {
        found(start.range.start..start.range.start + end);
    }
}

/// Where `count` letters and digits end, with at most one space or hyphen between two of them.
fn end_of(text: &[u8], count: usize) -> Option<usize> {
    let (mut left, mut gap) = (count, 0);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            byte if byte.is_ascii_alphanumeric() => {
                left -= 1;
                gap = 0;
            }
            b' ' | b'-' if gap == 0 => gap = 1,
            _ => return None,
        }
        if left == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// ISO 7064: the country and the check digits are moved to the end, and letters are numbers from 10 on.
fn is_one_modulo_97(account: &[u8]) -> bool {
    let (head, rest) = account.split_at(4);
    let remainder = rest.iter().chain(head).fold(0_u32, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        byte if byte.is_ascii_alphabetic() => {
            (sum * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97
        }
        _ => sum,
    });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::IBAN;

    #[test]
    fn an_account_is_found_in_groups_or_without() {
        finds(
            &IBAN,
            &[
                "«GB82 WEST 1234 5698 7654 32» please",
                "iban=«DE89370400440532013000»&x=1",
                "id42 transfer to «FR14 2004 1010 0505 0001 3M02 606»",
                "从«NL91ABNA0417164300»转账",
                "«gb82west12345698765432»",
                "«KW81CBKU0000000000001234560101».",
            ],
        );
    }

    #[test]
    fn an_account_that_is_no_account_is_left() {
        leaves(
            &IBAN,
            &[
                // The remainder.
                "GB82 WEST 1234 5698 7654 33",
                "DE89370400440532013001",
                // The length, the country.
                "DE8937040044053201300",
                "ZZ89370400440532013000",
                "commit ab12cd34ef56ab12cd34ef56",
            ],
        );
    }
}
