//! How much is looked for in what leaves the process?

use std::fmt;
use std::str::FromStr;

/// How much is looked for in what leaves the process.
///
/// ```
/// use otel_runtime::privacy::Mode;
///
/// assert_eq!(Mode::default(), Mode::Secrets);
/// assert_eq!("allowlist".parse(), Ok(Mode::AllowList));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Nothing: values leave as they were recorded; `off`.
    Off,
    /// Secrets and payment cards; `secrets`, the default.
    #[default]
    Secrets,
    /// These, and what says who somebody is: e-mail addresses, telephone numbers, IP addresses and the like;
    /// `personal`.
    Personal,
    /// Attributes pass whose keys are listed, and what is found in them as in [`Personal`](Self::Personal) does
    /// not; `allowlist`. Names that are no constants of the program, texts of errors and stacks stay behind.
    AllowList,
}

impl Mode {
    /// All of them, in the order of how much they let pass.
    pub const ALL: [Self; 4] = [Self::Off, Self::Secrets, Self::Personal, Self::AllowList];

    /// Its name in settings, such as `secrets`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Secrets => "secrets",
            Self::Personal => "personal",
            Self::AllowList => "allowlist",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    /// # Errors
    ///
    /// It is none of `off`, `secrets`, `personal`, `allowlist`.
    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or(UnknownMode(()))
    }
}

/// There is no mode of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMode(());

impl fmt::Display for UnknownMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write one of off, secrets, personal, allowlist")
    }
}

impl std::error::Error for UnknownMode {}
