//! Which mistakes have been found so far?

use std::fmt::Display;

use proc_macro2::{Ident, Span};

/// All mistakes of one attribute, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Errors {
    all: Option<syn::Error>,
    /// The arguments that have a mistake, so that nothing else is known of them.
    failed: Vec<String>,
}

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.all {
            Some(errors) => errors.combine(error),
            None => self.all = Some(error),
        }
    }

    /// Adds a mistake of the argument that begins with this word.
    pub(crate) fn push_of(&mut self, word: Option<&Ident>, error: syn::Error) {
        self.failed.extend(word.map(Ident::to_string));
        self.push(error);
    }

    /// Whether this argument has a mistake already, so that others that follow from it are not reported.
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
