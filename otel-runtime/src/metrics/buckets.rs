//! Which bucket does a duration fall into, and what do all buckets hold together?
//!
//! The buckets are those of an exponential histogram in seconds, at scale 3: eight to a power of two, so
//! that a bound is at most 9 % above the one below it.
//!
//! Specification: [Exponential histograms](https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram).

use std::collections::BTreeMap;

/// Bounds are powers of 2^(1/8).
pub(crate) const SCALE: i32 = 3;

/// How many buckets there are from a power of two to the next.
pub(super) const PER_OCTAVE: i32 = 1 << SCALE;

/// The index of the lowest bucket that a duration of a nanosecond or more may be in: 2^-30 s is 0.93 ns.
pub(super) const LOWEST: i32 = -30 * PER_OCTAVE;

/// How many buckets a point has at most, as in the SDKs; if more are needed, neighbours become one.
const MOST: usize = 160;

/// The mantissas of 2^(k/8), for k from 0 to 7, as `f64` has them.
const BOUNDS: [u64; PER_OCTAVE as usize] = [
    0,
    0x0001_72B8_3C7D_517B,
    0x0003_06FE_0A31_B715,
    0x0004_BFDA_D536_2A27,
    0x0006_A09E_667F_3BCD,
    0x0008_ACE5_422A_A0DB,
    0x000A_E89F_995A_D3AD,
    0x000D_5818_DCFB_A487,
];

/// The index of the bucket for a duration; `None` for zero, which has a bucket of its own. Bucket `i` holds
/// what is above 2^(i/8) s and not above 2^((i+1)/8) s.
#[inline]
pub(super) fn index(nanoseconds: u64) -> Option<i32> {
    if nanoseconds == 0 {
        return None;
    }
    let bits = seconds(nanoseconds).to_bits();
    // Positive and normal: the sign is 0, and the exponent biased by 1023.
    let exponent = (bits >> 52) as i32 - 1023;
    let mantissa = bits & ((1 << 52) - 1);
    let below = BOUNDS.iter().map(|bound| i32::from(mantissa > *bound)).sum::<i32>();
    Some(exponent * PER_OCTAVE + below - 1)
}

/// The place of a bucket in a list that begins with `first`.
pub(super) fn place(index: i32, first: i32) -> usize {
    index.abs_diff(first) as usize
}

#[expect(clippy::cast_precision_loss, reason = "53 bits of a duration are enough")]
pub(crate) fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 * 1e-9
}

/// The durations of many calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Buckets {
    counts: BTreeMap<i32, u64>,
    zeros: u64,
    /// Nanoseconds.
    sum: u64,
    /// The shortest and the longest; `None` without a call.
    range: Option<(u64, u64)>,
}

/// The same as a point of a metric has it.
#[derive(Debug, PartialEq)]
pub(crate) struct Packed {
    pub(crate) scale: i32,
    /// The index of the first of `counts`.
    pub(crate) offset: i32,
    pub(crate) counts: Vec<u64>,
}

impl Buckets {
    pub(super) fn add(&mut self, index: i32, count: u64) {
        if count > 0 {
            *self.counts.entry(index).or_default() += count;
        }
    }

    pub(super) fn add_zeros(&mut self, count: u64) {
        self.zeros += count;
    }

    pub(super) fn add_values(&mut self, sum: u64, min: u64, max: u64) {
        self.sum = self.sum.saturating_add(sum);
        if min <= max {
            let (least, most) = self.range.unwrap_or((min, max));
            self.range = Some((least.min(min), most.max(max)));
        }
    }

    pub(super) fn add_all(&mut self, others: &Buckets) {
        others.counts.iter().for_each(|(index, count)| self.add(*index, *count));
        self.add_zeros(others.zeros);
        let (min, max) = others.range.unwrap_or((u64::MAX, 0));
        self.add_values(others.sum, min, max);
    }

    /// What was counted since `before`, which is an earlier state of these. The shortest and the longest
    /// since then are not known.
    pub(super) fn since(&self, before: &Buckets) -> Buckets {
        let mut since = Buckets::default();
        for (index, count) in &self.counts {
            let before = before.counts.get(index).copied().unwrap_or_default();
            since.add(*index, count.saturating_sub(before));
        }
        since.zeros = self.zeros.saturating_sub(before.zeros);
        since.sum = self.sum.saturating_sub(before.sum);
        since
    }

    /// How many calls.
    pub(crate) fn count(&self) -> u64 {
        self.zeros + self.counts.values().sum::<u64>()
    }

    pub(crate) fn zeros(&self) -> u64 {
        self.zeros
    }

    /// In nanoseconds.
    pub(crate) fn sum(&self) -> u64 {
        self.sum
    }

    /// The shortest and the longest, in nanoseconds, if they are known.
    pub(crate) fn range(&self) -> Option<(u64, u64)> {
        self.range
    }

    pub(crate) fn packed(&self) -> Packed {
        let ends = self.counts.keys().next().zip(self.counts.keys().next_back());
        let Some((first, last)) = ends else {
            return Packed { scale: SCALE, offset: 0, counts: Vec::new() };
        };
        // Halving the scale makes one bucket of two: `i` becomes `i / 2`, rounded down.
        let mut down = 0;
        while place(last >> down, first >> down) >= MOST {
            down += 1;
        }
        let offset = first >> down;
        let mut counts = vec![0; place(last >> down, offset) + 1];
        for (index, count) in &self.counts {
            counts[place(index >> down, offset)] += count;
        }
        Packed { scale: SCALE - down, offset, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition in the specification.
    fn bounds(index: i32) -> (f64, f64) {
        let base = f64::from(2).powf(f64::from(2).powi(-SCALE));
        (base.powi(index), base.powi(index + 1))
    }

    #[test]
    fn a_duration_is_in_the_bucket_whose_bounds_are_around_it() {
        let mut nanoseconds = 1_u64;
        while nanoseconds < u64::MAX / 3 {
            for near in [nanoseconds - 1, nanoseconds, nanoseconds + 1] {
                let Some(index) = index(near) else { continue };
                let (lower, upper) = bounds(index);
                // The bounds themselves are rounded.
                let value = seconds(near);
                assert!(value > lower * (1.0 - 1e-12), "{near}: {index}");
                assert!(value < upper * (1.0 + 1e-12), "{near}: {index}");
            }
            nanoseconds = nanoseconds + nanoseconds / 37 + 1;
        }
    }

    #[test]
    fn the_ends_of_what_a_clock_can_say_have_a_bucket() {
        assert_eq!(index(0), None);
        assert_eq!(index(1), Some(LOWEST));
        assert!(index(u64::MAX).is_some_and(|index| index < LOWEST + 17 * 32));
    }

    #[test]
    fn a_power_of_two_is_the_upper_bound_of_its_bucket() {
        // 2^0 s and 2^1 s, which `f64` has exactly.
        assert_eq!(index(1_000_000_000), Some(-1));
        assert_eq!(index(2_000_000_000), Some(7));
    }

    #[test]
    fn a_wide_range_is_told_in_fewer_and_wider_buckets() {
        let mut buckets = Buckets::default();
        for exponent in 0..60 {
            let nanoseconds = 1 << exponent;
            buckets.add(index(nanoseconds).unwrap_or_default(), 1);
        }
        let Packed { scale, counts, .. } = buckets.packed();
        assert_eq!(counts.iter().sum::<u64>(), 60);
        assert!(counts.len() <= MOST, "{}", counts.len());
        assert_eq!(scale, 1);
    }
}
