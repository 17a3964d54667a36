//! What is a request called by its method?
//!
//! A client may send any text as a method, so only known methods get into names.

use std::borrow::Cow;
use std::sync::OnceLock;

use http::Method;

use crate::call::start::Start;
use crate::process::inbound::cut;

/// The methods of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9), with `PATCH` and `QUERY`.
const DEFAULT: [&str; 10] =
    ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

/// The methods of `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`, which replace the default ones.
static CONFIGURED: OnceLock<Vec<&'static str>> = OnceLock::new();

/// How many bytes of an unknown method are recorded.
const MAX_ORIGINAL: usize = 256;

/// Puts other methods in place of the default ones, once in the life of the process.
#[cfg(feature = "sdk")]
pub(crate) fn configure(known: &[String]) {
    CONFIGURED.get_or_init(|| known.iter().map(|method| &*method.clone().leak()).collect());
}

/// The method, if it is a known one; case counts.
pub(crate) fn known(method: &Method) -> Option<&'static str> {
    let known = CONFIGURED.get().map_or(&DEFAULT[..], Vec::as_slice);
    known.iter().copied().find(|known| *known == method.as_str())
}

/// `{method} {target}`, where a method that is not known is `HTTP`, and there may be no target: a route, or
/// the template of a URL.
pub(crate) fn span_name(known: Option<&'static str>, target: Option<&str>) -> Cow<'static, str> {
    let method = known.unwrap_or("HTTP");
    match target {
        Some(target) => [method, " ", target].concat().into(),
        None => method.into(),
    }
}

/// Sets `http.request.method`, and for an unknown method `http.request.method_original`.
pub(crate) fn set(start: &mut Start, method: &Method, known: Option<&'static str>) {
    start.value("http.request.method", known.unwrap_or("_OTHER"));
    if known.is_none() {
        let original = cut(method.as_str(), MAX_ORIGINAL);
        start.value("http.request.method_original", original);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_named_by_known_methods_only() {
        for (method, target, name) in [
            ("GET", Some("/orders/{id}"), "GET /orders/{id}"),
            ("QUERY", None, "QUERY"),
            ("get", Some("/orders/{id}"), "HTTP /orders/{id}"),
            ("SPAM-4815162342", None, "HTTP"),
        ] {
            let method = Method::from_bytes(method.as_bytes()).expect("a token");
            assert_eq!(span_name(known(&method), target), name);
        }
    }
}
