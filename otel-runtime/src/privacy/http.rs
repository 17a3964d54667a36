//! What of a URL and of headers may be recorded?
//!
//! Neither a name and password in a URL nor a signature, and no header by which somebody logs in: whoever reads those
//! could do so, too. As the conventions have it
//! ([`url.full`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/)).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Parameters whose values are signatures or keys. Case counts.
const SECRET: [&str; 7] = [
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "X-Goog-Signature",
];

pub(crate) const REDACTED: &str = "REDACTED";

/// What of `text`, which stands in an attribute with this key, may leave.
#[cfg(feature = "sdk")]
pub(crate) fn redact<'a>(key: &str, text: &'a str) -> Cow<'a, str> {
    match key {
        "url.full" | "url.original" | "http.url" | "http.target" => url(text),
        "url.query" | "url.fragment" => query(text),
        key => match header(key) {
            Some("cookie") => cookies(text),
            Some("set-cookie") => set_cookie(text),
            Some(name) if is_secret(name) => Cow::Borrowed(REDACTED),
            _ => Cow::Borrowed(text),
        },
    }
}

/// Whether the conventions say something of the values of this key.
#[cfg(feature = "sdk")]
pub(crate) fn has_rule(key: &str) -> bool {
    let of_url =
        ["url.full", "url.original", "http.url", "http.target", "url.query", "url.fragment"];
    of_url.contains(&key)
        || header(key).is_some_and(|it| matches!(it, "cookie" | "set-cookie") || is_secret(it))
}

/// A URL, or its path with what is behind it.
pub(crate) fn url(url: &str) -> Cow<'_, str> {
    let url = without_user_info(url);
    let Some(at) = url.find(['?', '#']) else { return url };
    let (before, after) = url.split_at(at + 1);
    // Behind a `#` the parameters of a login come back.
    let parts: Vec<Cow<'_, str>> = after.splitn(2, '#').map(query).collect();
    if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return url;
    }
    format!("{before}{}", parts.join("#")).into()
}

pub(crate) fn without_user_info(url: &str) -> Cow<'_, str> {
    let Some(start) = url.find("://").map(|at| at + "://".len()) else { return url.into() };
    let authority = &url[start..];
    let authority = &authority[..authority.find(['/', '?', '#']).unwrap_or(authority.len())];
    match authority.rfind('@') {
        Some(at) => format!("{}{REDACTED}:{REDACTED}{}", &url[..start], &url[start + at..]).into(),
        None => url.into(),
    }
}

/// The parameters behind a `?`, without the values of those that are secret.
pub(crate) fn query(query: &str) -> Cow<'_, str> {
    if !query.split('&').any(|parameter| secret(parameter).is_some()) {
        return query.into();
    }
    let mut redacted = String::with_capacity(query.len());
    for (index, parameter) in query.split('&').enumerate() {
        if index > 0 {
            redacted.push('&');
        }
        match secret(parameter) {
            Some(name) => {
                redacted.push_str(name);
                redacted.push('=');
                redacted.push_str(REDACTED);
            }
            None => redacted.push_str(parameter),
        }
    }
    redacted.into()
}

/// The name of a parameter whose value is secret, as it is written.
fn secret(parameter: &str) -> Option<&str> {
    let (name, _) = parameter.split_once('=')?;
    // Readers of the URL decode the name first, so it is compared decoded.
    SECRET.iter().any(|secret| percent_decode_str(name).eq(secret.bytes())).then_some(name)
}

/// The header or the entry of metadata whose value an attribute with this key has.
#[cfg(feature = "sdk")]
fn header(key: &str) -> Option<&str> {
    const HEADERS: [&str; 10] = [
        "http.request.header.",
        "http.response.header.",
        "rpc.request.metadata.",
        "rpc.response.metadata.",
        "rpc.grpc.request.metadata.",
        "rpc.grpc.response.metadata.",
        "rpc.connect_rpc.request.metadata.",
        "rpc.connect_rpc.response.metadata.",
        "messaging.header.",
        "http.header.",
    ];
    HEADERS.iter().find_map(|begin| key.strip_prefix(begin))
}

/// By its whole name, or by a word in it. The conventions write names in lower case, and in the attributes of old with
/// `_` in them.
#[cfg(feature = "sdk")]
fn is_secret(header: &str) -> bool {
    const WORDS: [&str; 12] = [
        "authorization",
        "cookie",
        "token",
        "secret",
        "password",
        "passwd",
        "signature",
        "credential",
        "credentials",
        "assertion",
        "apikey",
        "jwt",
    ];
    const KEYS: [&str; 8] =
        ["api", "access", "private", "secret", "auth", "subscription", "functions", "license"];
    let mut before = "";
    header.split(['-', '_', '.']).any(|word| {
        let is = |other: &&str| word.eq_ignore_ascii_case(other);
        let is_key = word.eq_ignore_ascii_case("key")
            && KEYS.iter().any(|key| before.eq_ignore_ascii_case(key));
        before = word;
        is_key || WORDS.iter().any(is)
    })
}

/// `theme=dark; sid=7f3a` with every value redacted.
#[cfg(feature = "sdk")]
fn cookies(text: &str) -> Cow<'_, str> {
    let cookies: Vec<String> = text.split(';').map(cookie).collect();
    cookies.join(";").into()
}

/// `sid=7f3a; Path=/; HttpOnly` with the first value redacted.
#[cfg(feature = "sdk")]
fn set_cookie(text: &str) -> Cow<'_, str> {
    let (first, attributes) = text.split_once(';').map_or((text, None), |(a, b)| (a, Some(b)));
    match attributes {
        Some(attributes) => format!("{};{attributes}", cookie(first)).into(),
        None => cookie(first).into(),
    }
}

/// What has no name is a value.
#[cfg(feature = "sdk")]
fn cookie(text: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None if text.trim().is_empty() => text.to_owned(),
        None => REDACTED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_parameter_keeps_its_name_and_loses_its_value() {
        for (text, expected) in [
            ("", ""),
            ("a=1&b=2", "a=1&b=2"),
            ("sig=abc", "sig=REDACTED"),
            ("a=1&sig=ab/c+d%2Fe==&b=2", "a=1&sig=REDACTED&b=2"),
            (
                "X-Amz-Signature=a&X-Amz-Credential=b",
                "X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED",
            ),
            ("X-Amz-Security-Token=a", "X-Amz-Security-Token=REDACTED"),
            ("AWSAccessKeyId=a&Signature=b", "AWSAccessKeyId=REDACTED&Signature=REDACTED"),
            ("X-Goog-Signature=a", "X-Goog-Signature=REDACTED"),
            ("s%69g=abc", "s%69g=REDACTED"),
            ("sig=a&sig=b", "sig=REDACTED&sig=REDACTED"),
            ("sig", "sig"),
            ("Sig=abc&design=7", "Sig=abc&design=7"),
        ] {
            assert_eq!(query(text), expected);
        }
    }

    #[test]
    fn a_url_tells_neither_who_logs_in_nor_what_signs_it() {
        for (text, expected) in [
            ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1#c"),
            ("https://ada:secret@shop.example/a", "https://REDACTED:REDACTED@shop.example/a"),
            ("https://token@shop.example", "https://REDACTED:REDACTED@shop.example"),
            ("https://a@b:c@shop.example:8080?x", "https://REDACTED:REDACTED@shop.example:8080?x"),
            ("https://shop.example/@ada?to=a@b", "https://shop.example/@ada?to=a@b"),
            ("https://shop.example/a?sig=1&b=2#c", "https://shop.example/a?sig=REDACTED&b=2#c"),
            ("https://shop.example/a#sig=1&b=2", "https://shop.example/a#sig=REDACTED&b=2"),
            ("https://shop.example/a?b=2#sig=1#c", "https://shop.example/a?b=2#sig=REDACTED"),
            (
                "https://a:b@shop.example/?sig=1",
                "https://REDACTED:REDACTED@shop.example/?sig=REDACTED",
            ),
            ("/a?sig=1", "/a?sig=REDACTED"),
        ] {
            assert_eq!(url(text), expected);
        }
    }

    #[test]
    #[cfg(feature = "sdk")]
    fn by_its_key_a_value_is_a_url_its_query_or_neither() {
        for key in ["url.full", "url.original", "http.url", "http.target"] {
            assert_eq!(
                redact(key, "https://a:b@x/?sig=1"),
                "https://REDACTED:REDACTED@x/?sig=REDACTED",
                "{key}"
            );
        }
        assert_eq!(redact("url.query", "a=1&sig=2"), "a=1&sig=REDACTED");
        assert_eq!(redact("url.fragment", "sig=2"), "sig=REDACTED");
        assert_eq!(redact("url.path", "/wiki/sig=2"), "/wiki/sig=2");
        let (page, same) = ("https://acme.example/wiki/spaces/ENG/pages/1234567890/Weekly", "note");
        for key in ["url.full", same] {
            assert!(matches!(redact(key, page), Cow::Borrowed(text) if text == page), "{key}");
        }
    }

    #[test]
    #[cfg(feature = "sdk")]
    fn a_header_that_logs_somebody_in_does_not_leave() {
        for name in [
            "authorization",
            "proxy-authorization",
            "x-api-key",
            "x-api_key",
            "api-key",
            "x-auth-token",
            "x-amz-security-token",
            "x-csrf-token",
            "x-goog-iap-jwt-assertion",
            "x-hub-signature-256",
            "ocp-apim-subscription-key",
            "x-functions-key",
            "apikey",
            "x-client-secret",
            "X-Access-Token",
        ] {
            for prefix in [
                "http.request.header",
                "http.response.header",
                "rpc.request.metadata",
                "rpc.grpc.request.metadata",
            ] {
                assert_eq!(redact(&format!("{prefix}.{name}"), "7f3a9c21"), REDACTED, "{name}");
            }
        }
        for name in [
            "content-type",
            "x-request-id",
            "idempotency-key",
            "etag",
            "sec-websocket-key",
            "x-tokenizer",
        ] {
            assert_eq!(
                redact(&format!("http.request.header.{name}"), "7f3a9c21"),
                "7f3a9c21",
                "{name}"
            );
        }
    }

    #[test]
    #[cfg(feature = "sdk")]
    fn of_a_cookie_its_name_leaves() {
        for (key, text, expected) in [
            ("http.request.header.cookie", "theme=dark; sid=a=b", "theme=REDACTED; sid=REDACTED"),
            ("http.request.header.cookie", "7f3a", "REDACTED"),
            ("http.request.header.cookie", "", ""),
            (
                "http.response.header.set-cookie",
                "sid=7f3a; Path=/; HttpOnly",
                "sid=REDACTED; Path=/; HttpOnly",
            ),
            ("http.response.header.set-cookie", "sid=7f3a", "sid=REDACTED"),
        ] {
            assert_eq!(redact(key, text), expected);
        }
    }
}
