//! What becomes of one value of a class?

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// What becomes of the values of a [class](super::Class). In settings: `keep`, `erase`, `drop`, `mask`, `mask 4`,
/// `hash`, `truncate 3`, `network`, `network 16/32`, `replace TEXT`.
///
/// What changes only a part of a text, as an address in a sentence, leaves the rest of it; [`Drop`](Action::Drop)
/// takes the rest, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It leaves as it is.
    Keep,
    /// The name of its class stands in its place, as in `[contact]`. So it is with every class for which nothing is
    /// said.
    #[default]
    Erase,
    /// The attribute that holds it does not leave at all; nor does the name or text, if it stands there.
    Drop,
    /// Four asterisks, however long it is.
    Mask,
    /// Four asterisks and the last so many of its characters, but never more than half of them: `****1111`.
    MaskAllButLast(usize),
    /// `<keyid>:<32 hex digits>`, the same for the same value, by [`HashKeys`](super::HashKeys). The value is
    /// dropped where there is no key.
    Hash,
    /// Its first so many characters.
    Truncate(usize),
    /// Of an IP address, so many leading bits, with zeros behind them: `192.0.2.0` for `192.0.2.7`. What is none is
    /// erased.
    Network {
        /// Of an IPv4 address, 0 to 32; by default 24.
        v4: u8,
        /// Of an IPv6 address, 0 to 128; by default 48.
        v6: u8,
    },
    /// This text.
    Replace(Cow<'static, str>),
}

impl Action {
    /// The networks that providers give to one customer.
    pub const NETWORK: Self = Self::Network { v4: 24, v6: 48 };

    /// The one that tells less, if two are for the same value. What a hash tells is which values are equal, so it
    /// comes behind what shows a part of the value, and before what tells nothing.
    #[must_use]
    pub fn strictest<'a>(&'a self, other: &'a Self) -> &'a Self {
        if other.tells() < self.tells() { other } else { self }
    }

    /// How much is told: first of which kind, then how many characters or bits.
    fn tells(&self) -> (u8, usize) {
        match self {
            Self::Drop => (0, 0),
            Self::Erase => (1, 0),
            Self::Replace(_) => (2, 0),
            Self::Mask => (3, 0),
            Self::Hash => (4, 0),
            Self::MaskAllButLast(shown) => (5, *shown),
            Self::Truncate(shown) => (6, *shown),
            Self::Network { v4, v6 } => (7, usize::from(*v4) + usize::from(*v6)),
            Self::Keep => (8, 0),
        }
    }
}

/// `None` if it is no address, with or without brackets, a port, a zone or the length of a prefix.
pub(super) fn network(v4: u8, v6: u8, text: &str) -> Option<IpAddr> {
    match address(text.trim())?.to_canonical() {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(v4)).unwrap_or(0);
            Some(IpAddr::from((address.to_bits() & mask).to_be_bytes()))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(v6)).unwrap_or(0);
            Some(IpAddr::from((address.to_bits() & mask).to_be_bytes()))
        }
    }
}

fn address(text: &str) -> Option<IpAddr> {
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let end = text.find(['%', '/']).unwrap_or(text.len());
    text[..end].parse().ok()
}

impl fmt::Display for Action {
    /// As settings have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Erase => f.write_str("erase"),
            Self::Drop => f.write_str("drop"),
            Self::Mask => f.write_str("mask"),
            Self::MaskAllButLast(shown) => write!(f, "mask {shown}"),
            Self::Hash => f.write_str("hash"),
            Self::Truncate(chars) => write!(f, "truncate {chars}"),
            Self::Network { v4, v6 } => write!(f, "network {v4}/{v6}"),
            Self::Replace(text) => write!(f, "replace {text}"),
        }
    }
}

impl FromStr for Action {
    type Err = InvalidAction;

    /// An action as settings have it.
    ///
    /// # Errors
    ///
    /// No action is called so, or what stands behind the word does not belong there.
    fn from_str(text: &str) -> Result<Self, InvalidAction> {
        let text = text.trim();
        let (word, rest) =
            text.split_once(' ').map_or((text, ""), |(word, rest)| (word, rest.trim()));
        let invalid = |remedy| Err(InvalidAction { remedy });
        let alone = |action| if rest.is_empty() { Ok(action) } else { invalid(Remedy::Alone) };
        match (word, rest) {
            ("keep", _) => alone(Self::Keep),
            ("erase", _) => alone(Self::Erase),
            ("drop", _) => alone(Self::Drop),
            ("hash", _) => alone(Self::Hash),
            ("mask", "") => Ok(Self::Mask),
            ("mask", shown) => match shown.parse() {
                Ok(shown) => Ok(Self::MaskAllButLast(shown)),
                Err(_) => invalid(Remedy::Mask),
            },
            ("truncate", chars) => match chars.parse() {
                Ok(chars) => Ok(Self::Truncate(chars)),
                Err(_) => invalid(Remedy::Truncate),
            },
            ("network", "") => Ok(Self::NETWORK),
            ("network", bits) => {
                match bits.split_once('/').map(|(v4, v6)| (v4.parse(), v6.parse())) {
                    Some((Ok(v4 @ 0..=32), Ok(v6 @ 0..=128))) => Ok(Self::Network { v4, v6 }),
                    _ => invalid(Remedy::Network),
                }
            }
            ("replace", "") => invalid(Remedy::Replace),
            ("replace", text) => Ok(Self::Replace(Cow::Owned(text.to_owned()))),
            _ => invalid(Remedy::Word),
        }
    }
}

/// This is no action. It does not show what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAction {
    remedy: Remedy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    Word,
    Alone,
    Mask,
    Truncate,
    Network,
    Replace,
}

impl fmt::Display for InvalidAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.remedy {
            Remedy::Word => {
                "write `keep`, `erase`, `drop`, `mask`, `mask 4`, `hash`, `truncate 3`, `network`, \
                 `network 24/48` or `replace TEXT`"
            }
            Remedy::Alone => "`keep`, `erase`, `drop` and `hash` stand alone",
            Remedy::Mask => "behind `mask` write how many of the last characters stay, as in `mask 4`",
            Remedy::Truncate => "behind `truncate` write how many of the first characters stay, as in `truncate 3`",
            Remedy::Network => {
                "behind `network` write how many bits of an IPv4 and of an IPv6 address stay, as in `network 24/48`"
            }
            Remedy::Replace => "behind `replace` write the text that stands for the value, as in `replace REDACTED`",
        })
    }
}

impl std::error::Error for InvalidAction {}
