//! Why did a client get no response?
//!
//! `error.type` is one of few words, however the libraries between the program and the network call it.

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::call::outcome::Failure;
use crate::process::unwind::caught;

/// How many causes are looked at: a chain of `source()` may have no end.
const MAX_CAUSES: usize = 32;

/// `failure` with `timeout` or `connection_error` as its `error.type`, if the error or one of its causes says that
/// it was one of those.
pub(crate) fn with_kind<'a>(
    failure: Failure<'a>,
    error: Option<&(dyn Error + 'static)>,
) -> Failure<'a> {
    // `source` of an error of the program's may panic.
    match error.and_then(|error| caught(|| kind(error)).ok().flatten()) {
        Some(kind) => failure.of_type(kind),
        None => failure,
    }
}

fn kind(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let reasons: Vec<Reason> = chain(error).map(reason).collect();
    // The body of the request is the program's own, and may come from another connection.
    let own = reasons.iter().take_while(|reason| **reason != Reason::Body);
    if own.clone().any(|reason| *reason == Reason::Timeout) {
        Some("timeout")
    } else if own.clone().any(|reason| *reason == Reason::Connection) {
        Some("connection_error")
    } else {
        None
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Nothing came in time: no connection, or no response.
    Timeout,
    /// There is no connection, be it for a name, an address, a certificate or a peer, or it is lost.
    Connection,
    /// The program failed to make the body of the request.
    Body,
    Other,
}

fn reason(error: &(dyn Error + 'static)) -> Reason {
    let of_io = error.downcast_ref::<io::Error>().map(|error| of_io(error.kind()));
    of_io.or_else(|| of_hyper(error)).or_else(|| of_reqwest(error)).unwrap_or_else(|| {
        // The errors of tower's and tokio's time limits, whose crates need not be there.
        let is_elapsed = matches!(&*format!("{error:?}"), "Elapsed" | "Elapsed(())");
        if is_elapsed { Reason::Timeout } else { Reason::Other }
    })
}

fn of_io(kind: ErrorKind) -> Reason {
    match kind {
        ErrorKind::TimedOut => Reason::Timeout,
        ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown => Reason::Connection,
        _ => Reason::Other,
    }
}

fn of_hyper(error: &(dyn Error + 'static)) -> Option<Reason> {
    if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
        return Some(if error.is_connect() { Reason::Connection } else { Reason::Other });
    }
    let error = error.downcast_ref::<hyper::Error>()?;
    Some(if error.is_user() {
        Reason::Body
    } else if error.is_timeout() {
        Reason::Timeout
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Reason::Connection
    } else {
        Reason::Other
    })
}

#[cfg(feature = "reqwest")]
fn of_reqwest(error: &(dyn Error + 'static)) -> Option<Reason> {
    let error = error.downcast_ref::<reqwest::Error>()?;
    Some(if error.is_timeout() {
        Reason::Timeout
    } else if error.is_connect() {
        Reason::Connection
    } else {
        Reason::Other
    })
}

#[cfg(not(feature = "reqwest"))]
fn of_reqwest(_error: &(dyn Error + 'static)) -> Option<Reason> {
    None
}

/// The error and its causes. An `io::Error` that wraps another error passes over it in its `source`.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inside) => Some(inside),
            None => error.source(),
        }
    })
    .take(MAX_CAUSES)
}
