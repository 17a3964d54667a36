//! What of a URL is recorded?
//!
//! What may leave of it, up to the limit of a text.

use std::borrow::Cow;

use super::MAX_TEXT;
use crate::privacy::http;
use crate::process::inbound::cut;
use crate::process::shorten::beginning;

/// `url.full`
pub(crate) fn full(url: &str) -> Cow<'_, str> {
    // Cut before the parameters are looked at, and behind the name and password, of which half would not be known.
    match http::without_user_info(url) {
        Cow::Borrowed(url) => http::url(beginning(url, MAX_TEXT)),
        Cow::Owned(url) => http::url(beginning(&url, MAX_TEXT)).into_owned().into(),
    }
}

/// `url.query`
pub(crate) fn query(query: &str) -> Cow<'_, str> {
    http::query(cut(query, MAX_TEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_without_end_the_beginning_is_recorded() {
        let url = format!("https://shop.example/{}", "a".repeat(1 << 16));
        assert_eq!(full(&url).len(), MAX_TEXT);
        let url = format!("https://{}:b@shop.example/?sig=1", "a".repeat(1 << 16));
        assert_eq!(full(&url), "https://REDACTED:REDACTED@shop.example/?sig=REDACTED");
        let query = format!("sig={}", "a".repeat(1 << 16));
        assert_eq!(super::query(&query), "sig=REDACTED");
    }
}
