//! What did the backend say?

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;

use super::excerpt::with_text;
use super::failure::{Failure, Verdict};
use super::warnings::Warnings;
use crate::export::Exported;

/// What a backend says about a request that it took.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// How many of its spans it refused.
    rejected: u64,
    /// Why it refused them, or what else it has to say.
    text: String,
}

impl Taken {
    pub(super) fn new(rejected: i64, text: String) -> Self {
        Taken { rejected: u64::try_from(rejected).unwrap_or(0), text }
    }

    /// Reads a reply in protobuf; that to metrics has the same fields. If it cannot be read, the request was taken all the same.
    pub(super) fn of(reply: &[u8]) -> Self {
        let partial =
            ExportTraceServiceResponse::decode(reply).ok().and_then(|reply| reply.partial_success);
        partial.map_or_else(Taken::default, |partial| {
            Taken::new(partial.rejected_spans, partial.error_message)
        })
    }

    /// What became of the spans. If all were taken, the text is a warning.
    pub(super) fn settle(self, warnings: &Warnings) -> Exported {
        let Taken { rejected, text } = self;
        if rejected > 0 {
            let why = Some(with_text("refused by the backend", &text));
            return Exported { rejected, failed: 0, why };
        }
        if !text.is_empty() {
            warnings.tell(&text);
        }
        Exported::default()
    }
}

/// The failure if the reply comes from something that takes no spans, such as a sign-in page: its body
/// is neither protobuf nor JSON.
pub(super) fn no_backend(headers: &HeaderMap) -> Failure {
    let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    let what = "no OTLP backend is there: the answer is of another type";
    Failure::new(Verdict::Final, with_text(what, &String::from_utf8_lossy(content_type)))
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    use super::*;

    fn reply(rejected_spans: i64, error_message: &str) -> Vec<u8> {
        let error_message = error_message.to_owned();
        let partial_success = Some(ExportTracePartialSuccess { rejected_spans, error_message });
        ExportTraceServiceResponse { partial_success }.encode_to_vec()
    }

    #[test]
    fn a_partial_success_says_how_many_and_why() {
        let settle = |taken: Taken| taken.settle(&Warnings::new("http://backend".to_owned()));
        let exported = settle(Taken::of(&reply(3, "too old")));
        assert_eq!(exported.rejected, 3);
        assert_eq!(exported.why.as_deref(), Some("refused by the backend: too old"));
        for (rejected, text) in [(0, "old form"), (0, ""), (-3, "odd")] {
            assert_eq!(settle(Taken::of(&reply(rejected, text))), Exported::default());
        }
    }

    #[test]
    fn a_reply_that_cannot_be_read_takes_nothing_back() {
        for reply in [&b""[..], b"<html>", b"\xff\xff"] {
            assert_eq!(Taken::of(reply), Taken::default());
        }
    }
}
