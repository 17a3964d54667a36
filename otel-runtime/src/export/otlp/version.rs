//! Which version of HTTP do we speak?

use super::stream::Speech;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    #[cfg(feature = "otlp-http")]
    Http1,
    #[cfg(feature = "otlp-grpc")]
    Http2,
}

impl Version {
    /// What is offered in TLS (ALPN); nothing means HTTP/1.1.
    pub(super) fn alpn(self) -> Vec<Vec<u8>> {
        match self {
            #[cfg(feature = "otlp-http")]
            Version::Http1 => Vec::new(),
            #[cfg(feature = "otlp-grpc")]
            Version::Http2 => vec![b"h2".to_vec()],
        }
    }

    pub(super) fn is(self, speech: Speech) -> bool {
        match self {
            #[cfg(feature = "otlp-http")]
            Version::Http1 => speech == Speech::Http1,
            #[cfg(feature = "otlp-grpc")]
            Version::Http2 => speech == Speech::Http2,
        }
    }
}
