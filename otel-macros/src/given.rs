//! Is an item to be traced, and how?

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Meta;

use crate::args::Args;
use crate::errors::Errors;
use crate::tokens;

/// The arguments of one `#[traced]`.
pub(crate) enum Given {
    Args(Box<Args>),
    /// `#[traced(off)]`
    Off,
}

impl Given {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Given {
        let (off, rest) = split_off(tokens::plain(tokens));
        let Some(off) = off else { return Given::Args(Box::new(Args::parse(rest, errors))) };
        if !rest.is_empty() {
            errors.at(
                off,
                "`off` means no span, of which nothing else can be said: keep `off` alone, or take it away",
            );
            Args::parse(rest, errors);
        }
        Given::Off
    }

    /// An attribute that stands inside a block.
    pub(crate) fn of(meta: &Meta, errors: &mut Errors) -> Given {
        match meta {
            Meta::List(list) => Given::parse(list.tokens.clone(), errors),
            Meta::NameValue(pair) => {
                errors.at(pair.eq_token.span, "expected `#[traced]` or `#[traced(..)]`");
                Given::Off
            }
            Meta::Path(_) => Given::Args(Box::default()),
        }
    }
}

/// The first argument that is just `off`, and all the others.
fn split_off(tokens: TokenStream) -> (Option<Span>, TokenStream) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
    let mut off = None;
    let mut rest = TokenStream::new();
    for argument in tokens.split_inclusive(is_comma) {
        match argument {
            [TokenTree::Ident(word), comma @ ..]
                if off.is_none() && word == "off" && comma.iter().all(is_comma) =>
            {
                off = Some(word.span());
            }
            other => rest.extend(other.iter().cloned()),
        }
    }
    (off, rest)
}
