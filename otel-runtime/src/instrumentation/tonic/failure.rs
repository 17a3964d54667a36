//! Which code does an error stand for?

use std::any::{Any, type_name};
use std::error::Error;

use tonic::{Code, Status, TimeoutExpired};

use super::call::{Call, Failure, Why};
use crate::call::causes::Facts;
use crate::call::outcome;
use crate::span::value::Value;

/// An error of any kind, as tonic passes it on.
pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// The end of a call: server or client. It decides what becomes of an error there.
pub trait End<E>: sealed::Sealed {
    /// The error that the caller of the layer gets.
    type Error;

    #[doc(hidden)]
    fn fail(call: &mut CallOf<'_>, error: E) -> Self::Error;
}

/// The server's end: an error of the service inside is handed on as it is.
#[derive(Clone, Copy, Debug)]
pub enum ServerEnd {}

/// The client's end: an error becomes the [`Status`] that tonic's client would make of it anyway.
#[derive(Clone, Copy, Debug)]
pub enum ClientEnd {}

/// A call that fails.
#[doc(hidden)]
pub struct CallOf<'a>(pub(super) &'a mut Call);

impl<E: 'static> End<E> for ServerEnd {
    type Error = E;

    fn fail(call: &mut CallOf<'_>, error: E) -> E {
        call.0.fail(|| of_any(&error));
        error
    }
}

impl<E: Into<BoxError>> End<E> for ClientEnd {
    type Error = Status;

    fn fail(call: &mut CallOf<'_>, error: E) -> Status {
        let status = Status::from_error(error.into());
        // No status of the server's comes this way, so nothing else says what happened. It is told as the
        // caller gets it, so that the caller's span needs no event of its own.
        call.0.fail(|| {
            let error = outcome::Failure::new(&status, Value::Display(&status));
            let error = error.about(Facts::Typed(&status)).with_causes();
            Failure { why: Why::Status(of_status(&status)), error: Some(error) }
        });
        status
    }
}

/// The code of a status. If a time limit is over, tonic's code is `Cancelled`; ours is `DEADLINE_EXCEEDED`.
fn of_status(status: &Status) -> Code {
    let expired = |error: &(dyn Error + 'static)| error.is::<TimeoutExpired>();
    if causes(status).any(expired) { Code::DeadlineExceeded } else { status.code() }
}

/// What can be found out about an error of any type.
fn of_any<E: 'static>(error: &E) -> Failure<'_> {
    let any: &dyn Any = error;
    let error: Option<&(dyn Error + 'static)> = if let Some(status) = any.downcast_ref::<Status>() {
        Some(status)
    } else {
        any.downcast_ref::<BoxError>().map(|error| &**error as _)
    };
    let Some(error) = error else {
        return Failure { why: Why::Type(type_name::<E>()), error: None };
    };
    let mut codes = causes(error).filter_map(|cause| {
        let expired = cause.is::<TimeoutExpired>().then_some(Code::DeadlineExceeded);
        expired.or_else(|| cause.downcast_ref().map(of_status))
    });
    let why = codes.next().map_or(Why::Type("_OTHER"), Why::Status);
    let told = outcome::Failure::new(error, Value::Display(error));
    Failure { why, error: Some(told.about(Facts::Erased(error)).with_causes()) }
}

/// An error and its causes, 32 at most, in case they form a circle.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let cause = |error: &&'a (dyn Error + 'static)| (*error).source();
    std::iter::successors(Some(error), cause).take(32)
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ServerEnd {}
    impl Sealed for super::ClientEnd {}
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;

    use super::*;

    #[derive(Debug)]
    struct Behind(Status);

    impl fmt::Display for Behind {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a layer of the program's own")
        }
    }

    impl Error for Behind {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_status_is_found_wherever_an_error_of_a_server_has_it() {
        let status = || Status::resource_exhausted("no more");
        let boxed: [BoxError; 2] = [Box::new(status()), Box::new(Behind(status()))];

        assert_eq!(of_any(&status()).why, Why::Status(Code::ResourceExhausted));
        for error in boxed {
            assert_eq!(of_any(&error).why, Why::Status(Code::ResourceExhausted), "{error}");
        }
    }

    #[test]
    fn an_error_without_a_status_is_told_by_its_type() {
        let error = || io::Error::other("a disk");

        assert_eq!(of_any(&error()).why, Why::Type("std::io::error::Error"));
        // The box does not tell which type is in it.
        assert_eq!(of_any::<BoxError>(&error().into()).why, Why::Type("_OTHER"));
    }
}
