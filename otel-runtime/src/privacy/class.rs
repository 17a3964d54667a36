//! What kind of data is a value?

use std::fmt;

/// What kind of data a value is. What becomes of a value of a class, an action says; a class that has none is
/// erased.
///
/// ```
/// use otel_runtime::privacy::Class;
///
/// assert_eq!("contact".parse(), Ok(Class::Contact));
/// assert_eq!("acme:patient".parse(), Ok(Class::Own("acme:patient")));
/// assert!("contcat".parse::<Class>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// Nothing that anybody minds: the number of items, a product's name.
    Public,
    /// Says which person, and not who: the id of a user or of an account.
    Identifier,
    /// How to reach somebody: an e-mail address, a telephone number, a name, a postal address.
    Contact,
    /// Where somebody is on a network or on a machine: an IP address, the name in `/home/ada`.
    Network,
    /// A payment card, an IBAN, an account.
    Financial,
    /// What a state gave somebody: a social security number, a passport, a tax number.
    Government,
    /// What opens something: a password, a token, a key, a connection string.
    Credential,
    /// What law protects the most: health, religion, origin, biometrics
    /// ([GDPR, article 9](https://gdpr-info.eu/art-9-gdpr/)).
    Special,
    /// Personal, but nobody has said in which way.
    Unknown,
    /// A class of an organisation's own, by its name with a taxonomy in front, as in `acme:patient`. The colon
    /// tells it from a misspelt class of ours.
    Own(&'static str),
}

impl Class {
    /// All but those of organisations.
    pub const ALL: [Self; 9] = [
        Self::Public,
        Self::Identifier,
        Self::Contact,
        Self::Network,
        Self::Financial,
        Self::Government,
        Self::Credential,
        Self::Special,
        Self::Unknown,
    ];

    /// Its name in settings and in what is said about it, such as `financial`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Identifier => "identifier",
            Self::Contact => "contact",
            Self::Network => "network",
            Self::Financial => "financial",
            Self::Government => "government",
            Self::Credential => "credential",
            Self::Special => "special",
            Self::Unknown => "unknown",
            Self::Own(name) => name,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Class {
    type Err = UnknownClass;

    /// A class by its name; lower case. The name of an organisation's own class, `taxonomy:name`, is kept for as
    /// long as the process lives: read settings with it, not data.
    ///
    /// # Errors
    ///
    /// No class has this name, and it is none of an organisation's: one or more of `a-z`, `0-9`, `_`, `-` and
    /// `.` on both sides of one colon.
    fn from_str(name: &str) -> Result<Self, UnknownClass> {
        if let Some(class) = Self::ALL.into_iter().find(|class| class.name() == name) {
            return Ok(class);
        }
        match name.split_once(':') {
            Some((taxonomy, own)) if is_word(taxonomy) && is_word(own) => {
                Ok(Self::Own(for_ever(name)))
            }
            _ => Err(UnknownClass { name: name.to_owned() }),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.'))
}

/// The same text for the same name, so that settings that are read again take no more memory.
fn for_ever(name: &str) -> &'static str {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = crate::process::lock::lock(&NAMES);
    if let Some(known) = names.as_ref().and_then(|names| names.get(name)) {
        return known;
    }
    let kept: &'static str = Box::leak(name.into());
    if let Some(names) = &mut names {
        names.insert(kept);
    }
    kept
}

/// No class has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownClass {
    name: String,
}

impl fmt::Display for UnknownClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no class of data; there are ", self.name)?;
        for class in Class::ALL {
            write!(f, "`{class}`, ")?;
        }
        f.write_str("and an organisation's own, with a colon in it, as in `acme:patient`")
    }
}

impl std::error::Error for UnknownClass {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_read_by_the_name_it_is_shown_by() {
        for class in Class::ALL.into_iter().chain([Class::Own("acme:patient")]) {
            assert_eq!(class.to_string().parse(), Ok(class));
        }
    }

    #[test]
    fn a_misspelt_class_is_not_taken_for_an_organisations_own() {
        for name in [
            "",
            "Contact",
            "contcat",
            "acme",
            ":",
            "acme:",
            ":patient",
            "a:b:c",
            "acme:Patient",
            "a b:c",
        ] {
            let refused = name.parse::<Class>().expect_err(name).to_string();
            assert!(refused.contains("`contact`") && refused.contains("acme:patient"), "{refused}");
        }
    }

    #[test]
    fn settings_that_are_read_again_take_no_more_memory() {
        let text = |class: Result<Class, _>| class.expect("valid").name().as_ptr();
        assert_eq!(text("acme:again".parse()), text("acme:again".parse()));
    }
}
