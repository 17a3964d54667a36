//! What is a request called by its method?
//!
//! A client may send any text as a method, so only known methods get into names.

use std::borrow::Cow;
use std::sync::OnceLock;

use http::Method;
use opentelemetry::trace::SpanKind;

use crate::call::start::Start;
use crate::process::inbound::cut;

/// The methods of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9), with `PATCH` and `QUERY`.
const DEFAULT: [&str; 10] =
    ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

/// The methods that are known in place of those, to clients and to servers.
static CLIENTS: OnceLock<Vec<&'static str>> = OnceLock::new();
static SERVERS: OnceLock<Vec<&'static str>> = OnceLock::new();

/// How many bytes of an unknown method are recorded.
const MAX_ORIGINAL: usize = 256;

/// Sets which HTTP methods are known, in place of those of RFC 9110, `PATCH` and `QUERY`: what
/// [`Builder::known_http_methods`](crate::Builder::known_http_methods) does for `init`, for a program that calls
/// [`adopt`](crate::adopt), which reads no variables. Case counts. Once in the life of a process.
///
/// ```
/// let methods = ["GET", "POST", "PROPFIND"];
/// otel_runtime::set_known_http_methods(methods).expect("nobody has said so before");
/// ```
///
/// # Errors
///
/// Returns the methods, if they were set before, by this function or by `init`.
pub fn set_known_http_methods<M: Into<String>>(
    methods: impl IntoIterator<Item = M>,
) -> Result<(), Vec<String>> {
    let methods: Vec<String> = methods.into_iter().map(Into::into).collect();
    if CLIENTS.get().is_some() || SERVERS.get().is_some() {
        return Err(methods);
    }
    configure(Some(methods.clone()), Some(methods));
    Ok(())
}

/// Puts other methods in place of the default ones, for clients and for servers, unless that was done before.
pub(crate) fn configure(clients: Option<Vec<String>>, servers: Option<Vec<String>>) {
    for (of, known) in [(&CLIENTS, clients), (&SERVERS, servers)] {
        if let Some(known) = known {
            of.get_or_init(|| known.into_iter().map(|method| &*method.leak()).collect());
        }
    }
}

/// The method, if it is a known one for a span of this kind; case counts.
pub(crate) fn known(kind: &SpanKind, method: &Method) -> Option<&'static str> {
    let configured = if *kind == SpanKind::Server { &SERVERS } else { &CLIENTS };
    let known = configured.get().map_or(&DEFAULT[..], Vec::as_slice);
    known.iter().copied().find(|known| *known == method.as_str())
}

/// `{method} {target}`, where a method that is not known is `HTTP`, and there may be no target: a route, or
/// the template of a URL.
pub(crate) fn span_name(known: Option<&'static str>, target: Option<&str>) -> Cow<'static, str> {
    let method = known.unwrap_or("HTTP");
    match target {
        Some(target) => {
            let mut name = String::with_capacity(method.len() + 1 + target.len());
            name.push_str(method);
            name.push(' ');
            name.push_str(target);
            name.into()
        }
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
            assert_eq!(span_name(known(&SpanKind::Server, &method), target), name);
        }
    }
}
