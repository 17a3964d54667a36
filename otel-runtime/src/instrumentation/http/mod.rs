//! What do the HTTP conventions say of a request?
//!
//! By version 1.44 of the [conventions for HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/),
//! for servers and clients, whatever carries the request.

#[cfg(feature = "tower")]
pub(crate) mod captured;
pub(crate) mod host;
pub(crate) mod method;
pub(crate) mod status;
pub(crate) mod unanswered;
pub(crate) mod url;

use http::Version;

/// How many bytes are recorded of a text whose length the peer chooses, such as a path or a query.
pub(crate) const MAX_TEXT: usize = 8 * 1024;

/// `network.protocol.version`
pub(crate) fn protocol_version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_09 => Some("0.9"),
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}
