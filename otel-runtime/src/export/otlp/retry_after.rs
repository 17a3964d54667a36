//! When does a backend want to be sent the request again?
//!
//! Specification: [`Retry-After`](https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), in
//! seconds or as a date.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // A date in the past: send again at once.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn parsed(text: &'static str) -> Option<Duration> {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let value = HeaderValue::from_static(text);
        retry_after(&[(RETRY_AFTER, value)].into_iter().collect(), now)
    }

    #[test]
    fn seconds_or_a_date() {
        assert_eq!(parsed("0"), Some(Duration::ZERO));
        assert_eq!(parsed(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(parsed("Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(parsed("Sun, 06 Nov 1994 08:48:37 GMT"), Some(Duration::ZERO), "in the past");
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in ["", "-1", "1.5", "soon", "99999999999999999999"] {
            assert_eq!(parsed(text), None, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
