//! What does a detector find, for the examples beside each?

use super::detector::Detector;
use super::scanner::Scanner;

/// In each text the values stand between `«` and `»`, and are found by this detector alone.
#[track_caller]
pub(super) fn finds(detector: &'static Detector, texts: &[&str]) {
    for marked in texts {
        let (text, wanted) = unmarked(marked);
        assert!(!wanted.is_empty(), "{marked:?} has no value");
        assert_eq!(found(detector, &text), wanted, "in {marked:?}");
    }
}

/// In none of the texts this detector finds anything.
#[track_caller]
pub(super) fn leaves(detector: &'static Detector, texts: &[&str]) {
    for text in texts {
        assert_eq!(found(detector, text), [""; 0], "in {text:?}");
    }
}

fn found(detector: &'static Detector, text: &str) -> Vec<String> {
    let scanner = Scanner::of(detector.coverage, std::iter::once(detector));
    let mut found = Vec::new();
    assert_eq!(scanner.scan(None, text, &mut found), text.len());
    found.into_iter().map(|finding| text[finding.range].to_owned()).collect()
}

/// A text without its marks, and what stood between them.
fn unmarked(marked: &str) -> (String, Vec<String>) {
    let values =
        marked.split('«').skip(1).map(|rest| rest.split('»').next().unwrap_or(rest).to_owned());
    (marked.replace(['«', '»'], ""), values.collect())
}
