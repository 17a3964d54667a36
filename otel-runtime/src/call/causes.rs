//! What does an error say of itself, with all that caused it?
//!
//! ```text
//! anyhow::Error ─derefs to→ "saving order 7" ─source→ "writing" ─source→ Disk(..), "disk full"
//!
//! message:    saving order 7: writing: disk full
//! error.type: Disk
//! ```

use std::any::type_name;
use std::error::Error;
use std::fmt::{self, Write};
use std::ops::Deref;
use std::{array, cell, char, env, ffi, io, net, num, path, str, string, sync, thread, time};

use crate::call::probe::Probe;
use crate::process::unwind::caught;

/// How many causes are read at most: a chain of `source()` may have no end.
const MAX_CAUSES: usize = 32;

/// How many bytes all causes of an error take at most.
const MAX_BYTES: usize = 8192;

/// What a text that was cut short ends with.
const CUT: &str = "…";

/// An error, as far as its type allows to look at it.
#[derive(Clone, Copy)]
pub enum Facts<'a> {
    /// Not a `std::error::Error`, so it has no causes.
    Unknown,
    /// An error whose own type says which error it is.
    Typed(&'a dyn Error),
    /// An error behind a type that may hold any: `Box<dyn Error>`, `anyhow::Error`, `eyre::Report`.
    Erased(&'a (dyn Error + 'static)),
}

/// What derefs to an error of any type, as `anyhow::Error` does. Tried first, since an `Arc<dyn Error>`
/// is an error itself.
pub trait IsErased<'a> {
    /// The error inside.
    fn __otel_facts(&self) -> Facts<'a>;
}

impl<'a, E: Deref<Target: AnyError>> IsErased<'a> for &&&Probe<'a, E> {
    fn __otel_facts(&self) -> Facts<'a> {
        caught(|| (**self.0).any_error()).map_or(Facts::Unknown, Facts::Erased)
    }
}

/// What derefs to an error that is not `'static`: such an error cannot be downcast to find its type.
pub trait IsBorrowed<'a> {
    /// The error inside.
    fn __otel_facts(&self) -> Facts<'a>;
}

impl<'a, E: Deref<Target: AnyBorrowedError>> IsBorrowed<'a> for &&&Probe<'a, E> {
    fn __otel_facts(&self) -> Facts<'a> {
        caught(|| (**self.0).any_error()).map_or(Facts::Unknown, Facts::Typed)
    }
}

/// Any error.
pub trait IsError<'a> {
    /// The error.
    fn __otel_facts(&self) -> Facts<'a>;
}

impl<'a, E: Error> IsError<'a> for &&Probe<'a, E> {
    fn __otel_facts(&self) -> Facts<'a> {
        Facts::Typed(self.0)
    }
}

/// What is not an error itself, but can be viewed as one.
pub trait AsError<'a> {
    /// The error inside.
    fn __otel_facts(&self) -> Facts<'a>;
}

impl<'a, E: AsRef<dyn Error + 'static>> AsError<'a> for &Probe<'a, E> {
    fn __otel_facts(&self) -> Facts<'a> {
        caught(|| self.0.as_ref()).map_or(Facts::Unknown, Facts::Erased)
    }
}

/// Anything else.
pub trait NoError<'a> {
    /// Nothing.
    fn __otel_facts(&self) -> Facts<'a>;
}

impl<'a, E> NoError<'a> for Probe<'a, E> {
    fn __otel_facts(&self) -> Facts<'a> {
        Facts::Unknown
    }
}

/// An error behind `dyn Error`.
pub trait AnyError {
    /// The error.
    fn any_error(&self) -> &(dyn Error + 'static);
}

/// An error behind `dyn Error` that may borrow.
pub trait AnyBorrowedError {
    /// The error.
    fn any_error(&self) -> &(dyn Error + '_);
}

macro_rules! any_errors {
    ($($ty:ty, $borrowed:ty;)*) => {$(
        impl AnyError for $ty {
            fn any_error(&self) -> &(dyn Error + 'static) {
                self
            }
        }

        impl<'e> AnyBorrowedError for $borrowed {
            fn any_error(&self) -> &(dyn Error + '_) {
                self
            }
        }
    )*};
}
any_errors! {
    dyn Error, dyn Error + 'e;
    dyn Error + Send, dyn Error + Send + 'e;
    dyn Error + Sync, dyn Error + Sync + 'e;
    dyn Error + Send + Sync, dyn Error + Send + Sync + 'e;
}

impl Facts<'_> {
    /// The concrete type of the error, if the type it was returned as hides it, as `Box<dyn Error>` does.
    /// `with_text` is whether its `Debug` output may be read, whose first word may be any text.
    pub(crate) fn error_type(self, with_text: bool) -> Option<String> {
        let Facts::Erased(error) = self else { return None };
        let standard = || caught(|| chain(error).find_map(standard_type)).ok().flatten();
        let named = || chain(error).find_map(|error| caught(|| variant(error)).ok().flatten());
        let standard = standard().map(str::to_owned);
        if with_text { standard.or_else(|| caught(named).ok().flatten()) } else { standard }
    }

    /// Adds what the causes say, unless the text says it already.
    pub(crate) fn add_causes(self, text: &mut String) {
        let first = match self {
            Facts::Unknown => None,
            Facts::Typed(error) => caught(|| error.source()).ok().flatten(),
            Facts::Erased(error) => caught(|| error.source()).ok().flatten(),
        };
        let mut left = MAX_BYTES;
        let mut next = first;
        for count in 0.. {
            let Some(cause) = next else { return };
            if count == MAX_CAUSES || left == 0 {
                if !text.ends_with(CUT) {
                    text.push_str(": ");
                    text.push_str(CUT);
                }
                return;
            }
            let mut said = Bounded { text: String::new(), left };
            let complete = matches!(caught(|| write!(said, "{cause}")), Ok(Ok(())));
            if !complete && said.left > 0 {
                said.text.push_str(FAILED);
            }
            left = said.left;
            add(text, &said.text);
            next = caught(|| cause.source()).ok().flatten();
        }
    }
}

/// Written in place of a cause whose formatting fails.
const FAILED: &str = "<formatting failed>";

fn add(text: &mut String, cause: &str) {
    if cause.is_empty() || says(text, cause) {
        return;
    }
    if !text.is_empty() {
        text.push_str(": ");
    }
    text.push_str(cause);
}

/// Whether `text` contains `cause` as whole words.
fn says(text: &str, cause: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(cause).any(|(at, _)| {
        let starts = is_word(cause.chars().next()) && is_word(text[..at].chars().next_back());
        let end = at + cause.len();
        let ends = is_word(cause.chars().next_back()) && is_word(text[end..].chars().next());
        !starts && !ends
    })
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source()).take(1 + MAX_CAUSES)
}

/// The type of an error of the standard library.
fn standard_type(error: &(dyn Error + 'static)) -> Option<&'static str> {
    macro_rules! first_of {
        ($($ty:ty)*) => {
            $(if error.is::<$ty>() {
                return Some(type_name::<$ty>());
            })*
        };
    }
    first_of! {
        io::Error fmt::Error
        num::ParseIntError num::ParseFloatError num::TryFromIntError str::ParseBoolError
        char::ParseCharError char::CharTryFromError char::DecodeUtf16Error
        str::Utf8Error string::FromUtf8Error string::FromUtf16Error
        net::AddrParseError time::SystemTimeError time::TryFromFloatSecsError
        env::VarError env::JoinPathsError path::StripPrefixError
        ffi::NulError ffi::FromBytesWithNulError ffi::FromBytesUntilNulError ffi::IntoStringError
        array::TryFromSliceError cell::BorrowError cell::BorrowMutError thread::AccessError
        sync::mpsc::RecvError sync::mpsc::RecvTimeoutError sync::mpsc::TryRecvError
    }
    None
}

/// The first word of an error's `Debug`, where that is what `#[derive(Debug)]` writes: the name of an
/// enum's variant, or of a struct. The contexts of `anyhow` and `eyre` are called `Error`, which says
/// nothing.
fn variant(error: &(dyn Error + 'static)) -> Option<String> {
    let mut word = Word::default();
    // The writer fails at the end of the first word, which stops the formatting.
    let _ = write!(word, "{error:?}");
    let ends = matches!(word.behind.as_str(), "" | "(" | " {");
    let ends = ends && word.text.len() <= MAX_WORD;
    Some(word.text).filter(|text| ends && is_upper_camel_case(text) && text != "Error")
}

fn is_upper_camel_case(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.contains(|c: char| c.is_ascii_lowercase())
}

/// Takes the first word of what is written, and then nothing more.
#[derive(Default)]
struct Word {
    text: String,
    /// What was written after the word, as far as it is needed to tell a name from other text.
    behind: String,
}

/// A longer word is not a name.
const MAX_WORD: usize = 64;

impl Write for Word {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        for c in written.chars() {
            if self.behind.is_empty() && c.is_ascii_alphanumeric() {
                self.text.push(c);
            } else {
                self.behind.push(c);
            }
            if self.text.len() > MAX_WORD || !matches!(self.behind.as_str(), "" | " ") {
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

/// Takes so many bytes of what is written, and then no more.
struct Bounded {
    text: String,
    left: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        let taken = crate::process::shorten::beginning(written, self.left);
        self.text.push_str(taken);
        self.left -= taken.len();
        if taken.len() < written.len() {
            self.left = 0;
            self.text.push_str(CUT);
            return Err(fmt::Error);
        }
        Ok(())
    }
}
