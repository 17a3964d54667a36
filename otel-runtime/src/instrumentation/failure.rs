//! What is known of an error whose type only the program knows?

use std::any::Any;
use std::error::Error;
use std::fmt::Display;

use crate::call::causes::Facts;
use crate::call::outcome::Failure;
use crate::span::value::Value;

/// An error as a layer gets it. Behind a `Box<dyn Error>` or `axum::Error`, the error inside is described.
pub(crate) fn failure<E: Display + 'static>(error: &E) -> Failure<'_> {
    let failure = Failure::new(error, Value::Display(error));
    match erased(error) {
        Some(error) => failure.about(Facts::Erased(error)).with_causes(),
        None => failure,
    }
}

fn erased(error: &dyn Any) -> Option<&(dyn Error + 'static)> {
    if let Some(error) = error.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return Some(&**error);
    }
    #[cfg(feature = "axum")]
    if let Some(error) = error.downcast_ref::<axum::Error>() {
        return error.source().or(Some(error));
    }
    None
}
