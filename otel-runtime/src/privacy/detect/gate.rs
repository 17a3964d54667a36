//! May there be anything in a text?
//!
//! Most texts are harmless, so this decides what detection costs. A text is looked at in blocks of 16 bytes, which a
//! compiler turns into a few vector instructions, for what no kind of data does without:
//!
//! | coverage | open if |
//! | --- | --- |
//! | both | a byte of another script, or `%`: what is encoded has to be decoded first |
//! | secrets | 13 digits with little between them |
//! | personal | 7 digits, what may begin an IBAN, three dots between digits, two colons |
//! | both | `@` |
//! | both | a run of 16 characters that begins as base64 of a text does |
//! | both | a place where a literal may begin, in a text with `:`, `=`, `>` or a space, or with a run of 16 characters of tokens that is neither a UUID nor hexadecimal |
//! | personal | such a place in a text with `/` or `\` |
//!
//! Where nothing but a literal can be in a text, whoever asks looks for the literals themselves next: more texts have the
//! first three bytes of one than have it.

use super::coverage::Coverage;
use super::detector::Ready;
use super::literals::Beginnings;
use super::packed;
use super::signs::Signs;

/// The fewest bytes of anything that is found: `a@b.io`, `pw=abc`.
const SHORTEST: usize = 6;

const BLOCK: usize = 16;

pub(super) struct Gate {
    coverage: Coverage,
    beginnings: Beginnings,
}

impl Gate {
    pub(super) fn of(coverage: Coverage, detectors: &[Ready]) -> Self {
        Self { coverage, beginnings: Beginnings::of(detectors) }
    }

    /// Whether a literal of two bytes or more may begin in `text`.
    pub(super) fn may_have_literal(&self, text: &str) -> bool {
        self.beginnings.may_be_in(text.as_bytes())
    }

    /// What there may be in `text`.
    #[inline]
    pub(super) fn look(&self, text: &str) -> Look {
        let text = text.as_bytes();
        if text.len() < SHORTEST {
            return Look::Nothing;
        }
        let census = Census::of(text);
        if census.has(WIDE | AT) {
            return Look::Anything;
        }
        let is_personal = self.coverage == Coverage::Personal;
        let has_signs = if is_personal {
            (census.digits >= 4 || census.has(COLON)) && Signs::of(text) != Signs::NONE
        } else {
            census.digits >= 13 && Signs::has_card(text)
        };
        if has_signs {
            return Look::Anything;
        }
        let runs = if census.has(NO_HEX) { Runs::of(text) } else { Runs::of_hex(text) };
        if runs.packed {
            return Look::Anything;
        }
        let may_follow = runs.token || census.has(SEPARATOR) || is_personal && census.has(SLASH);
        if may_follow && self.beginnings.may_be_in(text) { Look::Literal } else { Look::Nothing }
    }
}

/// What there may be in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Nothing,
    /// What begins with a literal, and nothing else.
    Literal,
    Anything,
}

/// What was seen in a text.
struct Census {
    /// Too many by those that were counted twice, at the most those of a block.
    digits: usize,
    seen: u8,
}

/// `:`, `=`, `>`, a space or a line's end: what may stand between a name and its value.
const SEPARATOR: u8 = 1;
const AT: u8 = 2;
/// A byte of another script, or `%`.
const WIDE: u8 = 4;
const SLASH: u8 = 8;
const COLON: u8 = 16;
/// What is neither a hexadecimal digit nor `-`.
const NO_HEX: u8 = 32;

impl Census {
    fn of(text: &[u8]) -> Self {
        let mut census = Self { digits: 0, seen: 0 };
        let (blocks, _) = text.as_chunks::<BLOCK>();
        // As many as a byte can count.
        for some in blocks.chunks(255) {
            census.add(some);
        }
        if !text.len().is_multiple_of(BLOCK) {
            if let Some(last) = text.last_chunk::<BLOCK>() {
                census.add(&[*last]);
            } else {
                census.add(&[short(text)]);
            }
        }
        census
    }

    #[inline]
    fn add(&mut self, blocks: &[[u8; BLOCK]]) {
        let mut digits = [0_u8; BLOCK];
        let mut seen = [0_u8; BLOCK];
        for block in blocks {
            for place in 0..BLOCK {
                let byte = block[place];
                let if_so = |is: bool, bit: u8| if is { bit } else { 0 };
                digits[place] += if_so(byte.wrapping_sub(b'0') < 10, 1);
                seen[place] |= if_so(byte <= b' ', SEPARATOR)
                    | if_so(byte == b'=', SEPARATOR)
                    | if_so(byte == b'>', SEPARATOR)
                    | if_so(byte == b':', SEPARATOR | COLON)
                    | if_so(byte == b'@', AT)
                    | if_so(byte == b'%', WIDE)
                    | if_so(byte >= 0x80, WIDE)
                    | if_so(byte == b'/', SLASH)
                    | if_so(byte == b'\\', SLASH)
                    | if_so(
                        byte.wrapping_sub(b'0') >= 10
                            && (byte | 0x20).wrapping_sub(b'a') >= 6
                            && byte != b'-',
                        NO_HEX,
                    );
            }
        }
        // No sum of 16 bytes is too much for two.
        self.digits += usize::from(digits.iter().map(|count| u16::from(*count)).sum::<u16>());
        self.seen |= seen.iter().fold(0, |all, seen| all | seen);
    }

    const fn has(&self, what: u8) -> bool {
        self.seen & what != 0
    }
}

/// A text that is shorter than a block: its first and its last bytes, which overlap, as no loop over so few bytes is as
/// fast.
#[inline]
fn short(text: &[u8]) -> [u8; BLOCK] {
    let mut block = [b'a'; BLOCK];
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        block[..8].copy_from_slice(first);
        block[8..].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        block[..4].copy_from_slice(first);
        block[4..8].copy_from_slice(last);
    } else {
        block[..text.len()].copy_from_slice(text);
    }
    block
}

/// What runs of 16 characters of tokens there are.
#[derive(Default)]
struct Runs {
    /// One that is neither a UUID nor hexadecimal.
    token: bool,
    /// One that may be base64 of a text.
    packed: bool,
}

impl Runs {
    /// Those of a text that has nothing but hexadecimal digits and `-`, as a UUID.
    #[inline]
    fn of_hex(text: &[u8]) -> Self {
        Self { token: false, packed: packed::may_be_text(text) }
    }

    /// A run of 16 has one of every 16 bytes in it, so only these are looked at.
    fn of(text: &[u8]) -> Self {
        let mut runs = Self::default();
        let mut at = BLOCK - 1;
        while at < text.len() {
            if !packed::is_packed(text[at]) {
                at += BLOCK;
                continue;
            }
            let start = text[..at]
                .iter()
                .rposition(|byte| !packed::is_packed(*byte))
                .map_or(0, |at| at + 1);
            let end = text[at..]
                .iter()
                .position(|byte| !packed::is_packed(*byte))
                .map_or(text.len(), |len| at + len);
            if end - start >= BLOCK {
                let run = &text[start..end];
                runs.token |= !run.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
                runs.packed |= packed::start_of_text(run).is_some();
            }
            at = (end + BLOCK) / BLOCK * BLOCK - 1;
        }
        runs
    }
}
