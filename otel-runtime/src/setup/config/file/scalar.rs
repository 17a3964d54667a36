//! What is a single value, by the core schema of YAML?
//!
//! Specification: [YAML 1.2.2, section 10.3](https://yaml.org/spec/1.2.2/#103-core-schema).

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// Written without quotes, so that it may be another type than a string.
    pub(super) plain: bool,
}

impl Scalar {
    pub(super) fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    pub(super) fn is_string(&self) -> bool {
        !self.plain
            || (self.boolean().is_none()
                && self.integer().is_none()
                && self.number().is_none()
                && !self.is_null())
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        match self.text.as_str() {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    pub(super) fn integer(&self) -> Option<i128> {
        let text = self.text.as_str();
        if let Some(hex) = text.strip_prefix("0x") {
            return digits(hex, 16);
        }
        if let Some(octal) = text.strip_prefix("0o") {
            return digits(octal, 8);
        }
        match text.strip_prefix('-') {
            Some(text) => digits(text, 10).map(|number| -number),
            None => digits(text.strip_prefix('+').unwrap_or(text), 10),
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self.text.as_str() {
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            // Rust also parses words, such as `infinity`, which are strings in YAML.
            text if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
                && text.ends_with(|c: char| c.is_ascii_digit() || c == '.') =>
            {
                text.parse().ok()
            }
            _ => None,
        }
    }
}

/// Accepts digits only: Rust would accept another sign before them.
fn digits(text: &str, radix: u32) -> Option<i128> {
    let all = text.chars().all(|digit| digit.is_digit(radix));
    if all { i128::from_str_radix(text, radix).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Scalar {
        Scalar { text: text.to_owned(), plain: true }
    }

    #[test]
    fn a_plain_scalar_has_the_type_of_its_text() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert!(plain(text).is_null() && !plain(text).is_string(), "{text}");
        }
        for (text, boolean) in [("true", true), ("True", true), ("FALSE", false)] {
            assert_eq!(plain(text).boolean(), Some(boolean));
        }
        for (text, integer) in
            [("0", 0), ("-12", -12), ("+7", 7), ("007", 7), ("0o17", 15), ("0xfF", 255)]
        {
            assert_eq!(plain(text).integer(), Some(integer), "{text}");
        }
        for (text, number) in [
            ("1", 1.0),
            ("-0.5", -0.5),
            (".5", 0.5),
            ("1.", 1.0),
            ("1e-3", 0.001),
            (".inf", f64::INFINITY),
        ] {
            assert_eq!(plain(text).number(), Some(number), "{text}");
        }
        assert!(plain(".nan").number().is_some_and(f64::is_nan));
    }

    #[test]
    fn anything_else_is_a_string_and_so_is_what_has_quotes() {
        for text in [
            "yes", "tRUE", "inf", "NaN", "infinity", "1_000", "--1", "0x", "0xg", "+-1", "1 s", "a",
        ] {
            assert!(plain(text).is_string(), "{text}");
        }
        for text in ["", "null", "true", "1", ".nan"] {
            assert!(Scalar { text: text.to_owned(), plain: false }.is_string(), "{text}");
        }
    }
}
