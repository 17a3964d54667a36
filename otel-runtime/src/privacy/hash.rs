//! By which key is a value hashed, and what does a hash look like?
//!
//! HMAC-SHA-256 (RFC 2104, FIPS 180-4), never a plain hash: of those, whoever has a list of addresses has the values.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The keys by which values are hashed: `<keyid>:<32 hex digits>`, of which the digits are the first half of
/// HMAC-SHA-256. What is hashed is the attribute's key, a zero byte and the value, so that equal values have equal
/// hashes under one key and others under another one; [`without_names`](HashKeys::without_names) hashes the value
/// alone.
///
/// ```
/// use otel_runtime::privacy::HashKeys;
///
/// let keys = HashKeys::new("2026-10", &[7; 32])?.and_before("2026-04", &[8; 32])?;
///
/// assert!(keys.hash("user.email", "ada@example.com").starts_with("2026-10:"));
/// assert_eq!(keys.all("user.email", "ada@example.com").len(), 2); // to look for in a backend
/// # Ok::<(), otel_runtime::privacy::InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct HashKeys {
    /// The first one hashes.
    keys: Arc<[Key]>,
    mixes_names: bool,
}

#[derive(Clone)]
struct Key {
    id: Box<str>,
    /// Has taken the key in, which costs as much as a short value.
    mac: Hmac<Sha256>,
}

const ID: usize = 16;
const SECRET: usize = 32;
const HASH: usize = 16;

impl HashKeys {
    /// One key. Its id stands before each hash: 1 to 16 of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`.
    ///
    /// # Errors
    ///
    /// The key has less than 32 bytes, or the id is none.
    pub fn new(id: &str, key: &[u8]) -> Result<Self, InvalidKey> {
        Self::of(vec![self::key(id, key)?])
    }

    /// A key that was taken before, by which [`all`](HashKeys::all) finds values that it has hashed.
    ///
    /// # Errors
    ///
    /// As of [`new`](HashKeys::new), or the id was given before.
    pub fn and_before(self, id: &str, key: &[u8]) -> Result<Self, InvalidKey> {
        let mut keys = self.keys.to_vec();
        keys.push(self::key(id, key)?);
        Ok(Self { mixes_names: self.mixes_names, ..Self::of(keys)? })
    }

    /// Keys as `OTEL_TRACED_HASH_KEY` has them: `id:base64`, with commas between them; the first one hashes.
    ///
    /// # Errors
    ///
    /// As of [`new`](HashKeys::new), there is no key, an id is there twice, or something is no `id:base64`. No error
    /// shows anything of what was given.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let keys: Result<Vec<Key>, _> = parts.map(parse).collect();
        Self::of(keys?)
    }

    fn of(keys: Vec<Key>) -> Result<Self, InvalidKey> {
        if keys.is_empty() {
            return Err(InvalidKey::None);
        }
        let is_twice =
            |(index, key): (usize, &Key)| keys[..index].iter().any(|other| other.id == key.id);
        if keys.iter().enumerate().any(is_twice) {
            return Err(InvalidKey::Twice);
        }
        Ok(Self { keys: keys.into(), mixes_names: true })
    }

    /// A value has the same hash under every attribute's key, so that a backend can join by it. Whoever sees the
    /// hashes then also sees that a person is in two places.
    #[must_use]
    pub fn without_names(self) -> Self {
        Self { mixes_names: false, ..self }
    }

    /// The hash of a value, which stands in an attribute with the key `name`.
    #[must_use]
    pub fn hash(&self, name: &str, value: &str) -> String {
        self.keys.first().map_or_else(String::new, |key| self.by(key, name, value))
    }

    /// What the value was hashed to under each key, the one that hashes now first: what to look for in a backend.
    #[must_use]
    pub fn all(&self, name: &str, value: &str) -> Vec<String> {
        self.keys.iter().map(|key| self.by(key, name, value)).collect()
    }

    /// Whether this is a hash by one of these keys, as far as its form tells.
    pub(crate) fn is_hash(&self, text: &str) -> bool {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        text.rsplit_once(':').is_some_and(|(id, hash)| {
            hash.len() == 2 * HASH && hash.bytes().all(is_digit) && self.ids().any(|it| it == id)
        })
    }

    /// The ids of the keys, the one that hashes now first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| &*key.id)
    }

    fn by(&self, key: &Key, name: &str, value: &str) -> String {
        let mut mac = key.mac.clone();
        if self.mixes_names {
            mac.update(name.as_bytes());
            mac.update(&[0]);
        }
        mac.update(value.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let mut hash = String::with_capacity(key.id.len() + 1 + 2 * HASH);
        hash.push_str(&key.id);
        hash.push(':');
        for byte in bytes.iter().take(HASH) {
            let _ = write!(hash, "{byte:02x}");
        }
        hash
    }
}

fn key(id: &str, key: &[u8]) -> Result<Key, InvalidKey> {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if id.is_empty() || id.len() > ID || !id.bytes().all(is_of_id) {
        return Err(InvalidKey::Id);
    }
    if key.len() < SECRET {
        return Err(InvalidKey::Short { bytes: key.len() });
    }
    let mac = Hmac::new_from_slice(key).map_err(|_| InvalidKey::Short { bytes: key.len() })?;
    Ok(Key { id: id.into(), mac })
}

fn parse(part: &str) -> Result<Key, InvalidKey> {
    let (id, encoded) = part.split_once(':').ok_or(InvalidKey::NoPair)?;
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // An id is short, so a key in its place is refused before it could be shown.
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(encoded.trim()).ok())
        .ok_or(InvalidKey::Base64)
        .and_then(|bytes| key(id.trim(), &bytes))
}

/// The ids, and nothing of the keys.
impl fmt::Debug for HashKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

/// By their ids: the keys themselves are not looked at.
impl PartialEq for HashKeys {
    fn eq(&self, other: &Self) -> bool {
        self.mixes_names == other.mixes_names && self.ids().eq(other.ids())
    }
}

impl Eq for HashKeys {}

/// What is wrong with a key; it shows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidKey {
    /// There is none.
    None,
    /// It is no `id:base64`.
    NoPair,
    /// Its id is empty, too long, or has other characters.
    Id,
    /// It is no base64.
    Base64,
    /// It has so many bytes, which are too few.
    Short {
        /// How many.
        bytes: usize,
    },
    /// Two have the same id.
    Twice,
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None | Self::NoPair => {
                f.write_str("write `id:base64`, such as the output of `echo 2026-10:$(openssl rand -base64 32)`")
            }
            Self::Id => f.write_str("give each key an id in front, of 1 to 16 letters, digits, `-`, `_` and `.`"),
            Self::Base64 => f.write_str("write the key behind its id in base64"),
            Self::Short { bytes } => write!(f, "a key has at least {SECRET} bytes, and this one has {bytes}"),
            Self::Twice => f.write_str("give each key an id of its own"),
        }
    }
}

impl std::error::Error for InvalidKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_known_by_the_id_of_its_key_and_its_form() {
        let keys = HashKeys::new("k1", &[7; 32])
            .and_then(|it| it.and_before("k0", &[8; 32]))
            .expect("keys");

        assert!(keys.all("token", "a secret").iter().all(|hash| keys.is_hash(hash)));
        for other in [
            "",
            "k1:",
            "k2:0123456789abcdef0123456789abcdef",
            "k1:0123456789ABCDEF0123456789ABCDEF",
            "k1:0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef",
            "k1:k1:0123456789abcdef0123456789abcdef",
        ] {
            assert!(!keys.is_hash(other), "{other}");
        }
    }

    const BASE64: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn keys() -> HashKeys {
        HashKeys::new("k1", &[7; 32]).expect("valid")
    }

    #[test]
    fn a_hash_is_the_half_of_hmac_sha_256_behind_the_keys_id() {
        // `printf 'user.email\0ada@example.com' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707..`
        assert_eq!(
            keys().hash("user.email", "ada@example.com"),
            "k1:4b57e45fa995c6ce86d811f3a6e7eec0"
        );
        assert_eq!(
            keys().without_names().hash("user.email", "ada@example.com"),
            "k1:c7f22a2b3094d750db28d69f809d573d"
        );
    }

    #[test]
    fn the_same_value_differs_by_key_and_by_attribute() {
        let other = HashKeys::new("k1", &[8; 32]).expect("valid");
        let hashes = [
            keys().hash("a", "x"),
            keys().hash("b", "x"),
            other.hash("a", "x"),
            keys().hash("a", "y"),
        ];
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash), "{hashes:?}");
        }
        assert_eq!(keys().without_names().hash("a", "x"), keys().without_names().hash("b", "x"));
    }

    #[test]
    fn after_a_rotation_old_values_are_still_found() {
        let before = keys().hash("a", "x");
        let rotated = HashKeys::parse(&format!("k2:{}, k1:{BASE64}", BASE64.replace('B', "C")))
            .expect("valid");
        assert!(rotated.hash("a", "x").starts_with("k2:"));
        assert!(rotated.all("a", "x").contains(&before));
    }

    #[test]
    fn a_key_is_read_with_and_without_padding_and_in_both_alphabets() {
        let hash = keys().hash("a", "x");
        for text in [BASE64, BASE64.trim_end_matches('=')] {
            assert_eq!(HashKeys::parse(&format!("k1:{text}")).expect("valid").hash("a", "x"), hash);
        }
        let (standard, for_urls) =
            (format!("k:{}", "+/".repeat(24)), format!("k:{}", "-_".repeat(24)));
        let hash = |text: &str| HashKeys::parse(text).expect("valid").hash("a", "x");
        assert_eq!(hash(&standard), hash(&for_urls));
    }

    #[test]
    fn a_bad_key_is_refused_without_showing_it() {
        let short = "k1:aHVudGVyMi1odW50ZXIy".to_owned();
        let cases = [
            (String::new(), InvalidKey::None),
            (" , ".to_owned(), InvalidKey::None),
            (BASE64.to_owned(), InvalidKey::NoPair),
            (format!(":{BASE64}"), InvalidKey::Id),
            (format!("a b:{BASE64}"), InvalidKey::Id),
            (format!("{BASE64}:{BASE64}"), InvalidKey::Id),
            (format!("{}:{BASE64}", "k".repeat(17)), InvalidKey::Id),
            ("k1:hunter2!".to_owned(), InvalidKey::Base64),
            (format!("k1:{BASE64}:k2"), InvalidKey::Base64),
            (short, InvalidKey::Short { bytes: 15 }),
            (format!("k1:{BASE64},k1:{BASE64}"), InvalidKey::Twice),
        ];
        for (text, expected) in cases {
            let refused = HashKeys::parse(&text).expect_err(&text);
            assert_eq!(refused, expected, "{text}");
            let shown = format!("{refused} {refused:?}");
            assert!(!shown.contains("hunter2") && !shown.contains("BwcHBw"), "{shown}");
        }
    }

    #[test]
    fn a_key_is_never_shown() {
        let keys = HashKeys::new("k1", b"hunter2-hunter2-hunter2-hunter2-").expect("valid");
        assert_eq!(format!("{keys:?}"), "[\"k1\"]");
        assert!(!format!("{keys:#?}").contains("104"), "the bytes of a key");
    }
}
