//! Payment cards: 13 to 19 digits of an issuer, with Luhn's check digit.

use std::ops::Range;

use super::super::super::class::Class;
use super::super::candidate::Candidate;
use super::super::coverage::Coverage;
use super::super::detector::{Check, Detector};
use super::super::signs::Signs;

pub(in super::super) const CARD: Detector = Detector {
    name: "card",
    class: Class::Financial,
    coverage: Coverage::Secrets,
    literals: &[],
    signs: Signs::CARD,
    // All digits that may belong together; which of them are a card, `cards` says.
    pattern: r"[0-9](?:[ .-]?[0-9]){12,}",
    check: Check::Parts(cards),
};

/// Said of a card beside it.
const WORDS: &[&str] = &[
    "card",
    "cardnumber",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "amex",
    "american express",
    "maestro",
    "discover",
    "diners",
    "jcb",
    "unionpay",
    "pan",
    "cc",
    "pay",
    "paid",
    "payment",
    "charge",
    "charged",
    "cvv",
    "cvc",
    "kreditkarte",
    "karte",
    "kartennummer",
    "carte",
    "tarjeta",
];

/// Said of a number that is none, just before it.
const IDENTIFIERS: &[&str] = &[
    "id",
    "uid",
    "uuid",
    "guid",
    "order",
    "invoice",
    "trace",
    "span",
    "transaction",
    "txn",
    "tx",
    "ref",
    "reference",
    "tracking",
    "sequence",
    "seq",
    "serial",
    "offset",
    "snowflake",
    "nonce",
    "time",
    "timestamp",
    "ts",
    "epoch",
    "ms",
    "us",
    "ns",
    "sku",
    "ean",
    "imei",
    "isbn",
    "version",
    "hash",
    "checksum",
    "request",
    "correlation",
    "job",
    "ticket",
    "batch",
    "shard",
    "partition",
    "tweet",
];

/// How groups of digits are written on cards.
const SHAPES: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[6, 13],
    &[4, 4, 5],
    &[4, 4, 4, 1],
    &[4, 4, 4, 2],
    &[8, 8],
];

/// The most groups that are looked at together.
const MOST: usize = 5;

fn cards(run: &Candidate<'_>, found: &mut dyn FnMut(Range<usize>)) {
    let groups: Vec<Range<usize>> = groups(run).collect();
    // Where the groups of a card end that begins with this one.
    let end = |first: usize| {
        let most = groups.len().min(first + MOST);
        (first + 1..=most).rev().find(|end| is_card(run, &groups[first..*end]))
    };
    let (mut first, mut last_end) = (0, None);
    while first < groups.len() {
        let card = end(first).filter(|end_here| {
            // Of a longer number in groups, as an IBAN is, a part may look like a card.
            let follows_more = last_end != Some(first) && goes_on(run, &groups, first);
            let is_followed = goes_on(run, &groups, *end_here) && end(*end_here).is_none();
            *end_here == first + 1 || !follows_more && !is_followed
        });
        match card {
            Some(end) => {
                found(groups[first].start..groups[end - 1].end);
                last_end = Some(end);
                first = end;
            }
            None => first += 1,
        }
    }
}

/// Whether the groups on both sides of the place before group `at` belong together: they do around a hyphen, and if both
/// are of four; so does one that letters touch.
fn goes_on(run: &Candidate<'_>, groups: &[Range<usize>], at: usize) -> bool {
    let (Some(left), Some(right)) = (at.checked_sub(1).map(|left| &groups[left]), groups.get(at))
    else {
        return false;
    };
    let touches_letters = |group: &Range<usize>| !run.part(group.clone()).stands_alone();
    run.text.as_bytes()[left.end] == b'-'
        || left.len() == 4 && right.len() == 4
        || touches_letters(left)
        || touches_letters(right)
}

/// The groups of digits in a run.
fn groups(run: &Candidate<'_>) -> impl Iterator<Item = Range<usize>> {
    let bytes = run.text.as_bytes();
    let mut at = run.range.start;
    let end = run.range.end;
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let start = at;
        let len = bytes[start..end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = start + len + 1;
        Some(start..start + len)
    })
}

fn is_card(run: &Candidate<'_>, groups: &[Range<usize>]) -> bool {
    let [first, .., last] = groups else {
        return groups.first().is_some_and(|group| is_ungrouped_card(run, group));
    };
    let separators = || groups[1..].iter().map(|group| run.text.as_bytes()[group.start - 1]);
    let one = run.text.as_bytes()[first.end];
    let card = run.part(first.start..last.end);
    SHAPES.iter().any(|shape| shape.iter().copied().eq(groups.iter().map(Range::len)))
        && separators().all(|separator| separator == one)
        && card.stands_alone()
        && is_number(&digits(card.bytes()))
}

/// Whether digits without anything between them are a card. Of those that are something else one in thirty has an issuer
/// and the check digit too, so what is said of them counts.
fn is_ungrouped_card(run: &Candidate<'_>, group: &Range<usize>) -> bool {
    if !(13..=19).contains(&group.len()) {
        return false;
    }
    let card = run.part(group.clone());
    // `0.4111…`, and the last group of a UUID.
    if !stands_for_itself(&card) || card.is_part_of_a_number() {
        return false;
    }
    let is_usual = matches!(group.len(), 13..=16 | 19);
    // What takes longest is asked last.
    is_number(&digits(card.bytes()))
        && !follows_identifier(&card)
        && (card.hints.is_card || is_usual && !card.hints.is_identifier || card.is_near(WORDS, 30))
}

/// No letter touches it, but those of `\n` in an escaped text and those of `visa4111…`.
fn stands_for_itself(card: &Candidate<'_>) -> bool {
    if card.after().first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let before = card.before();
    let letters =
        before.iter().rev().take(16).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (rest, word) = before.split_at(before.len() - letters);
    letters == 0
        || letters == 1 && rest.last() == Some(&b'\\')
        || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

/// Whether the last word before it says that it is something else: `order_id=4…`, `"id": 4…`, `order 4…`, `/orders/4…`.
fn follows_identifier(card: &Candidate<'_>) -> bool {
    let before = card.before();
    let between =
        before.iter().rev().take(6).take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    let before = &before[..before.len() - between];
    let len = before.iter().rev().take(40).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = &before[before.len() - len..];
    let singular = word.strip_suffix(b"s").unwrap_or(word);
    IDENTIFIERS.iter().any(|known| {
        let known = known.as_bytes();
        word.eq_ignore_ascii_case(known)
            || singular.eq_ignore_ascii_case(known)
            // `orderId`, `traceID`
            || known.len() == 2 && word.len() > 2 && word.ends_with_capital(known)
    }) && !card.part(card.range.start..card.range.end).follows(&["card", "cc", "pan", "visa"], 24)
}

trait EndsWithCapital {
    fn ends_with_capital(&self, word: &[u8]) -> bool;
}

impl EndsWithCapital for [u8] {
    /// Whether it ends with `word` as a word of its own: `orderId` does with `id`, `paid` does not.
    fn ends_with_capital(&self, word: &[u8]) -> bool {
        let end = &self[self.len() - word.len()..];
        end[0].is_ascii_uppercase() && end.eq_ignore_ascii_case(word)
    }
}

fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect()
}

/// Whether digits have an issuer, its length and Luhn's check digit.
pub(in super::super) fn is_number(digits: &[u8]) -> bool {
    has_issuer(digits) && has_check_digit(digits)
}

fn has_issuer(digits: &[u8]) -> bool {
    let Some(first) = digits.first_chunk::<4>() else { return false };
    let prefix = |len: usize| {
        first[..len].iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit))
    };
    let len = digits.len();
    match (prefix(1), prefix(2), prefix(3), prefix(4)) {
        // Visa.
        (4, ..) => matches!(len, 13 | 16 | 18 | 19),
        // American Express.
        (_, 34 | 37, ..) => len == 15,
        // Mastercard.
        (_, 51..=55, ..) | (_, _, _, 2221..=2720) => len == 16,
        // Diners Club.
        (_, 36 | 38 | 39, ..) | (_, _, 300..=305 | 309, _) => (14..=19).contains(&len),
        // JCB; Discover; Mir; UnionPay.
        (_, _, _, 3528..=3589 | 6011 | 2200..=2204)
        | (_, 62 | 65 | 81, ..)
        | (_, _, 644..=649, _) => (16..=19).contains(&len),
        // Maestro and who uses its numbers.
        (_, 50 | 56..=58 | 60 | 61 | 63 | 66..=69, ..) => (13..=19).contains(&len),
        _ => false,
    }
}

fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{finds, leaves};
    use super::CARD;

    #[test]
    fn a_card_is_found_however_it_is_written() {
        finds(
            &CARD,
            &[
                "card «4111111111111111»",
                "«4111 1111 1111 1111»",
                "«5500-0000-0000-0004», «3782 822463 10005»",
                "paid with «6011000990139424» and «3530111333300000»",
                "卡号«4111111111111111»已被拒绝",
                "{\"n\":«4222222222222»}",
                "2024-05-01 «4111 1111 1111 1111» 17",
                "«4111 1111 1111 1111» 123",
                "«4111 1111 1111 1111» «5500 0000 0000 0004»",
                "visa«4111111111111111»",
            ],
        );
    }

    #[test]
    fn what_only_looks_like_a_card_is_left() {
        leaves(
            &CARD,
            &[
                // The check digit.
                "card 4111111111111112",
                "4111 1111 1111 1112",
                // The issuer.
                "card 1234567812345670",
                // Other numbers, though this one has both.
                "order_id=4539578763621486",
                "GET /orders/4539578763621486",
                "{\"traceId\":\"4539578763621486\"}",
                "0.4539578763621486",
                "a4539578763621486f",
                "2024-05-01T12:30:45.1234567Z",
                "41111111111111111111111111111111",
                // Of a longer number.
                "PL49 4111 1111 1111 1111 0176 5600",
                "4111-1111-1111-1111-157",
            ],
        );
    }
}
