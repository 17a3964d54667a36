//! Which texts are there in base64?

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// As many characters as `password=x` has in base64.
const SHORTEST: usize = 16;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a byte may stand in base64, of either alphabet and over several lines. `~` is one of tokens only.
pub(super) const fn is_packed(byte: u8) -> bool {
    PACKED[byte as usize]
}

const PACKED: [bool; 256] = {
    let mut packed = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is less than 256")]
        let is = (byte as u8).is_ascii_alphanumeric()
            || matches!(byte as u8, b'+' | b'/' | b'-' | b'_' | b'~' | b'\r' | b'\n');
        packed[byte] = is;
        byte += 1;
    }
    packed
};

/// Where in a run begins what may be the base64 of a text: its first characters stand for some of a text. In a path that
/// is behind a `/`, which stands in base64 too.
pub(super) fn start_of_text(run: &[u8]) -> Option<usize> {
    let starts = run.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).find(|start| may_be_text(&run[*start..]))
}

pub(super) fn may_be_text(run: &[u8]) -> bool {
    let Some(first) = run.first_chunk::<4>().filter(|_| run.len() >= SHORTEST) else {
        return false;
    };
    let mut bits = 0_u32;
    for byte in first {
        let Some(value) = value(*byte) else { return false };
        bits = bits << 6 | value;
    }
    bits.to_be_bytes()[1..].iter().all(|byte| is_of_text(*byte))
}

/// The texts that stand in `text` in base64, and where.
pub(super) fn unpacked(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at + bytes[at..].iter().position(|byte| is_packed(*byte))?;
            let end = bytes[start..]
                .iter()
                .position(|byte| !is_packed(*byte))
                .map_or(bytes.len(), |len| start + len);
            at = end;
            let Some(skipped) = start_of_text(&bytes[start..end]) else { continue };
            let start = start + skipped;
            if let Some(inner) = unpack(&bytes[start..end]) {
                let padding = bytes[end..].iter().take(2).take_while(|byte| **byte == b'=').count();
                return Some((start..end + padding, inner));
            }
        }
        None
    })
}

fn unpack(run: &[u8]) -> Option<String> {
    let mut standard: Vec<u8> = run
        .iter()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        })
        .collect();
    // One character over is of what follows the value, not of it.
    if standard.len() % 4 == 1 {
        standard.pop();
    }
    let inner = String::from_utf8(LENIENT.decode(standard).ok()?).ok()?;
    inner.bytes().all(|byte| is_of_text(byte) || byte >= 0x80).then_some(inner)
}

const fn is_of_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

fn value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
