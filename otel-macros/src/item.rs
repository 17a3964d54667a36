//! What is annotated?

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Signature, Token, Visibility};

use crate::errors::Errors;

/// A function: its signature parsed, its body kept as tokens, so that a body that is half typed
/// still expands, and one that is whole is not parsed twice.
pub(crate) struct Function {
    /// The outer attributes, and the inner ones hoisted.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// The braces and what is in them.
    pub(crate) body: Group,
}

impl Function {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Function> {
        match parse_function.parse2(tokens) {
            Ok(function) => Some(function),
            Err(error) => {
                errors.push(error);
                None
            }
        }
    }
}

fn parse_function(input: ParseStream<'_>) -> syn::Result<Function> {
    let mut attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    if !is_function(input) {
        let span = input.span();
        skip_rest(input)?;
        return Err(syn::Error::new(
            span,
            "`#[traced]` goes on a function: put it on each function that is to have a span",
        ));
    }
    let sig: Signature = input.parse()?;
    if input.peek(Token![;]) {
        let semicolon: Token![;] = input.parse()?;
        return Err(syn::Error::new(
            semicolon.span,
            "a function without a body has nothing to trace: put `#[traced]` on its implementation, or \
             give it a default body",
        ));
    }
    let (body, hoisted) = body(input)?;
    attrs.extend(hoisted);
    Ok(Function { attrs, vis, sig, body })
}

/// Whether `fn` follows, behind the words that may stand before it.
fn is_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while !ahead.is_empty() {
        if ahead.peek(Token![fn]) {
            return true;
        }
        let qualifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(syn::LitStr);
        if !qualifier || ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    false
}

fn body(input: ParseStream<'_>) -> syn::Result<(Group, Vec<Attribute>)> {
    // Also through the invisible group around a `$body:block` of a macro by example.
    let (content, span) = input.step(|cursor| match cursor.group(Delimiter::Brace) {
        Some((content, span, rest)) => Ok(((content.token_stream(), span), rest)),
        None => Err(cursor.error("expected the body of the function")),
    })?;
    let split = |input: ParseStream<'_>| {
        Ok((input.call(Attribute::parse_inner)?, input.parse::<TokenStream>()?))
    };
    let (mut hoisted, statements) = split.parse2(content)?;
    for attr in &mut hoisted {
        attr.style = syn::AttrStyle::Outer;
    }
    let mut body = Group::new(Delimiter::Brace, statements);
    body.set_span(span.join());
    Ok((body, hoisted))
}

fn skip_rest(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<TokenStream>().map(drop)
}
