//! What does one rule find?

use std::ops::Range;

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::error::RulesError;
use crate::privacy::class::Class;

/// How much memory one pattern may take when it is compiled, in bytes: repetitions of repetitions take more than any
/// sensible pattern does.
const MAX_SIZE: usize = 2 * 1024 * 1024;

/// How many times a pattern is looked for in one text: to find all matches takes longer than linear time where each of
/// them is looked for up to the end. What is behind that many is found as a whole.
const MOST: usize = 100;

/// A pattern of the organisation's own, and of which class is what it finds.
///
/// ```
/// use otel_runtime::privacy::{Class, Mode, Redacted, Redactor, Rule, Rules};
///
/// let staff = Rule::new("staff", r"\bstaff-([0-9]{4})\b")?.class(Class::Own("acme:staff"));
/// let redactor = Redactor::new(Mode::Secrets).rules(Rules::new([staff]));
///
/// assert!(matches!(redactor.redact("note", "ask staff-4711"), Redacted::Replaced(_)));
/// assert_eq!(redactor.redact("note", "ask the staff"), Redacted::Kept);
/// # Ok::<(), otel_runtime::privacy::RulesError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rule {
    pub(super) id: String,
    pattern: Regex,
    class: Class,
    /// 0 for the first group that takes part, or the whole match if none does.
    group: usize,
    /// In lower case.
    pub(super) keywords: Vec<String>,
    entropy: f64,
    exceptions: Vec<Exception>,
}

/// What is not to be found after all.
#[derive(Clone, Debug, Default)]
pub(super) struct Exception {
    pub(super) patterns: Vec<Regex>,
    /// In lower case.
    pub(super) stopwords: Vec<String>,
    pub(super) target: Target,
    /// Whether one of each has to match, and not one of either.
    pub(super) needs_all: bool,
}

/// What the patterns of an exception are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only a file has exceptions"))]
pub(super) enum Target {
    #[default]
    Secret,
    Match,
    Line,
}

impl Rule {
    /// A rule with this name that finds what `pattern` matches, in the syntax of the crate
    /// [`regex`](https://docs.rs/regex/1/regex/#syntax). In a pattern of ASCII, `\w`, `\d`, `\s`, `\b` and `(?i)` are about
    /// ASCII, as in gitleaks; in others about Unicode. Where it has groups, what is found is the first that takes
    /// part; otherwise the whole match. Its class is [`Class::Credential`].
    ///
    /// # Errors
    ///
    /// The pattern cannot be read, matches an empty text, takes more than 2 MiB when it is compiled, or has what takes
    /// more than linear time elsewhere: look-around, a reference to a group.
    pub fn new(id: &str, pattern: &str) -> Result<Rule, RulesError> {
        if id.is_empty() {
            return Err(RulesError::new("", "give the rule an id"));
        }
        let pattern = compiled(id, pattern)?;
        Ok(Rule {
            id: id.to_owned(),
            pattern,
            class: Class::Credential,
            group: 0,
            keywords: Vec::new(),
            entropy: 0.0,
            exceptions: Vec::new(),
        })
    }

    /// Of which class is what it finds, which says what becomes of it.
    #[must_use]
    pub fn class(self, class: Class) -> Rule {
        Rule { class, ..self }
    }

    /// Only texts are looked at that have one of these words in them, in any case. A rule with words costs next to
    /// nothing where there are none.
    #[must_use]
    pub fn keywords<W: AsRef<str>>(self, words: impl IntoIterator<Item = W>) -> Rule {
        let keywords = words.into_iter().map(|word| word.as_ref().to_lowercase()).collect();
        Rule { keywords, ..self }
    }

    /// Which group of the pattern is what is found.
    ///
    /// # Errors
    ///
    /// The pattern has fewer groups.
    pub fn group(self, group: usize) -> Result<Rule, RulesError> {
        let there_are = self.pattern.captures_len() - 1;
        if group > there_are {
            let remedy =
                format!("write a secretGroup of at most {there_are}: the regex has no more groups");
            return Err(RulesError::new(&self.id, remedy));
        }
        Ok(Rule { group, ..self })
    }

    /// How many bits of [entropy](https://en.wikipedia.org/wiki/Entropy_(information_theory)) a character of what is
    /// found has, more than this: `aaaa` has 0, random letters and digits have about 4.
    #[must_use]
    pub fn entropy(self, bits: f64) -> Rule {
        Rule { entropy: bits, ..self }
    }

    #[cfg_attr(
        not(feature = "config-file"),
        expect(dead_code, reason = "only a file has exceptions")
    )]
    pub(super) fn excepting(mut self, exception: Exception) -> Rule {
        self.exceptions.push(exception);
        self
    }

    /// What it finds in a text. `lower` is the text in lower case.
    pub(super) fn find(&self, text: &str, lower: &str, found: &mut Vec<(Range<usize>, Class)>) {
        if !self.keywords.is_empty() && !self.keywords.iter().any(|word| lower.contains(word)) {
            return;
        }
        for (count, captures) in self.pattern.captures_iter(text.as_bytes()).enumerate() {
            if count == MOST {
                let start = captures.get(0).map_or(0, |it| it.start());
                found.push((whole(text, start..text.len()), self.class));
                return;
            }
            let Some(range) = self.range(&captures) else { continue };
            let range = whole(text, range);
            let Some(secret) = text.get(range.clone()) else { continue };
            let all = captures.get(0).map_or(0..0, |it| whole(text, it.range()));
            let all = text.get(all).unwrap_or_default();
            let is_excepted =
                self.exceptions.iter().any(|it| it.holds(secret, all, line(text, &range)));
            if entropy(secret) >= self.entropy && !is_excepted {
                found.push((range, self.class));
            }
        }
    }

    fn range(&self, captures: &Captures<'_>) -> Option<Range<usize>> {
        let group = match self.group {
            0 => captures.iter().skip(1).flatten().find(|it| !it.is_empty()).or(captures.get(0)),
            group => captures.get(group),
        };
        group.map(|it| it.range())
    }
}

impl Exception {
    fn holds(&self, secret: &str, all: &str, line: &str) -> bool {
        let target = match self.target {
            Target::Secret => secret,
            Target::Match => all,
            Target::Line => line,
        };
        let by_pattern = self.patterns.iter().any(|it| it.is_match(target.as_bytes()));
        let lower = secret.to_lowercase();
        let by_word = self.stopwords.iter().any(|it| lower.contains(it));
        match (self.patterns.is_empty(), self.stopwords.is_empty()) {
            (false, false) if self.needs_all => by_pattern && by_word,
            _ => by_pattern || by_word,
        }
    }
}

/// A pattern that takes linear time, and finds something.
pub(super) fn compiled(rule: &str, pattern: &str) -> Result<Regex, RulesError> {
    let is_unicode = !pattern.is_ascii();
    let regex = RegexBuilder::new(pattern).unicode(is_unicode).size_limit(MAX_SIZE).build().map_err(|error| {
        let remedy = match error {
            regex::Error::CompiledTooBig(_) => {
                "write a smaller regex: with its repetitions it takes more than 2 MiB".to_owned()
            }
            error => {
                // The last line of several says what is wrong; those above show where.
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!(
                    "write a regex that takes linear time, with neither look-around nor references to groups \
                     ({why})"
                )
            }
        };
        RulesError::new(rule, remedy)
    })?;
    if regex.is_match(b"") {
        return Err(RulesError::new(rule, "write a regex that does not match an empty text"));
    }
    Ok(regex)
}

/// The characters that have a part in this range: a pattern about ASCII may match a part of one.
fn whole(text: &str, range: Range<usize>) -> Range<usize> {
    let start = (0..=range.start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (range.end..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    start..end
}

/// The line in which this is.
fn line<'a>(text: &'a str, at: &Range<usize>) -> &'a str {
    let start = text.get(..at.start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let end = text.get(at.end..).and_then(|it| it.find('\n')).map_or(text.len(), |it| at.end + it);
    text.get(start..end).unwrap_or(text)
}

/// Bits for each byte.
#[expect(clippy::cast_precision_loss, reason = "texts are short")]
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let len = text.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / len;
            -share * share.log2()
        })
        .sum()
}
