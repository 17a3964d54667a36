//! How is it told what a backend has to say about spans that it took?
//!
//! A partial success without a refused span is a warning, says the
//! [specification](https://opentelemetry.io/docs/specs/otlp/#partial-success): of a value that was cut,
//! say, or of a form that will not be taken for much longer.

use std::sync::{Mutex, PoisonError};

use super::excerpt::with_text;
use crate::process::stderr::warn;

/// How many different texts are told.
const MOST: usize = 5;

/// The warnings of one backend, each of which is told once.
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

    /// What is to be said about this text, unless it was said before.
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
