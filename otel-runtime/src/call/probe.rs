//! How does an expansion inspect a value whose type it cannot know?

use std::convert::Infallible;

/// Inspects a value whose type an expansion cannot know. It relies on the order of method lookup: methods
/// of the type itself come before those of a trait, and a trait for `&Probe` before one for `Probe`.
pub struct Probe<'a, T: ?Sized>(pub &'a T);

impl<'a, T, E> Probe<'a, Result<T, E>> {
    /// The error of a `core::result::Result`.
    #[must_use]
    pub fn __otel_error(&self) -> Option<&'a E> {
        self.0.as_ref().err()
    }

    /// The value of a `core::result::Result`.
    #[must_use]
    pub fn __otel_returned(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// Any other type that is called `Result` has no error to record.
pub trait NotAResult<'a, T: ?Sized> {
    /// Nothing.
    fn __otel_error(&self) -> Option<&'static Infallible> {
        None
    }

    /// The value itself.
    fn __otel_returned(&self) -> Option<&'a T>;
}

impl<'a, T: ?Sized> NotAResult<'a, T> for Probe<'a, T> {
    fn __otel_returned(&self) -> Option<&'a T> {
        Some(self.0)
    }
}
