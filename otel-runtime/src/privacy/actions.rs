//! What becomes of a value, by its class?

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::action::{self, Action, InvalidAction};
use super::class::{Class, UnknownClass};
use super::hash::HashKeys;
use super::part;

/// An [`Action`] for each [`Class`], and the keys for hashes. A class is meant by exactly its name, and one for
/// which nothing is said is erased.
///
/// ```
/// use otel_runtime::privacy::{Action, Actions, Class, Outcome};
///
/// let actions = Actions::default()
///     .with(Class::Financial, Action::MaskAllButLast(4))
///     .with(Class::Network, Action::NETWORK)
///     .with(Class::Own("acme:shoe-size"), Action::Keep);
///
/// assert_eq!(actions.apply(Class::Financial, "note", "4111111111111111"), Outcome::Replace("****1111".into()));
/// assert_eq!(actions.apply(Class::Network, "peer", "192.0.2.7"), Outcome::Replace("192.0.2.0".into()));
/// assert_eq!(actions.apply(Class::Own("acme:shoe-size"), "size", "43"), Outcome::Keep);
/// assert_eq!(actions.apply(Class::Own("acme:shoe"), "size", "43"), Outcome::Replace("[acme:shoe]".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    by_class: BTreeMap<Class, Action>,
    keys: Option<HashKeys>,
}

/// What leaves in place of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value.
    Keep,
    /// Nothing; an attribute that holds it does not leave.
    Drop,
    /// This text.
    Replace(String),
}

/// [`Class::Public`] and [`Class::Identifier`] are kept, all others are erased.
impl Default for Actions {
    fn default() -> Self {
        Self::erase_all().with(Class::Public, Action::Keep).with(Class::Identifier, Action::Keep)
    }
}

impl Actions {
    /// Every class is erased, public data and identifiers too.
    #[must_use]
    pub fn erase_all() -> Self {
        Self { by_class: BTreeMap::new(), keys: None }
    }

    /// What becomes of values of this class; replaces what was said of it before.
    #[must_use]
    pub fn with(mut self, class: Class, action: Action) -> Self {
        self.by_class.insert(class, action);
        self
    }

    /// The keys that [`Action::Hash`] takes.
    #[must_use]
    pub fn hash_keys(mut self, keys: HashKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// What becomes of values of this class.
    #[must_use]
    pub fn action(&self, class: Class) -> &Action {
        self.by_class.get(&class).unwrap_or(&Action::Erase)
    }

    /// What leaves in place of `text`, which is of this class and stands in an attribute with this key. Where it
    /// stands in no attribute, what it stands in is its key, as in `span.name`.
    #[must_use]
    pub fn apply(&self, class: Class, key: &str, text: &str) -> Outcome {
        self.carry_out(self.action(class), class, key, text)
    }

    /// What leaves in place of a value that is of several classes: of their actions, what the strictest says.
    /// A value of no class is erased.
    #[must_use]
    pub fn apply_strictest(&self, classes: &[Class], key: &str, text: &str) -> Outcome {
        let class = classes.iter().copied().reduce(|a, b| self.stricter(a, b));
        self.apply(class.unwrap_or(Class::Unknown), key, text)
    }

    /// Which of two classes is treated more strictly.
    #[must_use]
    pub fn stricter(&self, a: Class, b: Class) -> Class {
        let of_a = self.action(a);
        if std::ptr::eq(of_a.strictest(self.action(b)), of_a) { a } else { b }
    }

    /// Whether a class is to be hashed, and there is no key for it.
    pub(crate) fn lacks_key(&self) -> bool {
        self.keys.is_none() && self.by_class.values().any(|action| *action == Action::Hash)
    }

    /// The ids of the keys, if there are any, the one that hashes now first.
    pub(crate) fn keys(&self) -> Option<&HashKeys> {
        self.keys.as_ref()
    }

    pub(crate) fn key_ids(&self) -> Option<Vec<&str>> {
        Some(self.keys.as_ref()?.ids().collect())
    }

    /// Whether this is what [`Action::Hash`] leaves of a value, or `hash(x)` of `#[traced]`.
    pub(crate) fn is_hash(&self, text: &str) -> bool {
        self.keys.as_ref().is_some_and(|keys| keys.is_hash(text))
    }

    /// Carries out an action that somebody asked for by name, whatever is said of the class.
    pub(crate) fn carry_out(
        &self,
        action: &Action,
        class: Class,
        key: &str,
        text: &str,
    ) -> Outcome {
        match action {
            Action::Keep => Outcome::Keep,
            Action::Drop => Outcome::Drop,
            Action::Erase => erase(class),
            Action::Mask => Outcome::Replace(part::mask_all_but_last(0, text)),
            Action::MaskAllButLast(shown) => {
                Outcome::Replace(part::mask_all_but_last(*shown, text))
            }
            Action::Hash => match &self.keys {
                Some(keys) => Outcome::Replace(keys.hash(key, text)),
                None => Outcome::Drop,
            },
            Action::Truncate(chars) => match part::truncate(*chars, text) {
                whole if whole.len() == text.len() => Outcome::Keep,
                part => Outcome::Replace(part.to_owned()),
            },
            Action::Network { v4, v6 } => match action::network(*v4, *v6, text) {
                Some(network) => Outcome::Replace(network.to_string()),
                None => erase(class),
            },
            Action::Replace(text) => Outcome::Replace(text.clone().into_owned()),
        }
    }
}

fn erase(class: Class) -> Outcome {
    Outcome::Replace(format!("[{class}]"))
}

/// As settings have it, without the keys.
impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (class, action)) in self.by_class.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{class}={action}")?;
        }
        Ok(())
    }
}

impl FromStr for Actions {
    type Err = InvalidActions;

    /// Actions as settings have them, `contact=hash,network=network 24/48`. What they do not name stays as it is by
    /// default.
    ///
    /// # Errors
    ///
    /// A class or an action that is unknown, a class that is given twice, or something without a `=`.
    fn from_str(text: &str) -> Result<Self, InvalidActions> {
        let mut given = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (class, action) = part.split_once('=').ok_or(InvalidActions::NoPair)?;
            let class: Class = class.trim().parse().map_err(InvalidActions::Class)?;
            let action = action.parse().map_err(|why| InvalidActions::Action(class, why))?;
            if given.insert(class, action).is_some() {
                return Err(InvalidActions::Twice(class));
            }
        }
        let mut actions = Self::default();
        actions.by_class.extend(given);
        Ok(actions)
    }
}

/// These are no actions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidActions {
    /// Something is no `class=action`.
    NoPair,
    /// A class is unknown.
    Class(UnknownClass),
    /// The action of this class is unknown.
    Action(Class, InvalidAction),
    /// A class is given twice.
    Twice(Class),
}

impl fmt::Display for InvalidActions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPair => {
                f.write_str("write `class=action` with commas between them, as in `contact=hash`")
            }
            Self::Class(unknown) => unknown.fmt(f),
            Self::Action(class, invalid) => write!(f, "`{class}`: {invalid}"),
            Self::Twice(class) => write!(f, "`{class}` is given twice: keep one"),
        }
    }
}

impl std::error::Error for InvalidActions {}

#[cfg(test)]
mod tests;
