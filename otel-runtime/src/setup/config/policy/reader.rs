//! What is a text of a sampler made of: words, numbers, keys and values?

use std::fmt;
use std::str::FromStr;

/// Why a text is no sampler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyError {
    /// The character at which it is not, counted from 1.
    pub(super) at: usize,
    pub(super) remedy: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}, {}", self.at, self.remedy)
    }
}

pub(super) type Parsed<T> = Result<T, PolicyError>;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// The next byte.
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub(super) fn wrong(&self, remedy: impl Into<String>) -> PolicyError {
        self.wrong_at(self.at, remedy)
    }

    pub(super) fn wrong_at(&self, at: usize, remedy: impl Into<String>) -> PolicyError {
        PolicyError { at: self.text[..at].chars().count() + 1, remedy: remedy.into() }
    }

    /// Takes `token`, if it comes next.
    pub(super) fn takes(&mut self, token: &str) -> bool {
        self.blanks();
        let comes = self.rest().starts_with(token);
        if comes {
            self.at += token.len();
        }
        comes
    }

    pub(super) fn expect(&mut self, token: &str, remedy: &str) -> Parsed<()> {
        if self.takes(token) { Ok(()) } else { Err(self.wrong(remedy)) }
    }

    /// A word of letters, digits and underscores, perhaps an empty one, and where it begins.
    pub(super) fn word(&mut self) -> (usize, &'a str) {
        self.blanks();
        let (begin, rest) = (self.at, self.rest());
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        self.at += word.len();
        (begin, word)
    }

    /// What stands until the next blank or bracket.
    pub(super) fn number<T: FromStr>(&mut self, remedy: &str) -> Parsed<(usize, T)> {
        self.blanks();
        let (begin, rest) = (self.at, self.rest());
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')');
        let number = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let read = number.parse().map_err(|_| self.wrong(remedy))?;
        self.at += number.len();
        Ok((begin, read))
    }

    /// The key of an attribute, up to what it is compared by.
    pub(super) fn key(&mut self) -> Parsed<&'a str> {
        let rest = self.rest();
        let end = rest.find(['=', '!', ',', ';', '(', ')', '|', '"']).unwrap_or(rest.len());
        let key = rest[..end].trim_end();
        if key.contains(char::is_whitespace) {
            return Err(self.wrong("write a key without blanks, or in quotes"));
        }
        self.at += end;
        Ok(key)
    }

    /// `a|"b, c"|d`, with where each begins
    pub(super) fn values(&mut self) -> Parsed<Vec<(usize, String)>> {
        let mut values = Vec::new();
        loop {
            self.blanks();
            let begin = self.at;
            let value = if self.rest().starts_with('"') {
                self.quoted()?
            } else {
                let rest = self.rest();
                let end = rest.find([',', ';', '(', ')', '|', '"']).unwrap_or(rest.len());
                let end = rest[..end].find("=>").unwrap_or(end);
                self.at += end;
                rest[..end].trim_end().to_owned()
            };
            if value.is_empty() {
                return Err(
                    self.wrong_at(begin, "write a value; in quotes, if it has , ; | ( ) or =>")
                );
            }
            values.push((begin, value));
            if !self.takes("|") {
                return Ok(values);
            }
        }
    }

    pub(super) fn quoted(&mut self) -> Parsed<String> {
        let begin = self.at;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.at += index + 1;
                    self.blanks();
                    return Ok(text);
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                character => text.push(character),
            }
        }
        Err(self.wrong_at(begin, "close the quotes"))
    }
}

/// The whole key of an attribute that has a short one.
pub(super) fn long(key: &str) -> &str {
    match key {
        "route" => "http.route",
        "path" => "url.path",
        "method" => "http.request.method",
        key => key,
    }
}
