//! What does an organisation look for that nobody else does?

mod error;
#[cfg(feature = "config-file")]
mod file;
mod rule;
#[cfg(all(test, feature = "config-file"))]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

pub use error::RulesError;
pub use rule::Rule;

use super::class::Class;

/// Rules of an organisation's own, which hold beside what is looked for anyway.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Arc<[Rule]>,
    /// The keywords of all rules; `None` if some rule has none, so that every text has to be looked at.
    keywords: Option<AhoCorasick>,
}

impl Rules {
    /// These rules. What several find is treated as what the strictest of them says.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Rules {
        let rules: Arc<[Rule]> = rules.into_iter().collect();
        // Only case of ASCII is left out of account in the search.
        let has_words =
            |rule: &Rule| !rule.keywords.is_empty() && rule.keywords.iter().all(|it| it.is_ascii());
        let have_words = rules.iter().all(has_words);
        let words = rules.iter().flat_map(|rule| &rule.keywords);
        // Without it, all texts are looked at.
        let search = || AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
        let keywords = have_words.then(search).flatten();
        Rules { rules, keywords }
    }

    /// The rules in a text that is shaped like [gitleaks'](https://github.com/gitleaks/gitleaks#configuration)
    /// configuration. `name` is what errors call it.
    ///
    /// ```
    /// use otel_runtime::privacy::Rules;
    ///
    /// let rules = Rules::parse("acme.toml", r#"
    ///     [[rules]]
    ///     id = "acme-key"
    ///     regex = '''\bacme_([A-Za-z0-9]{24})\b'''
    ///     keywords = ["acme_"]
    ///     entropy = 3.0
    ///
    ///     [[rules]]
    ///     id = "acme-patient"
    ///     class = "acme:patient"
    ///     regex = '''\bPAT-[0-9]{8}\b'''
    /// "#)?;
    /// # Ok::<(), otel_runtime::privacy::RulesError>(())
    /// ```
    ///
    /// Of gitleaks' keys, `id`, `regex`, `secretGroup`, `keywords`, `entropy` and `allowlists` (`regexes`, `stopwords`,
    /// `regexTarget`, `condition`) mean what they mean there; `description`, `tags` and what is about files and
    /// commits say nothing here. `class` is ours, and `credential` without it.
    ///
    /// # Errors
    ///
    /// It is no TOML, a key is unknown, a value cannot be used; as [`Rule::new`].
    #[cfg(feature = "config-file")]
    pub fn parse(name: &str, text: &str) -> Result<Rules, RulesError> {
        file::parse(name, text).map(Rules::new)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// What they find in a text.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, Class)> {
        let mut found = Vec::new();
        if self.is_empty() || self.keywords.as_ref().is_some_and(|words| !words.is_match(text)) {
            return found;
        }
        let lower = text.to_lowercase();
        self.rules.iter().for_each(|rule| rule.find(text, &lower, &mut found));
        found
    }
}
