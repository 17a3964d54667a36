//! What is a text of a sampler made of: words, numbers, keys and values?

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Why a text is no sampler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyError {
    /// The character at which it is not, counted from 1.
    pub(in crate::setup::config) at: usize,
    pub(in crate::setup::config) remedy: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}, {}", self.at, self.remedy)
    }
}

pub(in crate::setup::config) type Parsed<T> = Result<T, PolicyError>;

pub(in crate::setup::config) struct Reader<'a> {
    pub(in crate::setup::config) text: &'a str,
    /// The next byte.
    pub(in crate::setup::config) at: usize,
}

impl<'a> Reader<'a> {
    pub(in crate::setup::config) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(in crate::setup::config) fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub(in crate::setup::config) fn wrong(&self, remedy: impl Into<String>) -> PolicyError {
        self.wrong_at(self.at, remedy)
    }

    pub(in crate::setup::config) fn wrong_at(
        &self,
        at: usize,
        remedy: impl Into<String>,
    ) -> PolicyError {
        PolicyError { at: self.text[..at].chars().count() + 1, remedy: remedy.into() }
    }

    /// Takes `token`, if it comes next.
    pub(in crate::setup::config) fn takes(&mut self, token: &str) -> bool {
        self.blanks();
        let comes = self.rest().starts_with(token);
        if comes {
            self.at += token.len();
        }
        comes
    }

    pub(in crate::setup::config) fn expect(&mut self, token: &str, remedy: &str) -> Parsed<()> {
        if self.takes(token) { Ok(()) } else { Err(self.wrong(remedy)) }
    }

    /// A word of letters, digits and underscores, perhaps an empty one, and where it begins.
    pub(in crate::setup::config) fn word(&mut self) -> (usize, &'a str) {
        self.blanks();
        let (begin, rest) = (self.at, self.rest());
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        self.at += word.len();
        (begin, word)
    }

    /// What stands until the next blank or bracket.
    pub(in crate::setup::config) fn number<T: FromStr>(
        &mut self,
        remedy: &str,
    ) -> Parsed<(usize, T)> {
        self.blanks();
        let (begin, rest) = (self.at, self.rest());
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')');
        let number = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let read = number.parse().map_err(|_| self.wrong(remedy))?;
        self.at += number.len();
        Ok((begin, read))
    }

    /// `10s`, `500ms`, `20us` or `1ns`
    pub(in crate::setup::config) fn time(&mut self) -> Parsed<Duration> {
        const REMEDY: &str = "write a time, such as 10s or 500ms";
        type Unit = (&'static str, fn(u64) -> Duration);
        const UNITS: [Unit; 4] = [
            ("ms", Duration::from_millis),
            ("us", Duration::from_micros),
            ("ns", Duration::from_nanos),
            ("s", Duration::from_secs),
        ];
        self.blanks();
        let rest = self.rest();
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        let number: u64 = digits.parse().map_err(|_| self.wrong(REMEDY))?;
        let unit = &rest[digits.len()..];
        let Some((name, time)) = UNITS.into_iter().find(|(name, _)| unit.starts_with(name)) else {
            return Err(self.wrong(REMEDY));
        };
        self.at += digits.len() + name.len();
        Ok(time(number))
    }

    /// The key of an attribute, up to what it is compared by.
    pub(in crate::setup::config) fn key(&mut self) -> Parsed<&'a str> {
        self.key_until(&['=', '!', ',', ';', '(', ')', '|', '"'])
    }

    pub(in crate::setup::config) fn key_until(&mut self, ends: &[char]) -> Parsed<&'a str> {
        let rest = self.rest();
        let end = rest.find(ends).unwrap_or(rest.len());
        let key = rest[..end].trim_end();
        if key.contains(char::is_whitespace) {
            return Err(self.wrong("write a key without blanks, or in quotes"));
        }
        self.at += end;
        Ok(key)
    }

    /// `a|"b, c"|d`, with where each begins
    pub(in crate::setup::config) fn values(&mut self) -> Parsed<Vec<(usize, String)>> {
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

    pub(in crate::setup::config) fn quoted(&mut self) -> Parsed<String> {
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
pub(in crate::setup::config) fn long(key: &str) -> &str {
    match key {
        "route" => "http.route",
        "path" => "url.path",
        "method" => "http.request.method",
        key => key,
    }
}
