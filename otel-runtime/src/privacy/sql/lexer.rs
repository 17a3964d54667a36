//! What are the parts of a statement?
//!
//! Every byte belongs to one part, and is looked at a bounded number of times. What is open at the end goes to the
//! end.

use std::ops::Range;

use super::dialect::{
    BACKSLASH, BACKTICK, BRACKET, DASH_SPACE, DOLLAR, DOUBLE_IS_TEXT, Dialect, E_TEXT, HASH,
    NESTED, Q_TEXT, TRIPLE,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    /// A keyword, a name, a function.
    Word,
    /// `"x"` as a name, `` `x` ``, `[x]`.
    Name,
    /// `'x'`, `"x"` as a text, `$$x$$`, with what belongs to it in front.
    Text,
    Number,
    /// `?`, `?1`, `$1`, `:name`, `@name`, `%s`, `%(name)s`.
    Parameter,
    Comment,
    /// From a quote, or from the start of a comment, that is never closed.
    Open,
    /// Any other character.
    Sign,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, dialect }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Where the bytes from `at` on that belong together end.
    fn run(&self, at: usize, belongs: impl Fn(u8) -> bool) -> usize {
        self.bytes[at..]
            .iter()
            .position(|byte| !belongs(*byte))
            .map_or(self.bytes.len(), |length| at + length)
    }

    /// The kind and the end of the part that begins at `start`.
    fn part(&self, start: usize) -> (Kind, usize) {
        let has = |way| self.dialect.has(way);
        match (self.byte(start), self.byte(start + 1)) {
            (byte, _) if byte.is_ascii_whitespace() => {
                (Kind::Space, self.run(start, |byte| byte.is_ascii_whitespace()))
            }
            (b'\'', _) => self.quoted(Kind::Text, start, start, has(BACKSLASH)),
            (b'"', _) if has(DOUBLE_IS_TEXT) => {
                self.quoted(Kind::Text, start, start, has(BACKSLASH))
            }
            (b'"', _) => self.quoted(Kind::Name, start, start, false),
            (b'`', _) if has(BACKTICK) => self.quoted(Kind::Name, start, start, false),
            (b'[', _) if has(BRACKET) => self.closed(Kind::Name, start, start + 1, "]"),
            (b'-', b'-') if !has(DASH_SPACE) || self.byte(start + 2).is_ascii_whitespace() => {
                self.line(start)
            }
            (b'#', next) if has(HASH) && !matches!(next, b'>' | b'-' | b'=' | b'{') => {
                self.line(start)
            }
            (b'/', b'*') => self.comment(start),
            (b'$', _) => self.dollar(start),
            (b'?', _) => (Kind::Parameter, self.run(start + 1, |byte| byte.is_ascii_digit())),
            (b'%', b's') => (Kind::Parameter, start + 2),
            (b'%', b'(') => self.parenthesised(start),
            (b':' | b'@', next) if is_word(next) && !self.continues(start) => {
                (Kind::Parameter, self.run(start + 1, is_word))
            }
            (b'@', b'@') => (Kind::Word, self.run(start + 2, is_word)),
            (byte, next) if byte.is_ascii_digit() || byte == b'.' && next.is_ascii_digit() => {
                self.number(start)
            }
            (byte, _) if is_word(byte) => self.word(start),
            _ => (Kind::Sign, start + self.text[start..].chars().next().map_or(1, char::len_utf8)),
        }
    }

    /// Whether a sign stands right behind a word or a sign like it: `a::int`, `tags[1:n]`.
    fn continues(&self, at: usize) -> bool {
        at > 0 && (is_word(self.bytes[at - 1]) || self.bytes[at - 1] == self.bytes[at])
    }

    /// From the quote at `quote`; `start` is where what belongs to it begins.
    fn quoted(&self, kind: Kind, start: usize, quote: usize, has_backslash: bool) -> (Kind, usize) {
        let mark = self.bytes[quote];
        if self.dialect.has(TRIPLE) && self.byte(quote + 1) == mark && self.byte(quote + 2) == mark
        {
            let marks = if mark == b'"' { "\"\"\"" } else { "'''" };
            if let (Kind::Text, end) = self.closed(Kind::Text, start, quote + 3, marks) {
                return (Kind::Text, end);
            }
        }
        let mut at = quote + 1;
        while let Some(byte) = self.bytes.get(at) {
            at += match *byte {
                b'\\' if has_backslash => 2,
                byte if byte == mark && self.byte(at + 1) == mark => 2,
                byte if byte == mark => return (kind, at + 1),
                _ => 1,
            };
        }
        (Kind::Open, self.bytes.len())
    }

    /// From `at` to the first `end`, and with it.
    fn closed(&self, kind: Kind, _start: usize, at: usize, end: &str) -> (Kind, usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find(end)
            .map_or((Kind::Open, self.bytes.len()), |found| (kind, at + found + end.len()))
    }

    fn line(&self, start: usize) -> (Kind, usize) {
        (Kind::Comment, self.run(start, |byte| byte != b'\n'))
    }

    fn comment(&self, start: usize) -> (Kind, usize) {
        let (mut at, mut depth) = (start + 2, 1_usize);
        while at < self.bytes.len() {
            match (self.bytes[at], self.byte(at + 1)) {
                (b'*', b'/') if depth == 1 => return (Kind::Comment, at + 2),
                (b'*', b'/') => (at, depth) = (at + 2, depth - 1),
                (b'/', b'*') if self.dialect.has(NESTED) => (at, depth) = (at + 2, depth + 1),
                _ => at += 1,
            }
        }
        (Kind::Open, self.bytes.len())
    }

    fn dollar(&self, start: usize) -> (Kind, usize) {
        let end = self.run(start + 1, is_tag);
        if self.byte(start + 1).is_ascii_digit() {
            return (Kind::Parameter, self.run(start + 1, |byte| byte.is_ascii_digit()));
        }
        if self.dialect.has(DOLLAR) && self.byte(end) == b'$' {
            return self.closed(Kind::Text, start, end + 1, &self.text[start..=end]);
        }
        if end > start + 1 { (Kind::Parameter, end) } else { (Kind::Sign, start + 1) }
    }

    /// `%(name)s`
    fn parenthesised(&self, start: usize) -> (Kind, usize) {
        let end = self.run(start + 2, is_word);
        let is_parameter = end > start + 2 && self.byte(end) == b')' && self.byte(end + 1) == b's';
        if is_parameter { (Kind::Parameter, end + 2) } else { (Kind::Sign, start + 1) }
    }

    /// With an exponent and its sign, and with all letters that follow: `0xFF`, `1_000`, `1e-5`.
    fn number(&self, start: usize) -> (Kind, usize) {
        let mut end = self.run(start, |byte| is_word(byte) || byte == b'.');
        let is_decimal = !self.text[start..end].starts_with("0x");
        if is_decimal
            && matches!(self.bytes[end - 1], b'e' | b'E')
            && matches!(self.byte(end), b'+' | b'-')
        {
            end = self.run(end + 1, is_word);
        }
        (Kind::Number, end)
    }

    fn word(&self, start: usize) -> (Kind, usize) {
        let end = self.run(start, is_of_word);
        let has = |way| self.dialect.has(way);
        let word = &self.text[start..end];
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        match self.byte(end) {
            b'\'' if (is("q") || is("nq")) && has(Q_TEXT) => self.q_text(start, end),
            b'\'' if is("e") && has(E_TEXT) => self.quoted(Kind::Text, start, end, true),
            b'\'' | b'"'
                if is("n") || is("e") || is("b") || is("x") || is("r") || is("rb") || is("br") =>
            {
                match self.part(end) {
                    (kind @ (Kind::Text | Kind::Open), end) => (kind, end),
                    _ => (Kind::Word, end),
                }
            }
            b'&' if is("u") && self.byte(end + 1) == b'\'' => {
                self.quoted(Kind::Text, start, end + 1, false)
            }
            _ => (Kind::Word, end),
        }
    }

    fn q_text(&self, start: usize, quote: usize) -> (Kind, usize) {
        let Some(open) = self.text.get(quote + 1..).and_then(|rest| rest.chars().next()) else {
            return (Kind::Open, self.bytes.len());
        };
        let close = match open {
            '[' => ']',
            '{' => '}',
            '(' => ')',
            '<' => '>',
            other => other,
        };
        self.closed(Kind::Text, start, quote + 1 + open.len_utf8(), &format!("{close}'"))
    }
}

impl Iterator for Lexer<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        let (kind, end) = self.part(start);
        // A backslash at the end, or before a character of several bytes.
        self.at = end.clamp(start + 1, self.bytes.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        Some(Part { kind, range: start..self.at })
    }
}

/// Letters of any script count.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// A name may have a `$` in it, and so `a$b$` is no text.
fn is_of_word(byte: u8) -> bool {
    is_word(byte) || byte == b'$'
}

fn is_tag(byte: u8) -> bool {
    is_word(byte)
}
