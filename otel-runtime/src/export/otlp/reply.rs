//! What did the backend say?

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;

use crate::export::Exported;

/// How much of a backend's text is repeated.
const MAX_TEXT: usize = 200;

/// What became of a request that was taken, by the reply in protobuf. One that cannot be read takes
/// nothing back.
pub(super) fn taken(reply: &[u8]) -> Exported {
    let partial =
        ExportTraceServiceResponse::decode(reply).ok().and_then(|reply| reply.partial_success);
    partial.map_or_else(Exported::default, |partial| {
        rejected(partial.rejected_spans, &partial.error_message)
    })
}

/// That the backend did not take so many of the spans.
pub(super) fn rejected(spans: i64, why: &str) -> Exported {
    Exported {
        rejected: u64::try_from(spans).unwrap_or(0),
        failed: 0,
        why: Some(with_text("refused by the backend", why)),
    }
}

/// `what`, and the beginning of the text that the backend sent with it, in one line.
pub(super) fn with_text(what: &str, text: &str) -> String {
    let text: String =
        text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let text = text.trim();
    if text.is_empty() {
        return what.to_owned();
    }
    let mut excerpt: String = text.chars().take(MAX_TEXT).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    format!("{what}: {excerpt}")
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
        let exported = taken(&reply(3, "too old"));
        assert_eq!(exported.rejected, 3);
        assert_eq!(exported.why.as_deref(), Some("refused by the backend: too old"));
        assert_eq!(taken(&reply(-3, "")).rejected, 0);
    }

    #[test]
    fn a_reply_that_cannot_be_read_takes_nothing_back() {
        for reply in [&b""[..], b"<html>", b"\xff\xff"] {
            assert_eq!(taken(reply), Exported::default());
        }
    }

    #[test]
    fn a_text_is_short_and_one_line() {
        assert_eq!(with_text("500", ""), "500");
        assert_eq!(with_text("500", " \n"), "500");
        assert_eq!(with_text("500", "a\r\nb\u{1b}[1m\n"), "500: a  b [1m");
        let long = with_text("500", &"é".repeat(1000));
        assert_eq!(long.chars().count(), "500: ".len() + MAX_TEXT + 1);
    }
}
