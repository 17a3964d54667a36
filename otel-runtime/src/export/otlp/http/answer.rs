//! What does a reply by HTTP mean?

use std::time::SystemTime;

use http::header::{CONTENT_TYPE, LOCATION};
use http::response::Parts;
use http::{HeaderMap, HeaderName};
use prost::Message;

use super::retry_after::retry_after;
use crate::export::Exported;
use crate::export::otlp::failure::{Failure, Verdict, of_status};
use crate::export::otlp::{json, reply};

pub(super) fn answered(head: &Parts, body: &[u8]) -> Result<Exported, Failure> {
    let status = head.status;
    if status.is_success() {
        let is_json = text(&head.headers, CONTENT_TYPE).contains("json");
        return Ok(if is_json { json::taken(body) } else { reply::taken(body) });
    }
    let what = format!("the backend answered {status}");
    if status.is_redirection() {
        let location = text(&head.headers, LOCATION);
        let why = reply::with_text(&format!("{what}, which is not followed"), location);
        return Err(Failure::new(Verdict::Final, why));
    }
    let verdict = of_status(status, retry_after(&head.headers, SystemTime::now()));
    Err(Failure::new(verdict, reply::with_text(&what, &message(&head.headers, body))))
}

/// The text of an error, which is to be a `google.rpc.Status`, and is anything at all on the way.
fn message(headers: &HeaderMap, body: &[u8]) -> String {
    #[derive(Message)]
    struct Status {
        #[prost(string, tag = "2")]
        message: String,
    }

    let content_type = text(headers, CONTENT_TYPE);
    let message = if content_type.contains("protobuf") {
        Status::decode(body).ok().map(|status| status.message)
    } else if content_type.contains("json") {
        json::message(body)
    } else {
        None
    };
    message.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
