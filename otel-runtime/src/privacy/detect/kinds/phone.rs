//! Telephone numbers.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const PHONE: Detector = Detector {
    name: "phone",
    class: Class::Contact,
    coverage: Coverage::Personal,
    literals: &[],
    signs: Signs::PHONE,
    // Digits in groups, with what stands between those of a number.
    pattern: r"\+?\(?[0-9](?:[ ./()-]{0,3}[0-9])+",
    check: Check::Parts(number),
};

/// Digits without a sign of a telephone number are one only this near to a word.
const NEAR: usize = 30;

const WORDS: &[&str] = &[
    "phone",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "call",
    "called",
    "phone number",
    "telephone number",
    "mobile number",
    "fax",
    "whatsapp",
    "sms",
    "msisdn",
    "dial",
    "handy",
    "telefon",
    "rufnummer",
    "téléphone",
    "telefono",
    "telefone",
    "movil",
    "celular",
    "电话",
    "手机",
];

/// How many digits follow the calling code of a country, where that is known well; between 4 and 12 elsewhere.
const COUNTRIES: &[(&str, usize, usize)] = &[
    ("20", 8, 10),
    ("27", 9, 9),
    ("30", 10, 10),
    ("31", 9, 9),
    ("32", 8, 9),
    ("33", 9, 9),
    ("34", 9, 9),
    ("36", 8, 9),
    ("39", 6, 11),
    ("40", 9, 9),
    ("41", 9, 9),
    ("43", 4, 13),
    ("44", 9, 10),
    ("45", 8, 8),
    ("46", 7, 10),
    ("47", 8, 8),
    ("48", 9, 9),
    ("49", 6, 12),
    ("52", 10, 11),
    ("54", 10, 11),
    ("55", 10, 11),
    ("57", 10, 10),
    ("60", 8, 10),
    ("61", 9, 9),
    ("62", 8, 12),
    ("63", 9, 10),
    ("64", 8, 10),
    ("65", 8, 8),
    ("66", 8, 9),
    ("7", 10, 10),
    ("81", 9, 10),
    ("82", 8, 10),
    ("84", 9, 10),
    ("86", 10, 11),
    ("90", 10, 10),
    ("91", 10, 10),
    ("92", 9, 10),
    ("351", 9, 9),
    ("353", 7, 9),
    ("358", 6, 11),
    ("380", 9, 9),
    ("420", 9, 9),
    ("852", 8, 8),
    ("971", 8, 9),
    ("972", 8, 9),
];

/// Two digits that no calling code begins with, but for three digits that are none.
const FREE: &[&str] = &[
    "210", "214", "215", "217", "219", "259", "28", "384", "422", "424", "425", "426", "427",
    "428", "429", "693", "694", "695", "696", "697", "698", "699", "801", "802", "803", "804",
    "805", "806", "807", "809", "83", "851", "854", "857", "858", "859", "871", "872", "873",
    "874", "875", "876", "877", "879", "884", "885", "887", "889", "89", "969", "978", "990",
    "997", "999",
];

/// The most groups between spaces that are looked at together.
const MOST: usize = 6;

fn number(run: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    // Of brackets around the whole, the pattern takes the first.
    let bracket = usize::from(run.bytes()[0] == b'(' && !run.bytes().contains(&b')'));
    let run = &run.part(run.range.start + bracket..run.range.end);
    if is_number(run) {
        found(run.range.clone());
        return;
    }
    // Two numbers, or one behind a date: what has more than spaces in it can be told from its neighbours.
    let bytes = run.bytes();
    let spaces: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b' ').collect();
    let starts: Vec<usize> = std::iter::once(0).chain(spaces.iter().map(|at| at + 1)).collect();
    let ends: Vec<usize> = spaces.into_iter().chain([bytes.len()]).collect();
    let mut first = 0;
    while first < starts.len() {
        let part =
            |last: usize| run.part(run.range.start + starts[first]..run.range.start + ends[last]);
        let is_told = |part: &Candidate<'_>| {
            part.bytes().iter().any(|byte| matches!(byte, b'-' | b'.' | b'(' | b'+'))
        };
        let last = (first..starts.len().min(first + MOST)).rev().find(|last| {
            let part = part(*last);
            !part.bytes().is_empty() && is_told(&part) && is_number(&part)
        });
        if let Some(last) = last {
            found(part(last).range);
        }
        first = last.unwrap_or(first) + 1;
    }
}

fn is_number(number: &Candidate<'_>) -> bool {
    if !number.stands_alone() || number.is_part_of_a_number() || has_odd_neighbours(number) {
        return false;
    }
    let bytes = number.bytes();
    let digits: String =
        bytes.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
    if digits.len() > 16 {
        return false;
    }
    if bytes[0] == b'+' {
        return is_international(&digits);
    }
    if let Some(rest) = digits.strip_prefix("00")
        && bytes.contains(&b' ')
        && is_international(rest)
    {
        return true;
    }
    let groups: Vec<usize> = bytes
        .split(|byte| !byte.is_ascii_digit())
        .map(<[u8]>::len)
        .filter(|len| *len > 0)
        .collect();
    if is_north_american(&digits)
        && matches!(groups[..], [3, 3, 4] | [1, 3, 3, 4] | [3, 7] | [1, 3, 7])
    {
        return is_evenly_grouped(bytes);
    }
    let is_said = || number.hints.is_phone || number.is_near(WORDS, NEAR);
    // With the 0 of a national number, in groups: `020 7946 0958`, `030/901820`, `06 12 34 56 78`.
    let is_national =
        digits.starts_with('0') && !digits.starts_with("00") && (9..=12).contains(&digits.len());
    if is_national && groups.len() > 1 && groups.iter().all(|len| *len >= 2) && !is_date(&groups) {
        // As numbers of North America and of social security are written, which are told by their own rules.
        let is_other = matches!(groups[..], [3, 3 | 2, 4]);
        return groups[0] >= 3 && !is_other || groups.len() >= 4 || !is_other && is_said();
    }
    (7..=15).contains(&digits.len())
        && !is_date(&groups)
        && is_said()
        && !digits.bytes().all(|digit| digit == b'0')
}

/// `2024-05-01`, `01.05.2024`, `05/01/24`.
fn is_date(groups: &[usize]) -> bool {
    matches!(groups, [4, 2, 2, ..] | [1 | 2, 1 | 2, 2 | 4, ..])
        && !matches!(groups, [2, 2, 2, 2, ..])
}

/// A number that is an amount, a part of a path or of an id.
fn has_odd_neighbours(number: &Candidate<'_>) -> bool {
    matches!(number.before().last(), Some(b'$' | b'_' | b'#'))
        || matches!(number.after().first(), Some(b'_'))
}

/// With both brackets or with none, and without a `/`.
fn is_evenly_grouped(number: &[u8]) -> bool {
    number.contains(&b'(') == number.contains(&b')') && !number.contains(&b'/')
}

fn is_international(digits: &str) -> bool {
    if let Some(rest) = digits.strip_prefix('1') {
        return is_north_american(rest);
    }
    if digits.starts_with('0') || FREE.iter().any(|free| digits.starts_with(free)) {
        return false;
    }
    match COUNTRIES.iter().find(|(code, ..)| digits.starts_with(code)) {
        // With the 0 of a national number in brackets, one more.
        Some((code, least, most)) => {
            let rest = &digits[code.len()..];
            (*least..=*most + usize::from(rest.starts_with('0'))).contains(&rest.len())
        }
        None => (8..=15).contains(&digits.len()),
    }
}

/// By the North American Numbering Plan: neither the area nor the exchange begins with 0 or 1, nor is one of `N11`.
fn is_north_american(digits: &str) -> bool {
    let digits =
        digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(digits).as_bytes();
    digits.len() == 10
        && matches!(digits[0], b'2'..=b'9')
        && matches!(digits[3], b'2'..=b'9')
        && &digits[1..3] != b"11"
        && &digits[4..6] != b"11"
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::PHONE;

    #[test]
    fn a_number_is_found_as_it_is_written_in_many_countries() {
        finds(
            &PHONE,
            &[
                "«+1 415 555 0123»",
                "«(415) 555-0123», «415-555-0123», «415.555.0123»",
                "call «4155550123» (or «415-555-0124»)",
                "«+49 30 901820»",
                "«+44 (0)20 7946 0958»",
                "«020 7946 0958»",
                "«06 12 34 56 78»",
                "«+861012345678»",
                "tel:«+442079460958»",
                "2024-05-01 «415-555-0123» and «415-555-0199»",
                "{\"phone\":\"«5550123456»\"}",
                "联系电话«4155550123»",
            ],
        );
    }

    #[test]
    fn other_numbers_are_left() {
        leaves(
            &PHONE,
            &[
                "4155550123",
                "015-555-0123",
                "415-155-0123",
                "+1 415 555 012",
                "+999 123 456 789",
                "+44 20 7946",
                "055-123-4567",
                "2024-05-01 12:30:45",
                "01.05.2024",
                "10.1.2.3",
                "550e8400-e29b-41d4-a716-446655440000",
                "took 1234567 ns",
                "order 415555012345",
                "4111 1111 1111 1111",
                "version 2024.5.1",
            ],
        );
    }
}
