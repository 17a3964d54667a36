//! How is a probability written as a threshold, and which traces does it keep?

use std::fmt;
use std::str::FromStr;

use opentelemetry::TraceId;

use super::error::SamplerError;

/// How many values there are: of both, 56 bits count.
const VALUES: u64 = 1 << 56;
/// The least probability, 2⁻⁵⁶.
const LEAST: f64 = 1.0 / 72_057_594_037_927_936.0;
/// How many hexadecimal digits that is.
const DIGITS: u32 = 14;
/// "OpenTelemetry SDKs are recommended to use 4 digits of precision by default."
const PRECISION: u32 = 4;

/// How much of all traces is rejected: those whose 56 random bits are less than this number.
///
/// Specification: [rejection
/// threshold](https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/#rejection-threshold-t).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u64);

impl Threshold {
    /// Rejects nothing; `th:0`.
    pub const ALWAYS: Threshold = Threshold(0);

    /// The threshold that keeps this share of all traces, as exactly as four hexadecimal digits after the
    /// leading `f`s say it: 0.1 is `e666`, which keeps 0.100006.
    ///
    /// # Errors
    ///
    /// `ratio` is less than 2⁻⁵⁶, more than 1, or not a number.
    pub fn from_probability(ratio: f64) -> Result<Self, SamplerError> {
        if !(LEAST..=1.0).contains(&ratio) {
            let remedy = "write a number from 2^-56 to 1, such as 0.25";
            return Err(SamplerError::new("ratio", ratio, remedy));
        }
        Ok(Threshold::of(ratio))
    }

    /// The threshold for a share that is more than 0; what is out of range is the nearest in range.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2⁵⁶")]
    pub(super) fn of(ratio: f64) -> Self {
        let kept = ((ratio / LEAST).round() as u64).clamp(1, VALUES);
        let rejected = VALUES - kept;
        // A digit more for each leading `f`: that many more digits of a small share are significant.
        let leading = kept.leading_zeros().saturating_sub(u64::BITS - 56) / 4;
        let unit = 1 << (4 * DIGITS.saturating_sub(PRECISION + leading));
        let rounded = (rejected + unit / 2) / unit * unit;
        Threshold(if rounded < VALUES { rounded } else { rejected })
    }

    /// The share of traces that is kept, from 2⁻⁵⁶ to 1.
    #[must_use]
    pub fn probability(self) -> f64 {
        self.kept() * LEAST
    }

    /// For how many traces one that is kept stands: 1 or more.
    #[must_use]
    pub fn adjusted_count(self) -> f64 {
        1.0 / self.probability()
    }

    #[expect(clippy::cast_precision_loss, reason = "to the 53 bits that a ratio has")]
    fn kept(self) -> f64 {
        (VALUES - self.0) as f64
    }

    /// The number itself, less than 2⁵⁶.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    /// What [`number`](Threshold::number) gave.
    pub(super) fn from_number(number: u64) -> Self {
        Threshold(number.min(VALUES - 1))
    }

    /// Whether a trace with these random bits is kept.
    #[inline]
    #[must_use]
    pub fn keeps(self, randomness: Randomness) -> bool {
        randomness.0 >= self.0
    }

    /// As it stands in a trace state: `th:e666`. By hand, since it is written for every trace that is kept.
    pub(super) fn entry(self) -> String {
        let mut entry = String::with_capacity(3 + DIGITS as usize);
        entry.push_str("th:");
        let mut left = self.0 << 8;
        loop {
            let digit = u32::try_from(left >> 60).unwrap_or_default();
            entry.extend(char::from_digit(digit, 16));
            left <<= 4;
            if left == 0 {
                return entry;
            }
        }
    }

    /// Reads the value of `th`: 1 to 14 digits, of which trailing zeros may be missing.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        let missing = DIGITS.checked_sub(u32::try_from(digits.len()).ok()?)?;
        Some(Threshold(hex(digits)? << (4 * missing)))
    }
}

/// Reads the value of `th`, such as `e666`.
impl FromStr for Threshold {
    type Err = SamplerError;

    fn from_str(digits: &str) -> Result<Self, SamplerError> {
        let remedy = "write 1 to 14 hexadecimal digits in lower case, such as e666";
        Threshold::parse(digits)
            .ok_or_else(|| SamplerError::new("th", format_args!("{digits:?}"), remedy))
    }
}

/// As the value of `th`.
impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0");
        }
        let zeros = self.0.trailing_zeros() / 4;
        write!(f, "{:0width$x}", self.0 >> (4 * zeros), width = (DIGITS - zeros) as usize)
    }
}

/// The 56 random bits of a trace, by which every sampler decides about it.
///
/// Specification: [randomness
/// value](https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/#randomness-value-r).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Randomness(u64);

impl Randomness {
    /// Those of a random number.
    pub(super) fn of(number: u64) -> Self {
        Randomness(number % VALUES)
    }

    /// Reads the value of `rv`: exactly 14 digits.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        if digits.len() != DIGITS as usize {
            return None;
        }
        hex(digits).map(Randomness)
    }
}

/// The low 56 bits, which are random by W3C Trace Context Level 2.
impl From<TraceId> for Randomness {
    #[inline]
    fn from(trace_id: TraceId) -> Self {
        Randomness::of(low_bits(trace_id))
    }
}

/// The low half of a trace id.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(super) fn low_bits(trace_id: TraceId) -> u64 {
    u128::from_be_bytes(trace_id.to_bytes()) as u64
}

/// Lower-case digits only; `from_str_radix` would take a sign and capitals.
fn hex(digits: &str) -> Option<u64> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if digits.is_empty() || !digits.bytes().all(is_digit) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_written_as_the_table_of_the_specification_says() {
        for (ratio, written) in [
            (1.0, "0"),
            (0.5, "8"),
            (1.0 / 3.0, "aaab"),
            (0.25, "c"),
            (0.2, "cccd"),
            (0.125, "e"),
            (0.1, "e666"),
            (0.0625, "f"),
            (0.01, "fd70a"),
            (0.001, "ffbe77"),
            (0.0001, "fff9724"),
            (0.000_01, "ffff583a"),
            (0.000_001, "ffffef39"),
        ] {
            let threshold = Threshold::from_probability(ratio).expect("in range");
            assert_eq!(threshold.to_string(), written, "{ratio}");
            assert_eq!(threshold.entry(), format!("th:{written}"));
            assert_eq!(Threshold::parse(written), Some(threshold));
        }
    }

    #[test]
    fn the_least_probability_keeps_one_of_all_values() {
        let threshold = Threshold::from_probability(LEAST).expect("in range");
        assert_eq!(threshold.to_string(), "f".repeat(14));
        assert!(threshold.keeps(Randomness(VALUES - 1)));
        assert!(!threshold.keeps(Randomness(VALUES - 2)));
    }

    #[test]
    fn a_ratio_that_is_no_probability_is_refused() {
        for ratio in [0.0, -0.1, 1.000_001, 1e-18, f64::NAN, f64::INFINITY] {
            let error = Threshold::from_probability(ratio).expect_err("refused");
            assert_eq!(error.field(), "ratio", "{ratio}");
        }
    }

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_a_threshold() {
        for digits in ["", "g", "C", "+1", "-1", " c", "0x8", "fffffffffffffff", "é"] {
            assert_eq!(Threshold::parse(digits), None, "{digits:?}");
        }
        assert_eq!(Threshold::parse("0"), Some(Threshold::ALWAYS));
        assert_eq!(Threshold::parse("c"), Threshold::parse("c0000000000000"));
        let small = Threshold::parse("0c0d").expect("valid");
        assert_eq!((small.to_string(), small.entry()), ("0c0d".to_owned(), "th:0c0d".to_owned()));
    }

    #[test]
    fn randomness_has_fourteen_digits_or_is_the_end_of_the_trace_id() {
        assert_eq!(Randomness::parse("6e6d1a75832a2f"), Some(Randomness(0x6e_6d1a_7583_2a2f)));
        for digits in ["6e6d1a75832a2", "6e6d1a75832a2f0", "6E6d1a75832a2f", ""] {
            assert_eq!(Randomness::parse(digits), None, "{digits:?}");
        }
        let id = TraceId::from(0x0af7_6519_16cd_43dd_846e_6d1a_7583_2a2f);
        assert_eq!(Randomness::from(id), Randomness(0x6e_6d1a_7583_2a2f));
    }

    #[test]
    fn a_threshold_says_what_one_kept_trace_stands_for() {
        let quarter = Threshold::parse("c").expect("valid");
        assert!((quarter.probability() - 0.25).abs() < f64::EPSILON);
        assert!((quarter.adjusted_count() - 4.0).abs() < f64::EPSILON);
    }
}
