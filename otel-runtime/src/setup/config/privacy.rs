//! What must not leave the process, and what becomes of it?

use std::path::{Path, PathBuf};

use super::problems::Problems;
#[cfg(feature = "config-file")]
use super::read;
use super::source::{Given, Source};
use crate::privacy::{Actions, HashKeys, InvalidActions, Mode, Redactor, Rules};

/// What one source says of it.
#[derive(Default)]
pub(crate) struct PrivacySettings {
    /// All of it, from code.
    pub(crate) redactor: Option<Given<Redactor>>,
    pub(crate) mode: Option<Given<Mode>>,
    /// Keys, with commas between them.
    pub(crate) allow: Option<Given<String>>,
    pub(crate) dry_run: Option<Given<bool>>,
    /// A file of the organisation's own rules.
    pub(crate) rules: Option<Given<PathBuf>>,
    /// `class=action`, with commas between them.
    pub(crate) actions: Option<Given<String>>,
    /// `id:base64`, with commas between them: a secret.
    pub(crate) hash_key: Option<Given<String>>,
}

impl PrivacySettings {
    pub(super) fn over(self, less: PrivacySettings) -> PrivacySettings {
        let PrivacySettings { redactor, mode, allow, dry_run, rules, actions, hash_key } = self;
        PrivacySettings {
            // What code says by a mode beats what it does not say.
            redactor: redactor.or(less.redactor.filter(|_| mode.is_none())),
            mode: mode.or(less.mode),
            allow: allow.or(less.allow),
            dry_run: dry_run.or(less.dry_run),
            rules: rules.or(less.rules),
            actions: actions.or(less.actions),
            hash_key: hash_key.or(less.hash_key),
        }
    }
}

pub(super) fn resolve(settings: PrivacySettings, problems: &mut Problems) -> Redactor {
    let PrivacySettings { redactor, mode, allow, dry_run, rules, actions, hash_key } = settings;
    if let Some(Given { value, from }) = redactor {
        if value.lacks_key() {
            problems.fault(from, LACKS_KEY);
        }
        return value;
    }
    let mode = mode.map_or_else(Mode::default, |given| given.value);
    let mut redactor = Redactor::new(mode);
    if let Some(Given { value, from }) = allow {
        if mode != Mode::AllowList {
            let why = "this is left out: it counts where privacy is allowlist";
            problems.warn(from, value.clone(), why);
        }
        for key in value.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            redactor = redactor.allow(key);
        }
    }
    if let Some(Given { value, from }) = rules {
        redactor = redactor.rules(self::rules(&value, from, problems));
    }
    redactor = redactor.actions(self::actions(actions, hash_key, problems));
    redactor.dry_run(dry_run.is_some_and(|given| given.value))
}

const LACKS_KEY: &str = "a class is to be hashed, and there is no key: set OTEL_TRACED_HASH_KEY";

fn actions(
    actions: Option<Given<String>>,
    hash_key: Option<Given<String>>,
    problems: &mut Problems,
) -> Actions {
    let mut chosen = Actions::default();
    let mut set = None;
    if let Some(Given { value, from }) = actions {
        match value.parse() {
            Ok(actions) => chosen = actions,
            Err(error) => {
                let error: InvalidActions = error;
                problems.add(&from, Some(value.clone()), error.to_string());
            }
        }
        set = Some(Given { value, from });
    }
    if let Some(Given { value, from }) = hash_key {
        match HashKeys::parse(&value) {
            Ok(keys) => chosen = chosen.hash_keys(keys),
            Err(error) => {
                problems.add(from, None, error.to_string());
                // That a key is missing would be no news.
                return Actions::default();
            }
        }
    }
    if let Some(Given { value, from }) = set.filter(|_| chosen.lacks_key()) {
        problems.add(from, Some(value), LACKS_KEY);
    }
    chosen
}

/// A larger file is not one of rules.
#[cfg(feature = "config-file")]
const MAX_BYTES: u64 = 1024 * 1024;

#[cfg(feature = "config-file")]
fn rules(path: &Path, from: Source, problems: &mut Problems) -> Rules {
    let name = path.display().to_string();
    let read = read::read(path, MAX_BYTES)
        .map_err(|why| format!("name a file of rules that can be read, or unset it ({why})"))
        .and_then(|text| {
            String::from_utf8(text).map_err(|_| "name a TOML file in UTF-8".to_owned())
        })
        .and_then(|text| Rules::parse(&name, &text).map_err(|error| error.to_string()));
    read.unwrap_or_else(|why| {
        problems.add(from, Some(name), why);
        Rules::default()
    })
}

#[cfg(not(feature = "config-file"))]
fn rules(path: &Path, from: Source, problems: &mut Problems) -> Rules {
    let remedy =
        "build with the feature `config-file` of otel-runtime, by which files of rules are read";
    problems.add(from, Some(path.display().to_string()), remedy);
    Rules::default()
}
