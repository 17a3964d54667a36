//! How are ids read from hexadecimal digits, and written?

use opentelemetry::{SpanId, TraceId};

/// The number that at most 16 digits in lower case stand for.
#[inline]
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(value))
    })
}

/// The trace that 1 to 32 digits in lower case name, zeros in front left out or not. `None` for zero.
#[inline]
pub(super) fn trace_id(digits: &[u8]) -> Option<TraceId> {
    if digits.len() > 32 {
        return None;
    }
    let (high, low) = digits.split_at(digits.len().saturating_sub(16));
    let trace_id = TraceId::from(u128::from(number(high)?) << 64 | u128::from(number(low)?));
    (trace_id != TraceId::INVALID).then_some(trace_id)
}

/// The span that 1 to 16 digits in lower case name, zeros in front left out or not. `None` for zero.
#[inline]
pub(super) fn span_id(digits: &[u8]) -> Option<SpanId> {
    if digits.len() > 16 {
        return None;
    }
    let span_id = SpanId::from(number(digits)?);
    (span_id != SpanId::INVALID).then_some(span_id)
}

/// Writes two digits for each byte.
#[inline]
pub(super) fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 0xf)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_may_be_left_out_and_nothing_else() {
        assert_eq!(trace_id(b"1"), Some(TraceId::from(1)));
        assert_eq!(trace_id(&[b'f'; 32]), Some(TraceId::from(u128::MAX)));
        assert_eq!(trace_id(b"10000000000000000"), Some(TraceId::from(1 << 64)));
        assert_eq!(span_id(&[b'f'; 16]), Some(SpanId::from(u64::MAX)));
        for digits in [&b""[..], b"0", &[b'0'; 32], &[b'1'; 33], b"F", b"+1", b"1 ", b"g"] {
            assert_eq!(trace_id(digits), None, "{digits:?}");
            assert_eq!(span_id(digits), None, "{digits:?}");
        }
        assert_eq!(span_id(&[b'1'; 17]), None);
    }
}
