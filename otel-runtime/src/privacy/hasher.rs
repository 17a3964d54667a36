//! By whose keys does `hash(x)` hash?
//!
//! Those of the program, which are set once. A library brings none, and no cryptography.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::process::stderr;

#[cfg(feature = "sdk")]
static KEYS: std::sync::OnceLock<super::hash::HashKeys> = std::sync::OnceLock::new();

static MISSING: AtomicU64 = AtomicU64::new(0);

/// Sets the keys by which `hash(x)` in `#[traced(attrs(..))]` hashes, for as long as the process lives.
/// [`init`](crate::init) does so with `OTEL_TRACED_HASH_KEY`; with [`adopt`](crate::adopt) a program does it itself.
///
/// # Errors
///
/// There are keys already; they stay.
#[cfg(feature = "sdk")]
pub fn set_hash_keys(keys: super::hash::HashKeys) -> Result<(), HashKeysAreSet> {
    KEYS.set(keys).map_err(|_| HashKeysAreSet(()))
}

/// There are keys already.
#[cfg(feature = "sdk")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashKeysAreSet(());

#[cfg(feature = "sdk")]
impl std::fmt::Display for HashKeysAreSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "the keys for hashes were set before: set them once, at the start of the program",
        )
    }
}

#[cfg(feature = "sdk")]
impl std::error::Error for HashKeysAreSet {}

/// How many values `hash(x)` has left out of spans so far, because there was no key.
#[must_use]
pub fn left_out_without_a_key() -> u64 {
    MISSING.load(Ordering::Relaxed)
}

/// `None` if there is no key: then the value is left out, which is counted.
#[cfg_attr(
    not(feature = "sdk"),
    expect(unused_variables, reason = "without the SDK there is no key")
)]
pub(crate) fn hash(key: &str, value: &str) -> Option<String> {
    #[cfg(feature = "sdk")]
    if let Some(keys) = KEYS.get() {
        return Some(keys.hash(key, value));
    }
    if MISSING.fetch_add(1, Ordering::Relaxed) == 0 {
        stderr::warn(
            "an attribute is to be hashed, and there is no key: it is left out; set OTEL_TRACED_HASH_KEY, such as to the \
             output of `echo k1:$(openssl rand -base64 32)`",
        );
    }
    None
}
