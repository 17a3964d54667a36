//! Where does OTLP go, and how?
//!
//! Specification: [OTLP exporter configuration](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).

use std::path::PathBuf;
use std::time::Duration;

use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::compression;
use super::durations;
use super::problems::Problems;
use super::proxies::Proxies;
use super::settings::{Endpoint, OtlpSettings};
use super::source::{Given, Source};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::tls;
use crate::export::settings::{Otlp, Protocol, Signal};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn resolve(
    settings: OtlpSettings,
    signal: Signal,
    system_roots: Option<&Given<PathBuf>>,
    proxies: &Proxies,
    problems: &mut Problems,
) -> Option<Otlp> {
    let OtlpSettings { endpoint, protocol, timeout, headers, compression, tls, insecure } =
        settings;
    let protocol = self::protocol(protocol, problems);
    let insecure = insecure.is_some_and(|given| given.value);
    let endpoint = self::endpoint(endpoint, signal, protocol, insecure, problems);
    let timeout = durations::timeout(timeout, DEFAULT_TIMEOUT, problems);
    let compression = compression::resolve(compression.as_ref(), problems);
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    let tls = {
        let is_secure = endpoint.as_ref().and_then(Uri::scheme) == Some(&Scheme::HTTPS);
        let has_roots = tls.certificate.is_some();
        if let Some(roots) = system_roots.filter(|_| is_secure && !has_roots) {
            tls::check_system_roots(roots, problems);
        }
        tls::resolve(tls, problems)
    };
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    let proxy = endpoint.as_ref().and_then(|endpoint| proxies.of(endpoint, problems));
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    let (tls, proxy) = {
        // Without a protocol, that is reported already.
        let _ = (tls, system_roots, proxies);
        (crate::export::settings::Tls::default(), None)
    };
    Some(Otlp {
        signal,
        protocol,
        endpoint: endpoint?,
        timeout,
        headers: merged(headers),
        compression,
        tls,
        proxy,
    })
}

/// If a header is given twice, the last one wins.
fn merged(headers: Vec<Given<(HeaderName, HeaderValue)>>) -> HeaderMap {
    let mut map = HeaderMap::with_capacity(headers.len());
    for Given { value: (name, mut value), .. } in headers {
        value.set_sensitive(true);
        map.insert(name, value);
    }
    map
}

fn protocol(given: Option<Given<Protocol>>, problems: &mut Problems) -> Protocol {
    let (from, shown, protocol) = match given {
        Some(given) => (given.from, given.value.to_string(), given.value),
        None => (
            Source::Variable("OTEL_EXPORTER_OTLP_PROTOCOL"),
            "(unset, so http/protobuf)".to_owned(),
            Protocol::HttpProtobuf,
        ),
    };
    let (available, remedy) = match protocol {
        _ if cfg!(not(any(feature = "otlp-grpc", feature = "otlp-http"))) => (
            false,
            "build with the feature `otlp-http` or `otlp-grpc` of otel-runtime, or choose another \
             exporter",
        ),
        Protocol::Grpc => (
            cfg!(feature = "otlp-grpc"),
            "build with the feature `otlp-grpc` of otel-runtime, or choose http/protobuf",
        ),
        Protocol::HttpProtobuf | Protocol::HttpJson => (
            cfg!(feature = "otlp-http"),
            "build with the feature `otlp-http` of otel-runtime, or choose grpc",
        ),
    };
    if !available {
        problems.add(from, Some(shown), remedy);
    }
    protocol
}

fn endpoint(
    given: Endpoint,
    signal: Signal,
    protocol: Protocol,
    insecure: bool,
    problems: &mut Problems,
) -> Option<Uri> {
    let (given, path) = match (given.own, given.base) {
        (Some(own), _) => (own, Path::AsGiven),
        (None, Some(base)) => (base, Path::Append(signal)),
        (None, None) => {
            let value = default_endpoint(protocol).to_owned();
            (Given { value, from: Source::Default }, Path::Append(signal))
        }
    };
    match parse(&given.value, protocol, path, insecure) {
        Ok(uri) => Some(uri),
        Err(Fault { show, remedy }) => {
            // The query may hold a key.
            let shown = given.value.split('?').next().unwrap_or_default().to_owned();
            problems.add(given.from, show.then_some(shown), remedy);
            None
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Path {
    /// A base URL for all signals: the path of this one is appended.
    Append(Signal),
    /// The URL for this signal: used as it is.
    AsGiven,
}

struct Fault {
    /// Whether the value may be shown: not if there is a password in it.
    show: bool,
    remedy: &'static str,
}

fn parse(text: &str, protocol: Protocol, path: Path, insecure: bool) -> Result<Uri, Fault> {
    let fault = |remedy| Fault { show: !text.contains('@'), remedy };

    if ["$(", "${"].iter().any(|placeholder| text.contains(placeholder)) {
        return Err(fault(
            "write the value itself: nobody has put it in place of $(..), for which Kubernetes wants the \
             variable defined before this one",
        ));
    }
    if text.contains('#') {
        return Err(fault("leave off the # and what follows, which no server is told"));
    }
    let text = match protocol {
        // "If the scheme is missing, `insecure` decides": for gRPC only.
        Protocol::Grpc if !text.contains("://") => {
            &format!("{}://{text}", if insecure { "http" } else { "https" })
        }
        Protocol::Grpc | Protocol::HttpProtobuf | Protocol::HttpJson => text,
    };
    let uri: Uri = text.parse().map_err(|_| {
        fault("write a URL such as http://localhost:4318 or https://otlp.example.com")
    })?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(fault("begin it with http:// or https://, as in http://localhost:4318"));
    };
    if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
        return Err(fault("begin it with http:// or https://"));
    }
    if authority.as_str().contains('@') {
        return Err(fault("leave user and password out, and send them in a header"));
    }
    if authority.host().is_empty() {
        return Err(fault("name a host, as in http://localhost:4318"));
    }

    if !is_host(authority.host()) {
        return Err(fault(
            "name a host, of letters, digits, hyphens and dots, or its address, as in \
             http://localhost:4318",
        ));
    }

    if authority.port_u16().is_none() && authority.as_str() != authority.host() {
        return Err(fault(
            "write the port as a number from 0 to 65535, or leave it off with its colon",
        ));
    }

    match (protocol, path) {
        (Protocol::Grpc, _) if !matches!(uri.path(), "" | "/") || uri.query().is_some() => Err(
            fault("gRPC has no path: leave off everything after the port, or choose http/protobuf"),
        ),
        (Protocol::Grpc, _) | (_, Path::AsGiven) => Ok(uri),
        (Protocol::HttpProtobuf | Protocol::HttpJson, Path::Append(_)) if uri.query().is_some() => {
            Err(fault(
                "leave off the query, or write the whole URL into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            ))
        }
        (Protocol::HttpProtobuf | Protocol::HttpJson, Path::Append(signal)) => {
            let path = format!("{}/v1/{signal}", uri.path().trim_end_matches('/'));
            with_path(uri, &path).ok_or_else(|| fault("write a URL such as http://localhost:4318"))
        }
    }
}

/// A host name, which in some networks has underscores, or an address.
fn is_host(host: &str) -> bool {
    let in_name = |char: char| char.is_ascii_alphanumeric() || "-._".contains(char);
    host.starts_with('[') || host.chars().all(in_name)
}

fn with_path(uri: Uri, path: &str) -> Option<Uri> {
    let mut parts = uri.into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

fn default_endpoint(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Grpc => "http://localhost:4317",
        Protocol::HttpProtobuf | Protocol::HttpJson => "http://localhost:4318",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::settings::{Compression, Tls};

    fn http(text: &str, path: Path) -> Result<String, &'static str> {
        parse(text, Protocol::HttpProtobuf, path, false)
            .map(|uri| uri.to_string())
            .map_err(|fault| fault.remedy)
    }

    fn grpc(text: &str, insecure: bool) -> Result<String, &'static str> {
        parse(text, Protocol::Grpc, Path::Append(Signal::Traces), insecure)
            .map(|uri| uri.to_string())
            .map_err(|fault| fault.remedy)
    }

    #[test]
    fn the_path_is_appended_to_the_endpoint_of_all_signals_only() {
        for (base, whole) in [
            ("http://h:4318", "http://h:4318/v1/traces"),
            ("http://h:4318/", "http://h:4318/v1/traces"),
            ("https://h/otlp", "https://h/otlp/v1/traces"),
            ("https://h/otlp/", "https://h/otlp/v1/traces"),
            ("http://[::1]:4318", "http://[::1]:4318/v1/traces"),
        ] {
            assert_eq!(http(base, Path::Append(Signal::Traces)).as_deref(), Ok(whole));
        }
        assert_eq!(http("http://h:4318", Path::AsGiven).as_deref(), Ok("http://h:4318/"));
        assert_eq!(http("https://h/in?key=1", Path::AsGiven).as_deref(), Ok("https://h/in?key=1"));
    }

    #[test]
    fn grpc_has_no_path() {
        assert_eq!(grpc("http://h:4317", false).as_deref(), Ok("http://h:4317/"));
        assert_eq!(grpc("https://h:4317/", false).as_deref(), Ok("https://h:4317/"));
        assert!(grpc("http://h:4317/v1/traces", false).is_err());
    }

    #[test]
    fn without_a_scheme_insecure_decides_for_grpc_and_http_is_refused() {
        assert_eq!(grpc("h:4317", false).as_deref(), Ok("https://h:4317/"));
        assert_eq!(grpc("h:4317", true).as_deref(), Ok("http://h:4317/"));
        assert_eq!(grpc("https://h:4317", true).as_deref(), Ok("https://h:4317/"), "scheme first");
        assert!(http("h:4318", Path::Append(Signal::Traces)).is_err());
    }

    #[test]
    fn what_is_not_a_url_is_refused() {
        for text in [
            "h",
            "http://",
            "http://:80",
            "ftp://h",
            "unix:///run/s",
            "http://h h",
            "http://h:99999",
            "http://h:",
        ] {
            assert!(http(text, Path::Append(Signal::Traces)).is_err(), "{text}");
        }
        assert!(http("http://h?a=b", Path::Append(Signal::Traces)).is_err());
    }

    #[test]
    fn a_placeholder_that_nobody_filled_in_is_no_host() {
        for host in ["$(HOST_IP)", "${HOST_IP}", "%HOST%", "h$1", "<host>", "{{host}}", "a,b"] {
            let url = format!("http://{host}:4318");
            assert!(http(&url, Path::Append(Signal::Traces)).is_err(), "{host}");
            assert!(grpc(&url, false).is_err(), "{host}");
            assert!(grpc(&format!("{host}:4317"), false).is_err(), "{host}");
        }
        assert!(http("http://h/$(TENANT)", Path::AsGiven).is_err());
        for host in ["my_backend.svc", "10.0.0.1", "[::1]", "xn--bcher-kva.example."] {
            assert!(
                http(&format!("http://{host}:4318"), Path::Append(Signal::Traces)).is_ok(),
                "{host}"
            );
        }
    }

    #[test]
    fn a_fragment_is_refused() {
        for text in ["http://h:4318#traces", "http://h:4318/#", "http://h/in?key=1#x"] {
            let remedy = http(text, Path::AsGiven).expect_err("a fragment");
            assert!(remedy.starts_with("leave off the #"), "{text}: {remedy}");
            assert!(grpc(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_shown() {
        for text in ["http://user:secret@h", "user:secret@h", "http://user:secret@h h"] {
            let fault = parse(text, Protocol::HttpProtobuf, Path::Append(Signal::Traces), false);
            assert!(fault.is_err_and(|fault| !fault.show), "{text}");
        }
    }

    #[test]
    fn debug_shows_no_header_value() {
        let otlp = Otlp {
            signal: Signal::Traces,
            protocol: Protocol::Grpc,
            endpoint: Uri::from_static("http://h"),
            timeout: DEFAULT_TIMEOUT,
            headers: merged(vec![Given {
                value: (
                    HeaderName::from_static("authorization"),
                    HeaderValue::from_static("secret"),
                ),
                from: Source::Default,
            }]),
            compression: Compression::None,
            tls: Tls::default(),
            proxy: None,
        };
        assert!(!format!("{otlp:?}").contains("secret"));
    }
}
