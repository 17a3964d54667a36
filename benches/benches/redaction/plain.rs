//! How else may texts be searched?

use std::hint::black_box;

use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// As one would write them, without checks.
const PATTERNS: &[&str] = &[
    r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}",
    r"\b(?:[0-9][ -]?){13,19}\b",
    r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
    r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}\b",
    r"\+?[0-9][0-9 ().-]{6,}[0-9]",
    r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b",
    r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
    r"(?i)(?:bearer|basic) [a-z0-9._~+/-]+=*",
    r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    r"gh[pousr]_[A-Za-z0-9]{36}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@",
    r#"(?i)(?:password|passwd|secret|token|api[_-]?key)["']?\s*[:=]\s*["']?[^\s"'&,;]+"#,
];

const LITERALS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "bearer",
    "basic",
    "authorization",
    "credential",
    "cookie",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "sk-",
    "npm_",
    "pypi-",
    "aiza",
    "ya29.",
    "eyj",
    "private key",
    "@",
    "/home/",
    "/users/",
    "accountkey",
    "sig=",
    "jwt",
];

pub(crate) struct Plain {
    each: Vec<Regex>,
    set: RegexSet,
    literals: AhoCorasick,
}

impl Plain {
    pub(crate) fn new() -> Self {
        let each = PATTERNS
            .iter()
            .map(|pattern| RegexBuilder::new(pattern).unicode(false).build().expect("valid"));
        Self {
            each: each.collect(),
            set: RegexSetBuilder::new(PATTERNS).unicode(false).build().expect("valid"),
            literals: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(LITERALS)
                .expect("small"),
        }
    }

    /// One expression after the other.
    pub(crate) fn each(&self, text: &str) -> bool {
        self.each
            .iter()
            .fold(false, |found, regex| found | regex.is_match(black_box(text.as_bytes())))
    }

    pub(crate) fn set(&self, text: &str) -> bool {
        self.set.is_match(black_box(text.as_bytes()))
    }

    pub(crate) fn literals(&self, text: &str) -> bool {
        self.literals.is_match(black_box(text))
    }
}
