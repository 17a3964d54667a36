//! Where does a span hang, and what is it linked to?

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Token, parenthesized, token};

use super::argument::{Argument, equals};
use super::lists::{expression, terminated};
use super::settings::Flag;
use crate::errors::Errors;
use crate::suggest::suggestion;

/// `parent = ...`, `parent(extract = ...)` or `root`
#[derive(Clone)]
pub(crate) enum Parent {
    /// `root = false`
    Current,
    Given(Expr),
    Extracted(Extracted),
    Root,
}

/// `parent(extract = carrier, trust = ...)`
#[derive(Clone)]
pub(crate) struct Extracted {
    /// The carrier that the caller's context is extracted from.
    pub(crate) carrier: Expr,
    /// How much of the caller is believed, if that is said.
    pub(crate) trust: Option<Expr>,
}

const EXTRACT: &str =
    "the caller's span is taken out of headers, a request or a map by `parent(extract = headers)`";

const TRUST: &str = "`trust` says how much of what is extracted is believed: \
                     `parent(extract = headers, trust = Trust::Link)`";

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
            return Extracted::parse(input).map(Parent::Extracted);
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

impl Extracted {
    /// `(extract = carrier, trust = how_much)`
    fn parse(input: ParseStream<'_>) -> syn::Result<Extracted> {
        let list;
        parenthesized!(list in input);
        let extracted = Extracted::parse_list(&list);
        if extracted.is_err() {
            list.parse::<TokenStream>()?;
        }
        extracted
    }

    fn parse_list(list: ParseStream<'_>) -> syn::Result<Extracted> {
        let start = list.span();
        let (mut carrier, mut trust) = (None, None);
        while !list.is_empty() {
            let span = list.span();
            let word = list.call(Ident::parse_any).ok();
            let (word, given) = match word.map(|word| word.to_string()).as_deref() {
                Some("extract") => ("extract", &mut carrier),
                Some("trust") => ("trust", &mut trust),
                Some(other) if carrier.is_some() => {
                    let known = suggestion(other, &["extract", "trust"]);
                    return Err(syn::Error::new(span, format!("unknown word `{other}`: {known}")));
                }
                Some(_) | None => return Err(syn::Error::new(span, EXTRACT)),
            };
            if given.is_some() {
                let message = format!("`{word}` is given twice: keep one");
                return Err(syn::Error::new(span, message));
            }
            if list.parse::<Token![=]>().is_err() || list.is_empty() {
                let message = if word == "trust" { TRUST } else { EXTRACT };
                return Err(syn::Error::new(span, message));
            }
            *given = Some((span, expression(list)?));
            if !list.is_empty() {
                list.parse::<Token![,]>()?;
            }
        }
        match (carrier, trust) {
            (Some((_, carrier)), trust) => {
                Ok(Extracted { carrier, trust: trust.map(|(_, trust)| trust) })
            }
            (None, Some((span, _))) => Err(syn::Error::new(span, TRUST)),
            (None, None) => Err(syn::Error::new(start, EXTRACT)),
        }
    }

    /// The expressions that are evaluated for it.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Expr> {
        [&self.carrier].into_iter().chain(&self.trust)
    }
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
