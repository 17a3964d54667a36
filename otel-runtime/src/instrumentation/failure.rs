//! What is known of an error whose type only the program knows?

use std::any::Any;
use std::error::Error;
use std::fmt::Display;
use std::io;

use crate::call::causes::Facts;
use crate::call::outcome::Failure;
use crate::span::value::Value;

/// An error as a layer gets it: with its causes, if its type is one that services have, and without them otherwise.
/// Behind a `Box<dyn Error>` or `axum::Error`, the error inside is described.
pub(crate) fn failure<E: Display + 'static>(error: &E) -> Failure<'_> {
    let failure = Failure::new(error, Value::Display(error));
    let facts = match (erased(error), typed(error)) {
        (Some(inside), _) => Facts::Erased(inside),
        (None, Some(error)) => Facts::Typed(error),
        (None, None) => return failure,
    };
    failure.about(facts).with_causes()
}

/// The error as one that can be asked for its causes, if its type is one that services have.
#[cfg_attr(
    not(feature = "tower"),
    allow(dead_code, reason = "only a request is told why it was not answered")
)]
pub(crate) fn as_error<E: 'static>(error: &E) -> Option<&(dyn Error + 'static)> {
    erased(error).or_else(|| typed(error))
}

/// The error behind a type that may hold any.
fn erased(error: &dyn Any) -> Option<&(dyn Error + 'static)> {
    if let Some(error) = error.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return Some(&**error);
    }
    if let Some(error) = error.downcast_ref::<Box<dyn Error + Send>>() {
        return Some(&**error);
    }
    if let Some(error) = error.downcast_ref::<Box<dyn Error>>() {
        return Some(&**error);
    }
    #[cfg(feature = "axum")]
    if let Some(error) = error.downcast_ref::<axum::Error>() {
        return error.source().or(Some(error));
    }
    None
}

/// An error of a client or of a body.
fn typed(error: &dyn Any) -> Option<&(dyn Error + 'static)> {
    macro_rules! first_of {
        ($($ty:ty)*) => {
            $(if let Some(error) = error.downcast_ref::<$ty>() {
                return Some(error);
            })*
        };
    }
    first_of! { io::Error }
    #[cfg(feature = "tower")]
    first_of! { hyper_util::client::legacy::Error hyper::Error }
    #[cfg(feature = "reqwest")]
    first_of! { reqwest::Error }
    None
}
