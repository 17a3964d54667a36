//! Prices, for whoever sells something.

use std::fmt;

use otel_runtime::traced;

/// Why there is no price.
#[derive(Debug, PartialEq, Eq)]
pub enum PriceError {
    /// Nothing was ordered.
    NothingOrdered,
    /// The total is more than the currency can express.
    TooMuch,
}

impl fmt::Display for PriceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PriceError::NothingOrdered => "nothing was ordered",
            PriceError::TooMuch => "more than the currency can express",
        })
    }
}

impl std::error::Error for PriceError {}

/// What `quantity` pieces cost, in cents.
///
/// # Errors
///
/// If there is nothing to pay for, or more than there is a price for.
#[traced(attrs(quantity))]
pub fn quote(quantity: u32, cents_each: u32) -> Result<u32, PriceError> {
    if quantity == 0 {
        return Err(PriceError::NothingOrdered);
    }
    let total = quantity.checked_mul(cents_each).ok_or(PriceError::TooMuch)?;
    Ok(total - discount(quantity, total))
}

/// A tenth off from ten pieces on.
#[traced]
fn discount(quantity: u32, total: u32) -> u32 {
    if quantity < 10 { 0 } else { total / 10 }
}
