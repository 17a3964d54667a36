//! Does a text match a pattern with `*` and `?`?
//!
//! In time that grows with the text and not with what the pattern makes of it: what stands between two `*` is
//! looked for from left to right, once. The first place that fits is as good as any later one, so nothing is
//! ever tried again.

use super::super::error::SamplerError;

/// How many characters may stand between two `*`, where there is a `?` among them: each is a bit of a number.
const MAX_SEARCHED: usize = 64;

/// So many bytes are looked for at every place.
const SHORT: usize = 16;

/// `*` stands for any characters, also none; `?` for one; everything else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sampling) struct Pattern {
    /// What the text begins with; all of it, if there is no `*`.
    start: Piece,
    /// What follows the first `*`.
    rest: Option<Rest>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rest {
    middle: Vec<Piece>,
    end: Piece,
}

/// What stands between two `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// With a `?`, which is `None`.
    Characters(Vec<Option<char>>),
}

impl Pattern {
    /// Reads a pattern, the value of this field.
    pub(in crate::sampling) fn new(field: &str, text: &str) -> Result<Self, SamplerError> {
        let mut pieces = text.split('*').map(Piece::new);
        let start = pieces.next().unwrap_or_else(|| Piece::new(""));
        let mut middle: Vec<_> = pieces.collect();
        let Some(end) = middle.pop() else { return Ok(Pattern { start, rest: None }) };
        // Of several `*` in a row, one is enough.
        middle.retain(|piece| *piece != Piece::Text(String::new()));
        for piece in &middle {
            if matches!(piece, Piece::Characters(characters) if characters.len() > MAX_SEARCHED) {
                let remedy = "write at most 64 characters between two `*` where there is a `?`";
                return Err(SamplerError::new(field, format_args!("{text:?}"), remedy));
            }
        }
        Ok(Pattern { start, rest: Some(Rest { middle, end }) })
    }

    /// Whether it matches every text.
    pub(in crate::sampling) fn is_any(&self) -> bool {
        let nothing = |piece: &Piece| *piece == Piece::Text(String::new());
        let rest = self.rest.as_ref();
        rest.is_some_and(|rest| {
            rest.middle.is_empty() && nothing(&rest.end) && nothing(&self.start)
        })
    }

    #[inline]
    pub(in crate::sampling) fn matches(&self, text: &str) -> bool {
        let Some(text) = self.start.strip_start(text) else { return false };
        let Some(Rest { middle, end }) = &self.rest else { return text.is_empty() };
        let Some(mut text) = end.strip_end(text) else { return false };
        for piece in middle {
            match piece.strip_found(text) {
                Some(after) => text = after,
                None => return false,
            }
        }
        true
    }
}

impl Piece {
    fn new(text: &str) -> Self {
        if text.contains('?') {
            Piece::Characters(text.chars().map(|it| (it != '?').then_some(it)).collect())
        } else {
            Piece::Text(text.to_owned())
        }
    }

    /// What follows the piece in a text that begins with it.
    #[inline]
    fn strip_start<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Piece::Text(start) => text.strip_prefix(start.as_str()),
            Piece::Characters(characters) => {
                let mut rest = text.chars();
                let matches = characters.iter().all(|it| fits(*it, rest.next()));
                matches.then_some(rest.as_str())
            }
        }
    }

    /// What precedes the piece in a text that ends with it.
    #[inline]
    fn strip_end<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Piece::Text(end) => text.strip_suffix(end.as_str()),
            Piece::Characters(characters) => {
                let mut rest = text.chars();
                let matches = characters.iter().rev().all(|it| fits(*it, rest.next_back()));
                matches.then_some(rest.as_str())
            }
        }
    }

    /// What follows the first place where the piece stands in a text.
    fn strip_found<'a>(&self, text: &'a str) -> Option<&'a str> {
        match self {
            Piece::Text(wanted) => {
                let at = place(wanted, text)?;
                text.get(at + wanted.len()..)
            }
            Piece::Characters(characters) => find(characters, text),
        }
    }
}

/// Where a text first stands in another. To find a long one in a time that does not grow with it takes
/// preparations, which for a short one take longer than to look.
fn place(wanted: &str, text: &str) -> Option<usize> {
    if wanted.len() > SHORT {
        return text.find(wanted);
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let first = wanted.first()?;
    let last = text.len().checked_sub(wanted.len())?;
    (0..=last).find(|at| text[*at] == *first && text[*at..].starts_with(wanted))
}

fn fits(wanted: Option<char>, found: Option<char>) -> bool {
    found.is_some_and(|found| wanted.is_none_or(|wanted| wanted == found))
}

/// All places at once: bit `n` says whether the first `n + 1` characters of the piece are those just read
/// ("shift-and").
fn find<'a>(characters: &[Option<char>], text: &'a str) -> Option<&'a str> {
    let done = 1_u64.checked_shl(u32::try_from(characters.len().checked_sub(1)?).ok()?)?;
    let mut read = 0_u64;
    let mut rest = text.chars();
    loop {
        let found = rest.next()?;
        let fitting = characters.iter().enumerate().filter(|(_, it)| fits(**it, Some(found)));
        let fitting = fitting.fold(0_u64, |bits, (at, _)| bits | 1 << at);
        read = (read << 1 | 1) & fitting;
        if read & done != 0 {
            return Some(rest.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new("pattern", pattern).expect("valid").matches(text)
    }

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        for (pattern, fits, fails) in [
            ("", &[""][..], &["a"][..]),
            ("*", &["", "a", "aé\n"], &[]),
            ("GET /a", &["GET /a"], &["GET /ab", "GET /", "get /a"]),
            ("/api/*", &["/api/", "/api/x/y"], &["/api", "x/api/"]),
            ("*.css", &[".css", "/a.css"], &["/a.css?", "css"]),
            ("a*a", &["aa", "aba"], &["a", "ab"]),
            ("ab*ba", &["abba", "ab-ba"], &["aba", "ab"]),
            ("*b*c*", &["bc", "abxcx"], &["cb", "b"]),
            ("a**b", &["ab", "axb"], &["a"]),
            ("?", &["a", "é", "*"], &["", "ab"]),
            ("a?c*", &["abc", "aécd"], &["ac", "abd"]),
            ("*?", &["a", "ab"], &[""]),
            ("*a?b*", &["xa-b", "aaxb", "a?b"], &["ab", "a--b"]),
            ("*?a?*?b", &["1a2-b", "xxaaxb"], &["a2-b", "xab"]),
            ("[a].(x)", &["[a].(x)"], &["a"]),
        ] {
            for text in fits {
                assert!(matches(pattern, text), "{pattern:?} {text:?}");
            }
            for text in fails {
                assert!(!matches(pattern, text), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn it_agrees_with_what_can_be_seen_letter_by_letter() {
        /// By the definition, which takes as long as it likes.
        fn slowly(pattern: &[u8], text: &[u8]) -> bool {
            match pattern.split_first() {
                None => text.is_empty(),
                Some((b'*', rest)) => (0..=text.len()).any(|at| slowly(rest, &text[at..])),
                Some((b'?', rest)) => !text.is_empty() && slowly(rest, &text[1..]),
                Some((byte, rest)) => text.first() == Some(byte) && slowly(rest, &text[1..]),
            }
        }
        let mut random = fastrand::Rng::with_seed(20);
        let mut text = |letters: &[u8], most: usize| -> String {
            let length = random.usize(..=most);
            (0..length).map(|_| char::from(letters[random.usize(..letters.len())])).collect()
        };
        for _ in 0..100_000 {
            let (pattern, text) = (text(b"ab*?", 8), text(b"ab", 10));
            let expected = slowly(pattern.as_bytes(), text.as_bytes());
            assert_eq!(matches(&pattern, &text), expected, "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn a_text_of_a_megabyte_that_nearly_matches_is_read_once() {
        let text = "a".repeat(1 << 20);
        for pattern in ["*a*a*a*a*a*a*a*a*a*a*b", &format!("*{}b*", "a?".repeat(30))] {
            assert!(!matches(pattern, &text));
        }
        let pattern = format!("{}b*", "*a".repeat(10_000));
        assert!(!matches(&pattern, &text));
    }

    #[test]
    fn only_what_is_searched_for_by_bits_has_a_bound() {
        let many = |count| "?".repeat(count);
        assert!(matches(&format!("*{}*", many(64)), &many(70)));
        assert!(matches(&format!("{}*", many(100)), &many(100)));
        let error = Pattern::new("rules[0].span_names[1]", &format!("*{}*", many(65)));
        assert_eq!(error.expect_err("refused").field(), "rules[0].span_names[1]");
    }
}
