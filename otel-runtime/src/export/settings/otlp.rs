//! Where does OTLP go, and how? These settings are checked.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Uri};

/// How OTLP is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// gRPC over HTTP/2, by default to port 4317; `grpc`. Needs the Cargo feature `otlp-grpc`.
    Grpc,
    /// Protobuf over HTTP/1.1, by default to port 4318; `http/protobuf`, the default. Needs the
    /// Cargo feature `otlp-http`.
    HttpProtobuf,
    /// JSON over HTTP/1.1, otherwise as [`HttpProtobuf`](Protocol::HttpProtobuf), of which it is a
    /// larger and slower form; `http/json`.
    HttpJson,
}

/// What is sent: each signal has a path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Traces,
    Metrics,
}

/// As in the paths of OTLP.
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Traces => "traces",
            Signal::Metrics => "metrics",
        })
    }
}

/// A backend, and how to reach it.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a protocol there is always a problem with it")
)]
pub(crate) struct Otlp {
    pub(crate) signal: Signal,
    pub(crate) protocol: Protocol,
    /// With scheme and host; over HTTP, the whole URL.
    pub(crate) endpoint: Uri,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// Marked as sensitive, so that `Debug` shows no value.
    pub(crate) headers: HeaderMap,
    pub(crate) compression: Compression,
    pub(crate) tls: Tls,
    pub(crate) proxy: Option<Proxy>,
}

/// How the requests of OTLP are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all; `none`, the default.
    #[default]
    None,
    /// By gzip, which every backend understands; `gzip`.
    Gzip,
    /// By zstd, which is faster and smaller, where the backend understands it; `zstd`. Needs the
    /// Cargo feature `zstd`.
    Zstd,
}

/// Which certificates OTLP trusts, and which one it shows; in PEM.
#[derive(Clone, Default)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a protocol there is nobody to trust")
)]
pub(crate) struct Tls {
    /// Certificates to trust, in place of the system's.
    pub(crate) roots: Option<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
}

/// The certificate that this program shows, and its key.
#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a protocol there is nobody to tell")
)]
pub(crate) struct Identity {
    /// The certificate, and the intermediate ones up to a root.
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// The proxy that requests go through.
#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "nothing is sent")
)]
pub(crate) struct Proxy {
    /// Without user and password.
    pub(crate) uri: Uri,
    pub(crate) authorization: Option<HeaderValue>,
}

impl Otlp {
    /// Where requests go, and by which protocol. The query, which may hold a key, is left out.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) fn url(&self) -> String {
        let path = match self.protocol {
            Protocol::Grpc => "",
            Protocol::HttpProtobuf | Protocol::HttpJson => self.endpoint.path(),
        };
        let proxy = self.proxy.as_ref();
        let through = proxy.map(|it| format!(", through the proxy {}", it.address()));
        format!("{}{path} ({}{})", self.address(), self.protocol, through.unwrap_or_default())
    }

    /// Scheme, host and port, which may be shown.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) fn address(&self) -> String {
        let endpoint = &self.endpoint;
        let authority = endpoint.authority().map_or("", |authority| authority.as_str());
        format!("{}://{authority}", endpoint.scheme_str().unwrap_or("http"))
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
impl Proxy {
    /// Scheme, host and port.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.uri.authority().map_or("", |authority| authority.as_str()))
    }
}

/// Whether a host is this machine itself, as `localhost` is.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host.trim_end_matches('.').eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// As it is written in `OTEL_EXPORTER_OTLP_PROTOCOL`.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Protocol::Grpc => "grpc",
            Protocol::HttpProtobuf => "http/protobuf",
            Protocol::HttpJson => "http/json",
        })
    }
}

/// As it is written in `OTEL_EXPORTER_OTLP_COMPRESSION`.
impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        })
    }
}

/// Shows no key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Shows no password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.uri).finish()
    }
}
