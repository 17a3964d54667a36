//! Until when does a caller wait?

use std::time::{Duration, Instant};

use http::HeaderMap;

/// When the caller gives up, by the header `grpc-timeout`; `None` where it waits for ever, or says
/// nothing that can be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Deadline(Option<Instant>);

/// The message that a caller has given up may arrive before the deadline as measured here, since delays vary. So
/// the deadline is taken to be earlier by a tenth of the time limit, and by this at most.
const EARLY: Duration = Duration::from_millis(100);

impl Deadline {
    /// The deadline of a request that has just arrived.
    pub(super) fn of(headers: &HeaderMap) -> Deadline {
        let timeout = headers.get("grpc-timeout").and_then(|timeout| parse(timeout.as_bytes()));
        Deadline(timeout.and_then(|timeout| {
            let early = EARLY.min(timeout / 10);
            Instant::now().checked_add(timeout.saturating_sub(early))
        }))
    }

    pub(super) fn is_over(self) -> bool {
        self.0.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// [`Timeout`](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests): at most eight
/// digits, and a unit.
fn parse(timeout: &[u8]) -> Option<Duration> {
    let (unit, digits) = timeout.split_last()?;
    if digits.is_empty() || digits.len() > 8 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0, |number: u64, digit| number * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Some(Duration::from_secs(number * 3600)),
        b'M' => Some(Duration::from_secs(number * 60)),
        b'S' => Some(Duration::from_secs(number)),
        b'm' => Some(Duration::from_millis(number)),
        b'u' => Some(Duration::from_micros(number)),
        b'n' => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_has_eight_digits_at_most_and_a_unit() {
        let table = [
            ("2H", Duration::from_secs(7200)),
            ("3M", Duration::from_secs(180)),
            ("0S", Duration::ZERO),
            ("99999999m", Duration::from_millis(99_999_999)),
            ("5u", Duration::from_micros(5)),
            ("00000007n", Duration::from_nanos(7)),
        ];
        for (text, timeout) in table {
            assert_eq!(parse(text.as_bytes()), Some(timeout), "{text}");
        }
        for text in ["", "S", "5", "-5S", "+5S", "5s", "5 S", "100000000S", "5Sm", "é"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_caller_without_a_timeout_waits_for_ever() {
        assert!(!Deadline::default().is_over());
        assert!(!Deadline::of(&HeaderMap::new()).is_over());

        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", http::HeaderValue::from_static("0n"));
        assert!(Deadline::of(&headers).is_over());
        headers.insert("grpc-timeout", http::HeaderValue::from_static("99999999H"));
        assert!(!Deadline::of(&headers).is_over());
    }
}
