//! How does the user hear a backend's warnings about spans that it took?
//!
//! A partial success in which no span was refused is a warning, says the
//! [specification](https://opentelemetry.io/docs/specs/otlp/#partial-success): that a value was cut,
//! say, or that a format will not be supported for much longer.

use std::sync::{Mutex, PoisonError};

use super::excerpt::with_text;
use crate::process::stderr::warn;

/// How many different texts are written.
const MOST: usize = 5;

/// The warnings of one backend; each text is written once.
pub(super) struct Warnings {
    destination: String,
    told: Mutex<Vec<String>>,
}

impl Warnings {
    pub(super) fn new(destination: String) -> Self {
        Warnings { destination, told: Mutex::default() }
    }

    pub(super) fn tell(&self, text: &str) {
        if let Some(line) = self.line(text) {
            warn(&line);
        }
    }

    /// The line to write for this text; `None` if it was written before, or too many others were.
    fn line(&self, text: &str) -> Option<String> {
        let what = format!("{} takes the spans, and warns", self.destination);
        let line = with_text(&what, text);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() == MOST || told.contains(&line) {
            return None;
        }
        told.push(line.clone());
        let end = if told.len() == MOST { "; no more of its warnings are told" } else { "" };
        Some(line + end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_and_only_so_many() {
        let warnings = Warnings::new("http://backend".to_owned());
        let line = warnings.line("old form").expect("a line");
        assert_eq!(line, "http://backend takes the spans, and warns: old form");
        assert_eq!(warnings.line("old form"), None);
        let lines: Vec<String> =
            (0..100).filter_map(|text| warnings.line(&text.to_string())).collect();
        assert_eq!(lines.len(), MOST - 1);
        assert!(lines[MOST - 2].ends_with("no more of its warnings are told"), "{lines:?}");
    }
}
