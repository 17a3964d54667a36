//! What does the status of a call say of its span?

use http::{HeaderMap, StatusCode, header, response};
use opentelemetry::trace::SpanKind;
use tonic::{Code, Status};

/// The status code that a call ended with. The name of the attribute is about to change: releases of the
/// conventions after 1.44 call it `rpc.status_code`.
pub(super) const STATUS_CODE: &str = "rpc.response.status_code";

/// The code as the conventions and gRPC's documents write it, such as `NOT_FOUND`.
pub(super) fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// Whether this code is an error for a span of this kind: for a client's, any code but `OK`; for a server's,
/// those that are the server's fault.
pub(super) fn is_error(kind: &SpanKind, code: Code) -> bool {
    match kind {
        SpanKind::Server => matches!(
            code,
            Code::Unknown
                | Code::DeadlineExceeded
                | Code::Unimplemented
                | Code::Internal
                | Code::Unavailable
                | Code::DataLoss
        ),
        _ => code != Code::Ok,
    }
}

/// The status in trailers, or in the head of a reply without a body. Not by [`Status::from_header_map`], which
/// panics at details that are no base64.
pub(super) fn in_headers(headers: &HeaderMap) -> Option<Code> {
    let status = headers.get(Status::GRPC_STATUS)?;
    Some(Code::from_bytes(status.as_bytes()))
}

/// Whether a status may follow in the trailers of a reply with this head.
pub(super) fn may_follow(head: &response::Parts) -> bool {
    is_grpc(&head.headers).unwrap_or(head.status == StatusCode::OK)
}

/// Whether the content type is that of gRPC, if there is one.
///
/// gRPC-Web does not count: its trailers are in the body, where the layers do not see them.
pub(super) fn is_grpc(headers: &HeaderMap) -> Option<bool> {
    const GRPC: &[u8] = b"application/grpc";
    let content_type = headers.get(header::CONTENT_TYPE)?.as_bytes();
    Some(content_type.split_at_checked(GRPC.len()).is_some_and(|(begins, rest)| {
        begins.eq_ignore_ascii_case(GRPC) && matches!(rest, [] | [b'+' | b';' | b' ', ..])
    }))
}

/// The status of a reply without a gRPC status, such as a proxy's, or one that was cut off.
/// [Mapping](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
pub(super) fn of_http(status: StatusCode) -> Code {
    match status {
        StatusCode::BAD_REQUEST => Code::Internal,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::Unimplemented,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Code::Unavailable,
        _ => Code::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn every_code() -> impl Iterator<Item = Code> {
        (0..=16).map(Code::from_i32)
    }

    #[test]
    fn a_client_fails_by_every_code_but_ok_and_a_server_by_its_own_faults() {
        let failing =
            |kind| every_code().filter(|code| is_error(&kind, *code)).map(name).collect::<Vec<_>>();
        assert_eq!(
            failing(SpanKind::Server),
            [
                "UNKNOWN",
                "DEADLINE_EXCEEDED",
                "UNIMPLEMENTED",
                "INTERNAL",
                "UNAVAILABLE",
                "DATA_LOSS"
            ]
        );
        assert_eq!(failing(SpanKind::Client).len(), 16);
        assert!(!is_error(&SpanKind::Client, Code::Ok));
    }

    #[test]
    fn a_status_that_is_no_number_is_unknown_and_never_a_panic() {
        let of = |status: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-status", HeaderValue::from_bytes(status).expect("allowed"));
            headers.insert("grpc-status-details-bin", HeaderValue::from_static("no base64 !"));
            in_headers(&headers).map(name)
        };
        assert_eq!(of(b"0"), Some("OK"));
        assert_eq!(of(b"16"), Some("UNAUTHENTICATED"));
        for odd in [&b"17"[..], b"-1", b"", b"four", b"05", "é".as_bytes(), &[b'9'; 10_000]] {
            assert_eq!(of(odd), Some("UNKNOWN"), "{odd:?}");
        }
        assert_eq!(in_headers(&HeaderMap::new()), None);
    }

    #[test]
    fn a_reply_without_a_status_is_what_http_says_of_it() {
        let table = [
            (400, "INTERNAL"),
            (401, "UNAUTHENTICATED"),
            (403, "PERMISSION_DENIED"),
            (404, "UNIMPLEMENTED"),
            (429, "UNAVAILABLE"),
            (502, "UNAVAILABLE"),
            (503, "UNAVAILABLE"),
            (504, "UNAVAILABLE"),
            (200, "UNKNOWN"),
            (500, "UNKNOWN"),
        ];
        for (http, grpc) in table {
            assert_eq!(name(of_http(StatusCode::from_u16(http).expect("valid"))), grpc, "{http}");
        }
    }
}
