//! Where in a text is something that was looked for?

use std::ops::Range;

use super::super::class::Class;
use super::candidate::Candidate;
use super::coverage::Coverage;
use super::detector::{Check, Detector, Ready};
use super::finding::{Finding, merge};
use super::folded::Folded;
use super::gate::{Gate, Look};
use super::hints::Hints;
use super::kinds;
use super::literals::Literals;
use super::named::{NAMED, is_placeholder, is_secret};
use super::signs::Signs;
use super::{number, packed};

/// Finds personal data and secrets in texts and numbers.
///
/// ```
/// use otel_runtime::privacy::{Class, Coverage, Scanner};
///
/// let scanner = Scanner::new(Coverage::Personal);
/// let text = "ada@example.com paid with 4111 1111 1111 1111";
/// let mut found = Vec::new();
/// let scanned = scanner.scan(None, text, &mut found);
///
/// assert_eq!(scanned, text.len());
/// assert_eq!((found[0].detector, &text[found[0].range.clone()]), ("email", "ada@example.com"));
/// assert_eq!((found[1].class, &text[found[1].range.clone()]), (Class::Financial, "4111 1111 1111 1111"));
/// ```
pub struct Scanner {
    coverage: Coverage,
    detectors: Vec<Ready>,
    gate: Gate,
    literals: Literals,
    most: usize,
}

/// Bytes of a text that are scanned, unless [`Scanner::up_to`] says otherwise.
const MOST: usize = 64 << 10;

/// So far before the end of what is scanned nothing is believed any more: what begins there may not have ended.
const MARGIN: usize = 256;

impl Scanner {
    /// One that looks for everything of a coverage, in the first 64 KiB of a text.
    #[must_use]
    pub fn new(coverage: Coverage) -> Self {
        Self::of(
            coverage,
            kinds::ALL.iter().copied().filter(|detector| detector.coverage <= coverage),
        )
    }

    pub(super) fn of(
        coverage: Coverage,
        detectors: impl Iterator<Item = &'static Detector>,
    ) -> Self {
        let detectors: Vec<Ready> = detectors.map(Ready::new).collect();
        let gate = Gate::of(coverage, &detectors);
        let literals = Literals::of(&detectors);
        Self { coverage, detectors, gate, literals, most: MOST }
    }

    /// Scans as many bytes of a text, at least 1024.
    #[must_use]
    pub fn up_to(self, most: usize) -> Self {
        Self { most: most.max(4 * MARGIN), ..self }
    }

    /// Appends what is found in `text` to `found`, in order and without overlaps: of what overlaps, the whole is one
    /// finding, named for the detector that is first in the table of detectors.
    ///
    /// `key` is the name of the attribute. If it is a secret's, the text is found as a whole; otherwise it says what a
    /// number may be.
    ///
    /// Returns how many bytes were scanned: all of them, unless the text is longer than [`up_to`](Self::up_to)
    /// says. What lies behind has to be dropped. No value that is found, or that may go on there, is divided.
    #[must_use = "what was not scanned has to be dropped"]
    pub fn scan(&self, key: Option<&str>, text: &str, found: &mut Vec<Finding>) -> usize {
        self.scan_value(key, key.is_some_and(|key| self.is_secret_name(key)), text, found)
    }

    /// The same, for who knows already whether the key is the name of a secret.
    pub(crate) fn scan_value(
        &self,
        key: Option<&str>,
        is_secret: bool,
        text: &str,
        found: &mut Vec<Finding>,
    ) -> usize {
        if is_secret && !text.is_empty() && !is_placeholder(text.as_bytes()) {
            found.push(Finding {
                range: 0..text.len(),
                class: Class::Credential,
                detector: "named",
            });
            return text.len();
        }
        let (scanned, trusted) = self.limits(text);
        let text = &text[..scanned];
        if self.gate.look(text) == Look::Nothing {
            return trusted;
        }
        let before = found.len();
        self.search(key, text, found);
        merge(found, before);
        if trusted < scanned {
            let kept =
                found[before..].iter().take_while(|finding| finding.range.start < trusted).count();
            found.truncate(before + kept);
        }
        found[before..].last().map_or(trusted, |last| last.range.end.max(trusted))
    }

    /// What a number is, which is found as a whole: the range is that of its decimal digits. Without a key that says
    /// what it is, a number is nothing.
    #[must_use]
    pub fn scan_number(&self, key: Option<&str>, number: i64) -> Option<Finding> {
        let key = key?;
        let (class, detector) = if self.is_secret_name(key) {
            (Class::Credential, NAMED.name)
        } else {
            number::kind(self.coverage, key, number)?
        };
        Some(Finding { range: 0..number.to_string().len(), class, detector })
    }

    /// Whether anything may be found in `text`. It takes some nanoseconds; `false` is always true, `true` need not be.
    #[must_use]
    pub fn suspects(&self, text: &str) -> bool {
        match self.gate.look(text) {
            Look::Nothing => false,
            Look::Literal => self.literals.is_in(text),
            Look::Anything => true,
        }
    }

    /// Whether `key` is the name of a secret, as `db.password` is, so that its value is found whatever it is.
    #[must_use]
    pub fn is_secret_name(&self, key: &str) -> bool {
        self.gate.may_have_literal(key) && is_secret(key)
    }

    /// How much of a text is scanned, and how much of that can be relied on: less, if the text goes on.
    fn limits(&self, text: &str) -> (usize, usize) {
        if text.len() <= self.most {
            return (text.len(), text.len());
        }
        let floor = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let scanned = floor(self.most);
        // Not within a word either: it may be the beginning of a token that is longer than any margin.
        let margin = floor(scanned - MARGIN);
        let trusted = text.as_bytes()[..margin]
            .iter()
            .rposition(u8::is_ascii_whitespace)
            .map_or(0, |at| at + 1);
        (scanned, trusted)
    }

    fn search(&self, key: Option<&str>, text: &str, found: &mut Vec<Finding>) {
        let signs = Signs::of(text.as_bytes());
        let hints = match key {
            Some(key) if signs != Signs::NONE => Hints::of(key),
            _ => Hints::default(),
        };
        self.detect(hints, text, signs, |range, detector| found.push(finding(range, detector)));
        if let Some(folded) = Folded::of(text) {
            let signs = Signs::of(folded.text.as_bytes());
            self.detect(hints, &folded.text, signs, |range, detector| {
                found.push(finding(folded.source(&range), detector));
            });
        }
        for (range, inner) in packed::unpacked(text) {
            let mut first = None;
            let signs = Signs::of(inner.as_bytes());
            self.detect(Hints::default(), &inner, signs, |_, detector| {
                first.get_or_insert(detector);
            });
            if let Some(detector) = first {
                found.push(finding(range, detector));
            }
        }
    }

    /// Tells of all values of all detectors.
    fn detect(
        &self,
        hints: Hints,
        text: &str,
        signs: Signs,
        mut found: impl FnMut(Range<usize>, &'static Detector),
    ) {
        let literals = self.literals.found_in(text);
        for (index, ready) in self.detectors.iter().enumerate() {
            let detector = ready.detector;
            if literals & 1 << index == 0 && !signs.any(detector.signs) {
                continue;
            }
            let mut end = 0;
            for part in ready.pattern().find_iter(text.as_bytes()) {
                // What lies in a value is of it, and is not looked at again.
                if part.start() < end {
                    continue;
                }
                let candidate = Candidate { text, range: part.range(), hints };
                let mut tell = |range: Range<usize>| {
                    end = range.end;
                    found(range, detector);
                };
                match detector.check {
                    Check::Pattern => tell(part.range()),
                    Check::Whole(holds) if holds(&candidate) => tell(part.range()),
                    Check::Whole(_) => {}
                    Check::Parts(parts) => parts(&candidate, &mut tell),
                }
            }
        }
    }
}

fn finding(range: Range<usize>, detector: &Detector) -> Finding {
    Finding { range, class: detector.class, detector: detector.name }
}

#[cfg(test)]
mod tests;
