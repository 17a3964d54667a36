//! How are expressions and lists of them read, whatever stands around them?

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, Token};

/// The items between commas. A mistake in one is reported once, whatever follows it.
pub(super) fn terminated<T>(
    list: ParseStream<'_>,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let mut items = Vec::new();
    let mut parse_all = || {
        while !list.is_empty() {
            items.push(parse(list)?);
            if !list.is_empty() {
                list.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let parsed = parse_all();
    if parsed.is_err() {
        list.parse::<TokenStream>()?;
    }
    parsed.map(|()| items)
}

/// An expression that is evaluated before the body.
pub(crate) fn expression(input: ParseStream<'_>) -> syn::Result<Expr> {
    let expression: Expr = input.parse()?;
    match awaited(expression.to_token_stream()) {
        None => Ok(expression),
        Some(span) => Err(syn::Error::new(
            span,
            "the arguments of `#[traced]` are evaluated without waiting: await it in the body, and \
             record it there with `Context::current().span().set_attribute(..)`",
        )),
    }
}

fn awaited(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == "await").then(|| ident.span()),
        TokenTree::Group(group) => awaited(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// Skips to the comma that ends an argument, and says whether there was anything to skip.
pub(crate) fn skip_argument(input: ParseStream<'_>) -> bool {
    let mut skipped = false;
    while !input.is_empty() && !input.peek(Token![,]) {
        skipped = input.parse::<TokenTree>().is_ok();
    }
    skipped
}
