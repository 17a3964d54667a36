//! Did an operation on messages fail?

use std::fmt::Display;

use crate::call::outcome::Failure;
use crate::instrumentation::failure::failure;

/// What an operation on messages may return: a `Result`, whose `Err` is recorded, or nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether an operation on messages has failed",
    label = "neither a `Result` nor `()`",
    note = "return a `Result` whose error implements `Display` and borrows nothing, or `()`"
)]
pub trait Outcome {
    /// What went wrong.
    #[doc(hidden)]
    fn failure(&self) -> Option<Failure<'_>>;
}

#[diagnostic::do_not_recommend]
impl<T, E: Display + 'static> Outcome for Result<T, E> {
    fn failure(&self) -> Option<Failure<'_>> {
        self.as_ref().err().map(failure)
    }
}

impl Outcome for () {
    fn failure(&self) -> Option<Failure<'_>> {
        None
    }
}
