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

    /// Whether one of `wanted` is among these.
    pub(super) const fn any(self, wanted: Self) -> bool {
        self.0 & wanted.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Whether `text` ends as an IBAN begins, in `GB82` and the like.
fn begins_account(text: &[u8]) -> bool {
    matches!(text, [.., a, b, c, d] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
        && c.is_ascii_digit() && d.is_ascii_digit())
}
