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

    /// Whether there may be anything in `text`.
    pub(super) fn is_open(&self, text: &str) -> bool {
        let text = text.as_bytes();
        if text.len() < SHORTEST {
            return false;
        }
        let census = Census::of(text);
        if census.has(WIDE | AT) {
            return true;
        }
        let (digits, signs) = match self.coverage {
            Coverage::Secrets => (13, Signs::CARD),
            Coverage::Personal => {
                (4, Signs::CARD.or(Signs::PHONE).or(Signs::IBAN).or(Signs::ADDRESS))
            }
        };
        let is_personal = self.coverage == Coverage::Personal;
        if (census.digits >= digits || is_personal && census.has(COLON))
            && Signs::of(text).any(signs)
        {
            return true;
        }
        let runs = Runs::of(text);
        if runs.packed {
            return true;
        }
        (runs.token || census.has(SEPARATOR) || is_personal && census.has(SLASH))
            && self.beginnings.may_be_in(text)
    }
}

/// What was seen in a text.
struct Census {
    /// Too many by those of the last block, at the most.
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
                let mut block = [b'a'; BLOCK];
                block[..text.len()].copy_from_slice(text);
                census.add(&[block]);
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
                    | if_so(byte == b'\\', SLASH);
            }
        }
        self.digits += digits.iter().map(|count| usize::from(*count)).sum::<usize>();
        self.seen |= seen.iter().fold(0, |all, seen| all | seen);
    }

    const fn has(&self, what: u8) -> bool {
        self.seen & what != 0
    }
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
