//! What does a text say once it is decoded?

use std::ops::Range;

/// A text without what hides a value in it, and where each of its bytes came from.
///
/// Decoded are `%40`, once; digits, letters and signs of full width; spaces and hyphens that break no line, and quotes
/// of a typesetter. Left out are characters that nobody sees.
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`, where what it came from begins, and last where `text` ends.
    starts: Vec<usize>,
}

impl Folded {
    /// `None` if there is nothing to decode.
    pub(super) fn of(text: &str) -> Option<Self> {
        if !text.bytes().any(|byte| byte == b'%' || byte >= 0x80) {
            return None;
        }
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len() + 1),
        };
        let mut changed = false;
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let start = text.len() - rest.len();
            let (said, len) = match decoded(rest) {
                Some((said, len)) => (Some(said), len),
                None => (fold(character), character.len_utf8()),
            };
            changed |= said != Some(character);
            if let Some(said) = said {
                folded.text.push(said);
                folded.starts.resize(folded.text.len(), start);
            }
            rest = &rest[len..];
        }
        folded.starts.push(text.len());
        changed.then_some(folded)
    }

    /// The part of the text as it was that became `range`.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.starts[range.start]..self.starts[range.end]
    }
}

/// The character that percent-encoded bytes at the start of `text` stand for, and how long they are.
fn decoded(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    let mut count = 0;
    let mut rest = text.as_bytes();
    while count < 4 {
        let [b'%', high, low, after @ ..] = rest else { break };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { break };
        bytes[count] = high << 4 | low;
        count += 1;
        rest = after;
        if let Ok(said) = std::str::from_utf8(&bytes[..count]) {
            return said.chars().next().map(|said| (fold(said).unwrap_or(said), count * 3));
        }
    }
    None
}

fn digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

/// What is read for a character; nothing for one that nobody sees.
fn fold(character: char) -> Option<char> {
    Some(match character {
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => return None,
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}'..='\u{201B}' => '\'',
        '\u{201C}'..='\u{201F}' => '"',
        // From `!` to `~`, one code point each.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFF01 + u32::from('!'))?,
        _ => character,
    })
}
