//! What of a URL may be recorded?
//!
//! Neither a name and password in it nor a signature: whoever reads those could use the URL.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::MAX_TEXT;
use crate::process::inbound::cut;
use crate::process::shorten::beginning;

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

const REDACTED: &str = "REDACTED";

/// `url.full`, with user-info and the values of secret parameters redacted, and cut to the limit of a text.
pub(crate) fn full(url: &str) -> Cow<'_, str> {
    let url = match without_user_info(url) {
        Cow::Borrowed(url) => Cow::Borrowed(beginning(url, MAX_TEXT)),
        Cow::Owned(url) => Cow::Owned(beginning(&url, MAX_TEXT).to_owned()),
    };
    let Some((before, after)) = url.split_once('?') else { return url };
    let (text, fragment) = after.split_once('#').map_or((after, None), |(a, b)| (a, Some(b)));
    match (query(text), fragment) {
        (Cow::Borrowed(_), _) => url,
        (Cow::Owned(text), None) => format!("{before}?{text}").into(),
        (Cow::Owned(text), Some(fragment)) => format!("{before}?{text}#{fragment}").into(),
    }
}

fn without_user_info(url: &str) -> Cow<'_, str> {
    let Some(start) = url.find("://").map(|at| at + "://".len()) else { return url.into() };
    let authority = &url[start..];
    let authority = &authority[..authority.find(['/', '?', '#']).unwrap_or(authority.len())];
    match authority.rfind('@') {
        Some(at) => format!("{}{REDACTED}:{REDACTED}{}", &url[..start], &url[start + at..]).into(),
        None => url.into(),
    }
}

/// `url.query`, without the values of secret parameters, and cut to the limit of a text.
pub(crate) fn query(query: &str) -> Cow<'_, str> {
    let query = cut(query, MAX_TEXT);
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
        for (url, expected) in [
            ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1#c"),
            ("https://ada:secret@shop.example/a", "https://REDACTED:REDACTED@shop.example/a"),
            ("https://token@shop.example", "https://REDACTED:REDACTED@shop.example"),
            ("https://a@b:c@shop.example:8080?x", "https://REDACTED:REDACTED@shop.example:8080?x"),
            ("https://shop.example/@ada?to=a@b", "https://shop.example/@ada?to=a@b"),
            ("https://shop.example/a?sig=1&b=2#c", "https://shop.example/a?sig=REDACTED&b=2#c"),
            (
                "https://a:b@shop.example/?sig=1",
                "https://REDACTED:REDACTED@shop.example/?sig=REDACTED",
            ),
            ("/a?sig=1", "/a?sig=REDACTED"),
        ] {
            assert_eq!(full(url), expected);
        }
    }

    #[test]
    fn of_a_url_without_end_the_beginning_is_recorded() {
        let url = format!("https://shop.example/{}", "a".repeat(1 << 16));
        assert_eq!(full(&url).len(), MAX_TEXT);
    }
}
