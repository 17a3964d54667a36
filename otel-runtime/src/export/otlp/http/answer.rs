//! What does a reply by HTTP mean?

use std::time::SystemTime;

use http::header::{CONTENT_TYPE, LOCATION};
use http::response::Parts;
use http::{HeaderMap, HeaderName, StatusCode};
use prost::Message;

use crate::export::otlp::excerpt::with_text;
use crate::export::otlp::failure::{Failure, Verdict, of_status};
use crate::export::otlp::reply::{self, Taken};
use crate::export::otlp::retry_after::retry_after;
use crate::export::otlp::{json, mistakes};

/// What the reply to a request to this path means.
pub(super) fn answered(head: &Parts, body: &[u8], path: &str) -> Result<Taken, Failure> {
    let status = head.status;
    if status.is_success() {
        return match Form::of(&head.headers) {
            Form::Unsaid | Form::Protobuf => Ok(Taken::of(body)),
            Form::Json => Ok(json::taken(body)),
            Form::Other => Err(reply::no_backend(&head.headers)),
        };
    }
    let what = format!("the backend answered {status}");
    if status.is_redirection() {
        let location = text(&head.headers, LOCATION);
        let why = with_text(&format!("{what}, which is not followed"), location);
        return Err(Failure::new(Verdict::Final, why));
    }
    let text = message(&head.headers, body);
    let what = if status == StatusCode::NOT_FOUND { format!("{what} at {path}") } else { what };
    let failure = Failure::new(verdict(head, &text), with_text(&what, &text));
    Err(match mistakes::of_status(status, path, &text) {
        Some(mistake) => failure.after(&mistake),
        None => failure,
    })
}

fn verdict(head: &Parts, text: &str) -> Verdict {
    // These are the words of the Collector.
    if head.status == StatusCode::BAD_REQUEST && text.contains("request body too large") {
        return Verdict::TooLarge;
    }
    of_status(head.status, retry_after(&head.headers, SystemTime::now()))
}

/// The text of an error. The body should be a `google.rpc.Status`, but a proxy may send anything.
fn message(headers: &HeaderMap, body: &[u8]) -> String {
    #[derive(Message)]
    struct Status {
        #[prost(string, tag = "2")]
        message: String,
    }

    let message = match Form::of(headers) {
        Form::Protobuf => Status::decode(body).ok().map(|status| status.message),
        Form::Json => json::message(body),
        Form::Unsaid | Form::Other => None,
    };
    message.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
}

/// The format of a body, by its `content-type`.
enum Form {
    Unsaid,
    Protobuf,
    Json,
    Other,
}

impl Form {
    fn of(headers: &HeaderMap) -> Form {
        match text(headers, CONTENT_TYPE).to_ascii_lowercase().as_str() {
            "" => Form::Unsaid,
            it if it.contains("protobuf") => Form::Protobuf,
            it if it.contains("json") => Form::Json,
            _ => Form::Other,
        }
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
