//! Which mistakes have been found so far?

use std::fmt::Display;

use proc_macro2::{Ident, Span};

/// All mistakes of one attribute, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Errors {
    all: Option<syn::Error>,
    /// The arguments that have one, about which nothing else is known.
    failed: Vec<String>,
}

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.all {
            Some(errors) => errors.combine(error),
            None => self.all = Some(error),
        }
    }

    /// The same, of what this word begins.
    pub(crate) fn push_of(&mut self, word: Option<&Ident>, error: syn::Error) {
        self.failed.extend(word.map(Ident::to_string));
        self.push(error);
    }

    /// Whether this argument has a mistake, so that one that only follows from it is none.
    pub(crate) fn has_failed(&self, word: &str) -> bool {
        self.failed.iter().any(|failed| failed == word)
    }

    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn into_result(self) -> syn::Result<()> {
        self.all.map_or(Ok(()), Err)
    }
}
