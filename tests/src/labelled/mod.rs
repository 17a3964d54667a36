//! Texts of which it is known where in them what is: what detectors are measured on.
//!
//! A value is made up by the rules of its kind, a near miss breaks one of these that a detector has to check, and either
//! stands in a sentence, a URL, JSON, SQL, a line of a log or something else that is recorded. The same seed makes the
//! same texts: `cargo run -p otel-tests --bin labelled` writes them as lines of JSON, for other programs.

mod carriers;
mod harmless;
mod near_misses;
mod values;

use std::ops::Range;

use fastrand::Rng;

/// What is measured. `named` is a value behind a secret's name, `user_info` that of a URL.
pub const KINDS: &[&str] = &[
    "email",
    "card",
    "ssn",
    "iban",
    "ip",
    "jwt",
    "bearer",
    "cloud",
    "pem",
    "phone",
    "named",
    "user_info",
];

/// A text, and what it is known to hold.
pub struct Case {
    /// The kind of its value or near miss; `harmless` if it has neither.
    pub kind: &'static str,
    /// As it would be recorded.
    pub text: String,
    /// Where its value is; `None` for a near miss.
    pub value: Option<Range<usize>>,
}

/// A value or a near miss, with what makes it one.
struct Value {
    /// Such as `ssn `.
    before: &'static str,
    text: String,
    /// Such as the host of a URL.
    after: &'static str,
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self { before: "", text, after: "" }
    }
}

/// `each` values and as many near misses of each kind, and as many harmless texts.
#[must_use]
pub fn cases(seed: u64, each: usize) -> Vec<Case> {
    let mut rng = Rng::with_seed(seed);
    let mut cases = Vec::new();
    for kind in KINDS {
        for _ in 0..each {
            let value = values::value(kind, &mut rng);
            cases.push(carriers::carry(kind, &value, true, &mut rng));
            let near_miss = near_misses::near_miss(kind, &mut rng);
            cases.push(carriers::carry(kind, &near_miss, false, &mut rng));
        }
    }
    cases.extend((0..each).map(|_| Case {
        kind: "harmless",
        text: harmless::text(&mut rng),
        value: None,
    }));
    cases
}

/// `count` characters of `alphabet`.
fn characters(alphabet: &str, count: usize, rng: &mut Rng) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..count).map(|_| alphabet[rng.usize(..alphabet.len())]).collect()
}

fn pick<'a>(from: &[&'a str], rng: &mut Rng) -> &'a str {
    from[rng.usize(..from.len())]
}

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
