//! What do many values say?

/// Values in order.
#[derive(Debug)]
pub struct Distribution(Vec<f64>);

impl Distribution {
    /// Of these values, of which there is at least one.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>) -> Distribution {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        Distribution(values)
    }

    /// The value in the middle.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The range of the middle 80 %, if there is more than one value.
    #[must_use]
    pub fn middle(&self) -> String {
        if self.0.len() == 1 {
            return String::new();
        }
        format!("{:.2} - {:.2}", self.at(0.1), self.at(0.9))
    }

    /// The value that this share of them stays below.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    pub fn at(&self, share: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * share).round() as usize]
    }
}
