//! What is an argument of the attribute, whichever it is?

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Token, token};

use crate::errors::Errors;

/// What stands behind the word of an argument.
pub(crate) trait Argument: Sized {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self>;

    /// The merged value, if a block says `outer` and something inside it says `self`.
    fn over(self, _outer: Self) -> Self {
        self
    }
}

pub(super) const CARRY: &str = "spawn calls in the body take the context along by default: to leave them alone, \
                     write `carry = false`";

pub(super) const FOLD: &str = "how many of the spans under one parent are spans of their own is a number from 1 to \
                    4294967295, as in `fold = 100`; for all of them, write `fold = false`";

/// The `=` behind the word of an argument, and that something follows.
pub(super) fn equals(argument: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        // If this is the last argument, no token follows that the error could point at.
        if !input.is_empty() {
            return Ok(());
        }
    }
    let form = match argument.to_string().as_str() {
        "err" => {
            "errors of a `Result` are recorded by default; how is said by `err = %`, `err = ?`, \
                  `err = false` or `err = |error| ...`"
                .to_owned()
        }
        "carry" => CARRY.to_owned(),
        "fold" => FOLD.to_owned(),
        "scope" if input.peek(token::Paren) => {
            "`scope = \"...\"` names the instrumentation scope; the attributes of every span inside are \
             listed in `scoped(...)`"
                .to_owned()
        }
        "sample" => "`sample` needs a share from 0 to 1: `sample = 0.01`".to_owned(),
        "min_duration" => "`min_duration` needs a value: `min_duration = \"5ms\"`".to_owned(),
        argument => format!("`{argument}` needs a value: `{argument} = ...`"),
    };
    Err(syn::Error::new(argument.span(), form))
}
