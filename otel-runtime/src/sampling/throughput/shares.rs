//! How much of each key is kept, so that all of them together meet the target?
//!
//! A key gets a share by the logarithm of how often it occurs: of 10,000 calls are kept twice as many as of 100. So
//! what is rare is kept rather than what is frequent, and what occurs less often than its share is kept whole.

/// What every key gets, in units of the logarithm of how often it is expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    unit: f64,
}

impl Shares {
    /// Those which keep `budget` in all. Sorts `expected`, how often each key is.
    pub(super) fn of(expected: &mut [f64], budget: f64) -> Self {
        expected.sort_unstable_by(f64::total_cmp);
        let mut budget = budget.max(0.0);
        let mut logarithms: f64 = expected.iter().map(|it| it.ln_1p()).sum();
        // What is kept whole leaves more to the rest. The rarer a key, the sooner it is kept whole.
        for &expected in &*expected {
            let unit = budget / logarithms;
            if expected > unit * expected.ln_1p() {
                return Shares { unit };
            }
            budget -= expected;
            logarithms -= expected.ln_1p();
        }
        Shares { unit: f64::INFINITY }
    }

    /// The probability for a key that is expected so often.
    pub(super) fn probability(self, expected: f64) -> f64 {
        if expected <= 0.0 {
            return if self.unit > 0.0 { 1.0 } else { 0.0 };
        }
        (self.unit * expected.ln_1p() / expected).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expected: &[f64], budget: f64) -> f64 {
        let shares = Shares::of(&mut expected.to_vec(), budget);
        expected.iter().map(|it| it * shares.probability(*it)).sum()
    }

    #[test]
    fn together_the_keys_meet_the_target_or_are_kept_whole() {
        let mut random = fastrand::Rng::with_seed(20);
        for _ in 0..1_000 {
            let count = random.usize(1..600);
            let expected: Vec<_> =
                (0..count).map(|_| 10_f64.powf(random.f64() * 6.0) - 1.0).collect();
            let all: f64 = expected.iter().sum();
            let budget = all * random.f64() * 1.5;
            let kept = kept(&expected, budget);
            assert!((kept - budget.min(all)).abs() < 1e-6 * all.max(1.0), "{kept} of {budget}");
        }
    }

    #[test]
    fn what_is_rare_is_kept_and_what_is_frequent_pays() {
        let shares = Shares::of(&mut [10.0, 1_000.0, 100_000.0], 500.0);
        assert!((shares.probability(10.0) - 1.0).abs() < f64::EPSILON);
        let [some, many] = [1_000.0, 100_000.0].map(|it| it * shares.probability(it));
        assert!(many > some && many < 2.0 * some, "{some} {many}");
    }

    #[test]
    fn without_a_budget_nothing_is_kept() {
        for budget in [0.0, -5.0] {
            let shares = Shares::of(&mut [10.0], budget);
            assert!(shares.probability(10.0) <= 0.0);
        }
        assert!((kept(&[], 10.0)).abs() < f64::EPSILON);
    }
}
