//! Where does a span hang, and what is it linked to?

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Token, parenthesized, token};

use super::argument::{Argument, equals};
use super::lists::{expression, terminated};
use super::settings::Flag;
use crate::errors::Errors;

/// `parent = ...`, `parent(extract = ...)` or `root`
#[derive(Clone)]
pub(crate) enum Parent {
    /// `root = false`
    Current,
    Given(Expr),
    Extracted(Expr),
    Root,
}

/// `links(...)`
#[derive(Clone)]
pub(crate) struct Links(pub(crate) Vec<Expr>);

impl Argument for Parent {
    fn parse(word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if word == "root" {
            let root = Flag::parse(word, input, errors)?;
            return Ok(if root.on { Parent::Root } else { Parent::Current });
        }
        if input.peek(token::Paren) {
            return extracted(input).map(Parent::Extracted);
        }
        equals(word, input)?;
        expression(input).map(Parent::Given)
    }
}

impl Argument for Links {
    fn parse(word: &Ident, input: ParseStream<'_>, _: &mut Errors) -> syn::Result<Self> {
        links(input, word.span()).map(Links)
    }
}

/// The carrier in `(extract = carrier)`.
fn extracted(input: ParseStream<'_>) -> syn::Result<Expr> {
    let list;
    parenthesized!(list in input);
    let span = list.span();
    if list.call(Ident::parse_any).is_ok_and(|word| word == "extract") && list.peek(Token![=]) {
        list.parse::<Token![=]>()?;
        return expression(&list);
    }
    list.parse::<TokenStream>()?;
    Err(syn::Error::new(
        span,
        "the caller's span is taken out of headers, a request or a map by `parent(extract = headers)`",
    ))
}

/// The spans in `(a, b)`.
fn links(input: ParseStream<'_>, argument: Span) -> syn::Result<Vec<Expr>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            argument,
            "`links` lists spans in parentheses: `links(message.span_context())`",
        ));
    }
    let list;
    parenthesized!(list in input);
    terminated(&list, expression)
}
