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
    /// What TLS is to agree on; without anything, it is HTTP/1.1.
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
