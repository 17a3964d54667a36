//! Which mistake in the settings does a failure look like, and what should be set instead?

use http::StatusCode;

use super::stream::Speech;
use super::version::Version;

/// The peer speaks another protocol (TLS or none, HTTP/2 or HTTP/1.1), or hung up without a word.
pub(super) fn of_speech(is_tls: bool, ours: Version, theirs: Speech) -> Option<String> {
    let tls = |to: &str| format!("begin OTEL_EXPORTER_OTLP_ENDPOINT with {to}://");
    match theirs {
        Speech::Tls if is_tls => None,
        Speech::Tls => {
            let remedy = tls("https");
            Some(format!("TLS is spoken there: {remedy}, or name the port that is not for TLS"))
        }
        Speech::Http1 | Speech::Http2 | Speech::Other if is_tls => {
            let remedy = tls("http");
            Some(format!("no TLS is spoken there: {remedy}, or name the port that is for TLS"))
        }
        Speech::Http1 | Speech::Http2 if ours.is(theirs) => None,
        Speech::Http1 | Speech::Http2 | Speech::Other => Some(of_version(ours)),
        Speech::Nothing => {
            let (remedy, with) = (version(ours), if is_tls { "without" } else { "with" });
            let scheme = tls(if is_tls { "http" } else { "https" });
            Some(format!(
                "it hung up without a word: {remedy}; if the port is {with} TLS, {scheme}"
            ))
        }
    }
}

/// The peer speaks another version of HTTP.
pub(super) fn of_version(ours: Version) -> String {
    let what = match ours {
        #[cfg(feature = "otlp-http")]
        Version::Http1 => "gRPC, or something else than HTTP/1.1, is spoken there",
        #[cfg(feature = "otlp-grpc")]
        Version::Http2 => "HTTP/1.1, or something else than gRPC, is spoken there",
    };
    format!("{what}: {}", version(ours))
}

fn version(ours: Version) -> &'static str {
    match ours {
        #[cfg(feature = "otlp-http")]
        Version::Http1 => {
            "set OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or name the port that is for HTTP, by default 4318"
        }
        #[cfg(feature = "otlp-grpc")]
        Version::Http2 => {
            "set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or name the port that is for gRPC, by \
             default 4317"
        }
    }
}

/// What this HTTP status, in reply to a request to this path, says about the settings.
#[cfg(feature = "otlp-http")]
pub(super) fn of_status(status: StatusCode, path: &str, text: &str) -> Option<String> {
    match status {
        StatusCode::NOT_FOUND => of_path(path).map(str::to_owned),
        // These are the words of servers in Go, and of nginx.
        StatusCode::BAD_REQUEST if text.contains("HTTP request") && text.contains("HTTPS") => {
            of_speech(false, Version::Http1, Speech::Tls)
        }
        _ => of_refusal(status).map(str::to_owned),
    }
}

#[cfg(feature = "otlp-http")]
fn of_path(path: &str) -> Option<&'static str> {
    if path.contains("/v1/traces/v1/traces") {
        return Some(
            "/v1/traces is there twice: leave it out of OTEL_EXPORTER_OTLP_ENDPOINT, or write the whole \
             URL into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        );
    }
    (!path.ends_with("/v1/traces")).then_some(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is: most backends want /v1/traces at its end",
    )
}

/// The proxy did not let us through.
pub(super) fn of_proxy(address: &str) -> String {
    format!(
        "not through the proxy {address}: HTTP_PROXY, HTTPS_PROXY and ALL_PROXY name it, NO_PROXY the hosts \
         that it is not for"
    )
}

/// For a status that says that a key is missing or wrong.
pub(super) fn of_refusal(status: StatusCode) -> Option<&'static str> {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN).then_some(KEY)
}

pub(super) const KEY: &str = "the key that it wants goes into OTEL_EXPORTER_OTLP_HEADERS";

/// The backend does not know the gRPC method.
#[cfg(feature = "otlp-grpc")]
pub(super) const NO_SERVICE: &str =
    "it speaks gRPC and takes no traces: name the address of a backend that does";
