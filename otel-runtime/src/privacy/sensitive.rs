//! Which types say that their values must not be recorded as they are?

use std::borrow::Cow;
use std::fmt::{self, Display};

use super::class::Class;

/// A type whose values must not be recorded as they are. `#[traced(attrs(..))]` takes them in a form that tells less
/// only, and anything else does not compile:
///
/// ```
/// use std::borrow::Cow;
///
/// use otel_runtime::privacy::{Class, Sensitive};
/// use otel_runtime::traced;
///
/// struct Email(String);
///
/// impl Sensitive for Email {
///     fn class(&self) -> Class {
///         Class::Contact
///     }
///
///     fn exposed(&self) -> Cow<'_, str> {
///         Cow::Borrowed(&self.0)
///     }
/// }
///
/// #[traced(attrs(hash(email), domain = truncate(email, 3)))] // `attrs(email)` would not compile
/// fn invite(email: &Email) {}
/// # invite(&Email("ada@example.com".to_owned()));
/// ```
///
/// [`Classified`] is such a type, and so are `secrecy::SecretBox` and `redact::Secret` with the features `secrecy`
/// and `redact`. Do not implement `Display` for one: `%email` would record it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be sensitive",
    note = "implement `otel_runtime::privacy::Sensitive` for it, or put it into a `Classified`"
)]
pub trait Sensitive {
    /// What kind of data it is.
    fn class(&self) -> Class;

    /// The value, for a hash of it or a part.
    fn exposed(&self) -> Cow<'_, str>;
}

impl<T: Sensitive + ?Sized> Sensitive for &T {
    fn class(&self) -> Class {
        (**self).class()
    }

    fn exposed(&self) -> Cow<'_, str> {
        (**self).exposed()
    }
}

/// A value with a class, which neither `Debug` nor a span shows.
///
/// ```
/// use otel_runtime::privacy::{Class, Classified};
///
/// let email = Classified::new(Class::Contact, "ada@example.com");
///
/// assert_eq!(format!("{email:?}"), "[contact]");
/// assert_eq!(*email.expose(), "ada@example.com");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Classified<T> {
    class: Class,
    value: T,
}

impl<T> Classified<T> {
    /// This value, which is of this class.
    pub const fn new(class: Class, value: T) -> Self {
        Self { class, value }
    }

    /// The value.
    pub const fn expose(&self) -> &T {
        &self.value
    }

    /// The value, no longer protected.
    pub fn into_exposed(self) -> T {
        self.value
    }
}

impl<T: Display> Sensitive for Classified<T> {
    fn class(&self) -> Class {
        self.class
    }

    fn exposed(&self) -> Cow<'_, str> {
        self.value.to_string().into()
    }
}

/// Its class.
impl<T> fmt::Debug for Classified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.class)
    }
}

#[cfg(feature = "secrecy")]
impl<T: secrecy::zeroize::Zeroize + Display + ?Sized> Sensitive for secrecy::SecretBox<T> {
    fn class(&self) -> Class {
        Class::Credential
    }

    fn exposed(&self) -> Cow<'_, str> {
        secrecy::ExposeSecret::expose_secret(self).to_string().into()
    }
}

#[cfg(feature = "redact")]
impl<T: Display> Sensitive for redact::Secret<T> {
    fn class(&self) -> Class {
        Class::Credential
    }

    fn exposed(&self) -> Cow<'_, str> {
        self.expose_secret().to_string().into()
    }
}
