//! What does a status of gRPC say?
//!
//! A backend, or a proxy in front of it, may write anything: parts that cannot be read are left out,
//! and the rest counts.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode;
use prost::Message;

/// A status, as far as it can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: Code,
    pub(super) message: String,
    /// After how long the request may be sent again.
    pub(super) retry_delay: Option<Duration>,
}

impl Status {
    /// The status in these headers or trailers, if they have one.
    pub(super) fn of(headers: &HeaderMap) -> Option<Status> {
        let bytes = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        let code = std::str::from_utf8(bytes("grpc-status")?).ok()?.trim().parse().ok()?;
        let message = percent_decode(bytes("grpc-message").unwrap_or_default());
        Some(Status {
            code: Code(code),
            message: message.decode_utf8_lossy().into_owned(),
            retry_delay: bytes("grpc-status-details-bin").and_then(retry_delay),
        })
    }
}

/// One of [these codes](https://grpc.io/docs/guides/status-codes/), or any other number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::export::otlp) struct Code(pub(in crate::export::otlp) u32);

impl Code {
    pub(in crate::export::otlp) const OK: Code = Code(0);
    pub(in crate::export::otlp) const CANCELLED: Code = Code(1);
    pub(in crate::export::otlp) const DEADLINE_EXCEEDED: Code = Code(4);
    pub(in crate::export::otlp) const PERMISSION_DENIED: Code = Code(7);
    pub(in crate::export::otlp) const RESOURCE_EXHAUSTED: Code = Code(8);
    pub(in crate::export::otlp) const ABORTED: Code = Code(10);
    pub(in crate::export::otlp) const OUT_OF_RANGE: Code = Code(11);
    pub(in crate::export::otlp) const UNIMPLEMENTED: Code = Code(12);
    pub(in crate::export::otlp) const UNAVAILABLE: Code = Code(14);
    pub(in crate::export::otlp) const DATA_LOSS: Code = Code(15);
    pub(in crate::export::otlp) const UNAUTHENTICATED: Code = Code(16);

    const NAMES: [&str; 17] = [
        "Ok",
        "Cancelled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated",
    ];
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMES.get(self.0 as usize) {
            Some(name) => f.write_str(name),
            None => write!(f, "gRPC status {}", self.0),
        }
    }
}

/// The delay of the `google.rpc.RetryInfo` among the details, if there is one.
fn retry_delay(details: &[u8]) -> Option<Duration> {
    /// `google.rpc.Status`
    #[derive(Message)]
    struct Details {
        #[prost(message, repeated, tag = "3")]
        details: Vec<Any>,
    }

    /// `google.protobuf.Any`
    #[derive(Message)]
    struct Any {
        #[prost(string, tag = "1")]
        type_url: String,
        #[prost(bytes = "vec", tag = "2")]
        value: Vec<u8>,
    }

    /// `google.rpc.RetryInfo`
    #[derive(Message)]
    struct RetryInfo {
        #[prost(message, optional, tag = "1")]
        retry_delay: Option<Delay>,
    }

    /// `google.protobuf.Duration`
    #[derive(Message)]
    struct Delay {
        #[prost(int64, tag = "1")]
        seconds: i64,
        #[prost(int32, tag = "2")]
        nanos: i32,
    }

    const BASE64: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );

    let details = Details::decode(BASE64.decode(details).ok()?.as_slice()).ok()?.details;
    let info = details.iter().find(|it| it.type_url.ends_with("/google.rpc.RetryInfo"))?;
    let delay = RetryInfo::decode(info.value.as_slice()).ok()?.retry_delay?;
    // A negative delay is in the past: send again at once.
    let seconds = Duration::from_secs(u64::try_from(delay.seconds).unwrap_or(0));
    let nanos = Duration::from_nanos(u64::try_from(delay.nanos).unwrap_or(0));
    Some(seconds.saturating_add(nanos))
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    fn status(headers: &[(&'static str, &[u8])]) -> Option<Status> {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value).expect("a value"))
        });
        Status::of(&headers.collect())
    }

    fn base64(bytes: &[u8]) -> Vec<u8> {
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes).into_bytes()
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_the_code_counts() {
        for (message, read) in [
            (&b"not%20now"[..], "not now"),
            (b"100%", "100%"),
            (b"%ff%", "\u{fffd}%"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
        ] {
            for details in [&b"!!!!"[..], b"AAA", b"\xff", b"", b"AAAA====", &base64(b"\xff\xff")] {
                let headers = [
                    ("grpc-status", &b"14"[..]),
                    ("grpc-message", message),
                    ("grpc-status-details-bin", details),
                ];
                let (code, message) = (Code::UNAVAILABLE, read.to_owned());
                let expected = Status { code, message, retry_delay: None };
                assert_eq!(status(&headers), Some(expected), "{details:?}");
            }
        }
    }

    #[test]
    fn a_code_is_a_number() {
        let code = |text: &[u8]| status(&[("grpc-status", text)]).map(|status| status.code);
        assert_eq!(code(b"0"), Some(Code::OK));
        assert_eq!(code(b"4294967295"), Some(Code(u32::MAX)));
        assert_eq!(format!("{:?}", Code(99)), "gRPC status 99");
        for text in [&b""[..], b"-1", b"OK", b"4294967296", b"\xff", b"1 4"] {
            assert_eq!(code(text), None, "{text:?}");
        }
        assert_eq!(status(&[]), None);
    }

    #[test]
    fn a_delay_may_be_any_number() {
        // `google.rpc.RetryInfo` with such a duration, in an `Any`, in a `google.rpc.Status`.
        let delay = |seconds: i64, nanos: i32| {
            let mut duration = Vec::new();
            prost::encoding::int64::encode(1, &seconds, &mut duration);
            prost::encoding::int32::encode(2, &nanos, &mut duration);
            let mut info = Vec::new();
            prost::encoding::bytes::encode(1, &duration, &mut info);
            let mut any = Vec::new();
            let url = "type.googleapis.com/google.rpc.RetryInfo".to_owned();
            prost::encoding::string::encode(1, &url, &mut any);
            prost::encoding::bytes::encode(2, &info, &mut any);
            let mut details = Vec::new();
            prost::encoding::bytes::encode(3, &any, &mut details);
            retry_delay(&base64(&details))
        };
        assert_eq!(delay(3, 5), Some(Duration::new(3, 5)));
        assert_eq!(delay(-3, -5), Some(Duration::ZERO));
        assert_eq!(delay(i64::MIN, i32::MIN), Some(Duration::ZERO));
        let longest = delay(i64::MAX, i32::MAX).expect("long");
        assert!(longest >= Duration::from_secs(i64::MAX.unsigned_abs()));
    }
}
