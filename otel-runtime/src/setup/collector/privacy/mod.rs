//! How is a Collector asked to redact the spans of other services?

mod patterns;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use super::error::{CollectorError, Mistakes};
use crate::privacy::{Actions, Coverage};
use patterns::{PATTERNS, Pattern};

/// A Collector that does with the spans of every service what this process does with its own: a configuration with
/// the processors `redaction` and `transform` of the Collector 0.161.
///
/// ```
/// use otel_runtime::collector::Redaction;
/// use otel_runtime::privacy::{Actions, Coverage};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let configuration = Redaction::new(Coverage::Secrets, Actions::default()).over_approximate()?;
/// assert!(configuration.yaml().contains("sanitize_span_name: false"));
///
/// // A Collector takes patterns only, and cannot compute the check digit of a card.
/// let refused = Redaction::new(Coverage::Secrets, Actions::default()).exact().unwrap_err();
/// assert!(refused.fields().any(|field| field == "card"));
/// # Ok(())
/// # }
/// ```
///
/// | what | a Collector |
/// | --- | --- |
/// | values that need a check, such as cards | redacts whatever looks like one |
/// | arrays, maps and numbers | redacts the value as a whole text, which it then is |
/// | names, status, trace state, keys | redacts them, by `transform` |
/// | links | drops all links, started with `--feature-gates=+ottl.set.allowNil`; without that gate it refuses spans that have some |
/// | statements to databases | loses its texts in single quotes and its long numbers, not by the dialect |
/// | a hash | HMAC-SHA-256 of the value alone, 64 digits, without the key's id, and only in attributes |
/// | masks that show a part, networks, truncation | erases the value, which tells less |
#[derive(Clone, Debug)]
#[must_use = "it is written by `exact` or `over_approximate`"]
pub struct Redaction {
    coverage: Coverage,
    actions: Actions,
    only: Option<Vec<String>>,
    has_links: bool,
    has_statements: bool,
    hash_key: String,
    listen: String,
    backend: String,
}

impl Redaction {
    /// One that looks for as much, and does with what it finds what the actions say.
    pub fn new(coverage: Coverage, actions: Actions) -> Self {
        Self {
            coverage,
            actions,
            only: None,
            has_links: true,
            has_statements: true,
            hash_key: "REDACTION_HMAC_KEY".to_owned(),
            listen: "0.0.0.0:4317".to_owned(),
            backend: "${env:BACKEND}".to_owned(),
        }
    }

    /// Looks for these kinds of values only, such as `github`; those that the documentation of the detectors names,
    /// and `named`, the value behind the name of a secret.
    pub fn only(mut self, detectors: &[&str]) -> Self {
        self.only = Some(detectors.iter().map(|name| (*name).to_owned()).collect());
        self
    }

    /// Whether spans with links come, whose attributes no processor reaches. Default: yes. If none come, say so, and
    /// links are left alone.
    pub fn links(mut self, come: bool) -> Self {
        self.has_links = come;
        self
    }

    /// Whether statements to databases come that have literals. Default: yes. If all are parameterised, say so, and
    /// they are left alone.
    pub fn statements(mut self, come: bool) -> Self {
        self.has_statements = come;
        self
    }

    /// The variable of the Collector's environment that holds the key for hashes, of 32 bytes or more. Default:
    /// `REDACTION_HMAC_KEY`.
    pub fn hash_key_variable(mut self, name: impl Into<String>) -> Self {
        self.hash_key = name.into();
        self
    }

    /// Where it takes spans in, by OTLP over gRPC. Default: `0.0.0.0:4317`.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Where it sends them, by OTLP over gRPC; without TLS if it begins with `http://`. Default: `${env:BACKEND}`.
    pub fn backend(mut self, endpoint: impl Into<String>) -> Self {
        self.backend = endpoint.into();
        self
    }

    /// The configuration, if the Collector can do exactly the same.
    ///
    /// # Errors
    ///
    /// Everything that it cannot do, by the name of the detector, or of what it is about: `links`, `statements`,
    /// `actions`; and settings that are none.
    pub fn exact(&self) -> Result<RedactionConfiguration, CollectorError> {
        self.written(Mistakes::default())
    }

    /// The configuration, which redacts more where the Collector cannot do the same, and says so in comments.
    ///
    /// # Errors
    ///
    /// A setting that is none: an unknown detector, an address without a port, a variable without a name.
    pub fn over_approximate(&self) -> Result<RedactionConfiguration, CollectorError> {
        self.written(Mistakes::widening())
    }

    fn written(&self, mut mistakes: Mistakes) -> Result<RedactionConfiguration, CollectorError> {
        self.check(&mut mistakes);
        let yaml = self.yaml(&mut mistakes).to_string();
        let widened = mistakes.finish()?;
        Ok(RedactionConfiguration { yaml, widened })
    }

    fn check(&self, mistakes: &mut Mistakes) {
        for name in self.only.iter().flatten() {
            if !PATTERNS.iter().any(|pattern| pattern.name == *name) {
                let known: Vec<&str> = PATTERNS.iter().map(|pattern| pattern.name).collect();
                mistakes.wrong(
                    "only",
                    format!("`{name}` is no detector: there are {}", known.join(", ")),
                );
            }
        }
        if !self.listen.contains(':') {
            mistakes.wrong("listen", "write an address with a port, such as 0.0.0.0:4317");
        }
        if self.backend.trim().is_empty() {
            mistakes.wrong("backend", "write where traces go, such as http://tempo:4317");
        }
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !is_name(&self.hash_key) {
            mistakes.wrong(
                "hash_key_variable",
                "write the name of a variable, such as REDACTION_HMAC_KEY",
            );
        }
    }

    /// What is looked for.
    fn patterns(&self) -> impl Iterator<Item = &'static Pattern> {
        PATTERNS.iter().filter(|pattern| {
            let is_wanted = match &self.only {
                Some(only) => only.iter().any(|name| name == pattern.name),
                None => pattern.coverage <= self.coverage,
            };
            is_wanted && *self.actions.action(pattern.class) != crate::privacy::Action::Keep
        })
    }
}

/// The configuration of a Collector, as YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactionConfiguration {
    yaml: String,
    widened: Vec<String>,
}

impl RedactionConfiguration {
    /// The configuration.
    #[must_use]
    pub fn yaml(&self) -> &str {
        &self.yaml
    }

    /// What is redacted beside what the process would redact. It stands in the configuration as comments, too.
    #[must_use]
    pub fn widened(&self) -> &[String] {
        &self.widened
    }
}

impl fmt::Display for RedactionConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.yaml)
    }
}
