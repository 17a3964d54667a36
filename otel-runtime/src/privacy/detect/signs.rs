//! Which digits, dots and colons does a text have that some kinds of data do not do without?

/// What a text has. A detector without a literal asks for some of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signs(u8);

impl Signs {
    pub(super) const NONE: Self = Self(0);
    /// 13 digits with little between them: the shortest payment card.
    pub(super) const CARD: Self = Self(1);
    /// 7 digits with little between them: a telephone number.
    pub(super) const PHONE: Self = Self(2);
    /// Two letters and two digits, and 11 letters and digits at least: an IBAN.
    pub(super) const IBAN: Self = Self(4);
    /// Three dots between digits, or two colons: an IP address.
    pub(super) const ADDRESS: Self = Self(8);

    /// Those of a text, in one pass.
    pub(super) fn of(text: &[u8]) -> Self {
        let (mut digits, mut gap) = (0_usize, 0);
        let (mut dots, mut colons, mut accounts) = (0, 0, 0);
        let mut signs = 0;
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    gap = 0;
                    if digits >= 7 {
                        signs |= Self::PHONE.0;
                    }
                    if digits >= 13 {
                        signs |= Self::CARD.0;
                        break;
                    }
                    accounts += usize::from(begins_account(&text[..=at]));
                }
                b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+' => {
                    gap += 1;
                    if gap > 2 {
                        digits = 0;
                    }
                    dots += usize::from(*byte == b'.' && at > 0 && text[at - 1].is_ascii_digit());
                }
                b':' => {
                    digits = 0;
                    colons += 1;
                }
                _ => digits = 0,
            }
        }
        if signs & Self::CARD.0 != 0 {
            // Thirteen digits are enough for all that needs digits: nothing behind them has to be counted.
            return Self(Self::CARD.0 | Self::PHONE.0 | Self::IBAN.0 | Self::ADDRESS.0);
        }
        if accounts > 0 && text.len() >= 15 {
            signs |= Self::IBAN.0;
        }
        if dots >= 3 || colons >= 2 {
            signs |= Self::ADDRESS.0;
        }
        Self(signs)
    }

    /// Whether a text has [`Signs::CARD`].
    ///
    /// The digits of a card and what is between them are a run of 13 bytes or more, of which one is every 13th byte
    /// of the text, so that most of a text is not read.
    pub(super) fn has_card(text: &[u8]) -> bool {
        const DIGITS: usize = 13;
        let mut at = DIGITS - 1;
        while at < text.len() {
            if !may_be_of_card(text[at]) {
                at += DIGITS;
                continue;
            }
            let before = text[..at].iter().rposition(|byte| !may_be_of_card(*byte));
            let start = before.map_or(0, |before| before + 1);
            let behind = text[at..].iter().position(|byte| !may_be_of_card(*byte));
            let end = behind.map_or(text.len(), |len| at + len);
            if end - start >= DIGITS && Self::of(&text[start..end]).any(Self::CARD) {
                return true;
            }
            at = end + DIGITS;
        }
        false
    }

    /// Whether one of `wanted` is among these.
    pub(super) const fn any(self, wanted: Self) -> bool {
        self.0 & wanted.0 != 0
    }
}

/// Whether a byte neither ends a number nor begins another.
const fn may_be_of_card(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+')
}

/// Whether `text` ends as an IBAN begins, in `GB82` and the like.
fn begins_account(text: &[u8]) -> bool {
    matches!(text, [.., a, b, c, d] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
        && c.is_ascii_digit() && d.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_digits_are_seen_wherever_they_stand_and_whatever_is_between_them() {
        // Numbers of a linear congruential generator, so that it is the same texts each time.
        let mut state = 7_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let mut seen = [0; 2];
        for _ in 0..50_000 {
            let signs = b"4539578763621486 -./()+a:";
            // Few letters, or no number is long enough.
            let (len, kinds) = (random(60), 16 + random(9));
            let text: Vec<u8> = (0..len).map(|_| signs[random(kinds + 1) as usize]).collect();
            let expected = Signs::of(&text).any(Signs::CARD);
            assert_eq!(Signs::has_card(&text), expected, "{}", text.escape_ascii());
            seen[usize::from(expected)] += 1;
        }
        assert!(seen.iter().all(|texts| *texts > 1000), "{seen:?}");
    }
}
