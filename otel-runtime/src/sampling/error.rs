//! Why can a sampler not be made of these values?

use std::error::Error;
use std::fmt;

/// A value that a sampler cannot be made of.
///
/// The message names the field, the value and what to write instead:
///
/// ```
/// use otel_runtime::sampling::Probability;
///
/// let error = Probability::new(1.5).unwrap_err();
/// assert_eq!(error.field(), "ratio");
/// assert_eq!(error.to_string(), "ratio is 1.5: write a number from 2^-56 to 1, such as 0.25");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplerError {
    field: String,
    value: String,
    remedy: String,
}

impl SamplerError {
    pub(crate) fn new(field: &str, value: impl fmt::Display, remedy: impl Into<String>) -> Self {
        SamplerError { field: field.to_owned(), value: value.to_string(), remedy: remedy.into() }
    }

    /// The parameter that cannot be used, such as `ratio` or `rules[1].span_names[0]`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for SamplerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SamplerError { field, value, remedy } = self;
        write!(f, "{field} is {value}: {remedy}")
    }
}

impl Error for SamplerError {}
