//! What does a reply by gRPC mean?

use std::time::SystemTime;

use http::header::CONTENT_TYPE;
use http::response::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::message::Incoming;
use super::status::{Code, Status};
use crate::export::otlp::excerpt::with_text;
use crate::export::otlp::failure::{Failure, Verdict, of_code, of_status};
use crate::export::otlp::mistakes;
use crate::export::otlp::reply::{self, Taken};
use crate::export::otlp::retry_after::retry_after;

/// Whether the reply is one of gRPC. A reply with a `grpc-status` is, whatever its `content-type`.
pub(super) fn is_of_grpc(head: &Parts) -> bool {
    let content_type = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    Status::of(&head.headers).is_some()
        || (head.status == StatusCode::OK
            && content_type.is_none_or(|it| it.starts_with(b"application/grpc")))
}

/// Why a reply that is none of gRPC is a failure: it comes from a proxy, or from another kind of
/// server.
pub(super) fn foreign(head: &Parts, text: &[u8]) -> Failure {
    if head.status.is_success() {
        return reply::no_backend(&head.headers);
    }
    let verdict = of_status(head.status, retry_after(&head.headers, SystemTime::now()));
    let what = format!("the backend answered {}", head.status);
    let failure = Failure::new(verdict, with_text(&what, &String::from_utf8_lossy(text)));
    match mistakes::of_refusal(head.status) {
        Some(mistake) => failure.after(mistake),
        None => failure,
    }
}

/// A reply, as far as it was read: to its end, or until there was no more time.
pub(super) struct Answer {
    pub(super) head: HeaderMap,
    pub(super) message: Incoming,
    pub(super) trailers: Option<HeaderMap>,
}

impl Answer {
    pub(super) fn meaning(&self) -> Result<Taken, Failure> {
        let in_trailers = self.trailers.as_ref().and_then(Status::of);
        match in_trailers.or_else(|| Status::of(&self.head)) {
            Some(status) if status.code != Code::OK => Err(failed(&status)),
            // A backend that has begun to send its message has taken the request, even if no status
            // comes.
            None if !self.message.has_begun() => Err(Failure::new(
                Verdict::Final,
                "the backend answered without a status of gRPC".to_owned(),
            )),
            Some(_) | None => Ok(self.message.whole().map_or_else(Taken::default, Taken::of)),
        }
    }
}

fn failed(status: &Status) -> Failure {
    let verdict = if is_too_large(status) {
        Verdict::TooLarge
    } else {
        of_code(status.code, status.retry_delay)
    };
    let what = format!("the backend answered {:?}", status.code);
    let failure = Failure::new(verdict, with_text(&what, &status.message));
    match status.code {
        Code::UNIMPLEMENTED => failure.after(mistakes::NO_SERVICE),
        Code::UNAUTHENTICATED | Code::PERMISSION_DENIED => failure.after(mistakes::KEY),
        _ => failure,
    }
}

/// Whether the request was refused as too large. There is no status code for it, so this looks for the
/// words of gRPC servers: those in Go (which the Collector uses), in C++ and the languages that build
/// on it, in Java, .NET and Rust.
fn is_too_large(status: &Status) -> bool {
    const WORDS: [&str; 5] = [
        "larger than max",
        "exceeds maximum size",
        "exceeds the maximum",
        "message too large",
        "message length too large",
    ];
    let message = status.message.to_ascii_lowercase();
    // A backend that says when to send the request again does not mean that it is too large.
    status.retry_delay.is_none()
        && matches!(status.code, Code::RESOURCE_EXHAUSTED | Code::OUT_OF_RANGE)
        && WORDS.iter().any(|words| message.contains(words))
}
