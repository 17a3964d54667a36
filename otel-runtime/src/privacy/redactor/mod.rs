//! What becomes of a value that is about to leave the process?

mod allow;
mod counts;
mod cut;
mod decide;
mod detector;
mod key;
mod merge;
mod place;
mod redacted;

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

pub use counts::{RedactedStats, WouldRedact};
pub use detector::Detector;
pub use redacted::Redacted;

pub(crate) use cut::LOOKED_AT;
pub(crate) use key::KeyRule;
pub(crate) use place::{EXCEPTION, Place};

use super::actions::Actions;
use super::detect::{Coverage, Scanner};
use super::mode::Mode;
use super::rules::Rules;
use allow::AllowList;
use counts::Counts;

/// Decides what of a value leaves the process: it looks at a key and its value, and says whether the value is kept,
/// replaced or dropped. It does the same for every exporter, and with every span, whoever made it.
///
/// [`init`](crate::init) and [`builder`](crate::builder) set one up. By itself it is for a program that exports in
/// its own way, by [`Redacting`](super::Redacting), for its logs, and for tests:
///
/// ```
/// use otel_runtime::privacy::{Mode, Redacted, Redactor};
///
/// let redactor = Redactor::new(Mode::Personal);
///
/// let Redacted::Replaced(text) = redactor.redact("note", "ask ada.l@acme-corp.dev") else { panic!() };
/// assert!(text.starts_with("ask ") && !text.contains("ada"));
/// assert_eq!(redactor.redact("note", "ask the desk"), Redacted::Kept);
/// ```
///
/// A clone counts into the same numbers.
#[derive(Clone)]
pub struct Redactor {
    mode: Mode,
    is_dry: bool,
    scanner: &'static Scanner,
    allow: AllowList,
    actions: Actions,
    rules: Rules,
    detectors: Vec<Arc<dyn Detector>>,
    counts: Arc<Counts>,
}

/// The redactor that `init` was told of.
static INSTALLED: OnceLock<Redactor> = OnceLock::new();

/// Makes `redactor` that of the process, for what leaves by other ways than the pipeline.
pub(crate) fn install(redactor: Redactor) {
    // `init` succeeds once.
    let _ = INSTALLED.set(redactor);
}

/// That of the process, and before `init` the one by default.
#[cfg(feature = "tracing")]
pub(crate) fn installed() -> &'static Redactor {
    static DEFAULT: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(Mode::default()));
    INSTALLED.get().unwrap_or_else(|| &DEFAULT)
}

/// The scanner of a mode, whose patterns are compiled once in a process.
fn scanner(mode: Mode) -> &'static Scanner {
    static SECRETS: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(Coverage::Secrets));
    static PERSONAL: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(Coverage::Personal));
    match mode {
        Mode::Off | Mode::Secrets => &SECRETS,
        Mode::Personal | Mode::AllowList => &PERSONAL,
    }
}

impl Redactor {
    /// One that looks for as much as `mode` says, and does with what it finds what is done by default.
    #[must_use]
    pub fn new(mode: Mode) -> Redactor {
        Redactor {
            mode,
            is_dry: false,
            scanner: scanner(mode),
            allow: AllowList::default(),
            actions: Actions::default(),
            rules: Rules::default(),
            detectors: Vec::new(),
            counts: Arc::default(),
        }
    }

    /// In [`Mode::AllowList`], the value of this key may leave, too; `http.*` is all keys that begin with `http.`.
    /// `error.type`, `exception.type`, `code.*`, `otel.*` and all attributes of the resource are listed already.
    #[must_use]
    pub fn allow(mut self, key: &str) -> Redactor {
        self.allow.add(key);
        self
    }

    /// What is done with the values of each class.
    #[must_use]
    pub fn actions(self, actions: Actions) -> Redactor {
        Redactor { actions, ..self }
    }

    /// The organisation's own rules, beside what is looked for anyway. They replace those that were set before.
    #[must_use]
    pub fn rules(self, rules: Rules) -> Redactor {
        Redactor { rules, ..self }
    }

    /// One more detector of the program's.
    #[must_use]
    pub fn detector(mut self, detector: impl Detector + 'static) -> Redactor {
        self.detectors.push(Arc::new(detector));
        self
    }

    /// Whether everything leaves as it is, and what would have been redacted is only counted, and named by
    /// [`would_redact`](Redactor::would_redact).
    #[must_use]
    pub fn dry_run(self, is_dry: bool) -> Redactor {
        Redactor { is_dry, ..self }
    }

    /// What becomes of the value of an attribute.
    pub fn redact(&self, key: &str, value: &str) -> Redacted {
        self.text(Place::Attribute { key, rule: &self.key(key), system: None }, value)
    }

    /// What becomes of a number that is the value of an attribute.
    pub fn redact_number(&self, key: &str, value: i64) -> Redacted {
        self.number(Place::Attribute { key, rule: &self.key(key), system: None }, value)
    }

    /// How much it looks for.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether it only counts and names what it would redact.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.is_dry
    }

    /// How many values were redacted so far, by class.
    #[must_use]
    pub fn stats(&self) -> RedactedStats {
        self.counts.stats()
    }

    /// In a dry run, what would have been redacted so far: by key and class, never the value. At most 1000 of them.
    #[must_use]
    pub fn would_redact(&self) -> Vec<WouldRedact> {
        self.counts.named()
    }
}

impl Redactor {
    /// Whether what is found does not leave.
    pub(crate) fn hides(&self) -> bool {
        !self.is_off() && !self.is_dry
    }

    pub(crate) fn chosen_actions(&self) -> &Actions {
        &self.actions
    }

    /// Whether something is to be hashed for which there is no key.
    pub(crate) fn lacks_key(&self) -> bool {
        self.actions.lacks_key()
    }

    /// How many keys were listed.
    pub(crate) fn allowed(&self) -> usize {
        self.allow.added()
    }

    /// How many rules were set.
    pub(crate) fn rules_set(&self) -> usize {
        self.rules.len()
    }

    pub(crate) fn is_off(&self) -> bool {
        self.mode == Mode::Off
    }

    /// Whether texts that are no constants of the program have to stay behind, unless they are listed.
    pub(crate) fn lists(&self) -> bool {
        self.mode == Mode::AllowList && !self.is_dry
    }
}

/// Shows how it was set, and nothing that it has seen.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("mode", &self.mode)
            .field("dry_run", &self.is_dry)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// One that does nothing.
impl Default for Redactor {
    fn default() -> Self {
        Redactor::new(Mode::Off)
    }
}
