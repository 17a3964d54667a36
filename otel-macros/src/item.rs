//! What is annotated?

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Signature, Token, Visibility};

use crate::block::{Block, is_block, is_default, parse_block};
use crate::errors::Errors;

pub(crate) enum Item {
    Function(Box<Function>),
    Block(Block),
}

/// A function: its signature parsed, its body kept as tokens, so that a body that is half typed
/// still expands, and one that is whole is not parsed twice.
pub(crate) struct Function {
    /// The outer attributes, and the inner ones hoisted.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// The braces and what is in them.
    pub(crate) body: Group,
    /// Whether another attribute looks at the function afterwards, and may want it `async`.
    pub(crate) rewritten: bool,
}

/// The attributes that the compiler itself knows.
const BUILT_IN: [&str; 31] = [
    "allow",
    "automatically_derived",
    "cfg",
    "clippy",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "diagnostic",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "instruction_set",
    "link_name",
    "link_section",
    "must_use",
    "naked",
    "no_mangle",
    "optimize",
    "panic_handler",
    "rustfmt",
    "should_panic",
    "target_feature",
    "test",
    "track_caller",
    "traced",
    "warn",
];

impl Item {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Item> {
        let parsed = (|input: ParseStream<'_>| parse_item(input, errors)).parse2(tokens);
        parsed.map_err(|error| errors.push(error)).ok()
    }

    /// The item as it is without `#[traced]`.
    pub(crate) fn untraced(&self) -> TokenStream {
        match self {
            Item::Function(function) => {
                let body = &function.body;
                function.with(&quote!(#body))
            }
            Item::Block(block) => block.untraced(),
        }
    }
}

impl Function {
    /// The function with another body.
    pub(crate) fn with(&self, body: &TokenStream) -> TokenStream {
        let Function { attrs, vis, defaultness, sig, body: _, rewritten: _ } = self;
        quote!(#(#attrs)* #vis #defaultness #sig #body)
    }
}

/// Whether an attribute is one of those that get to see an item and to change it.
pub(crate) fn rewrites(attribute: &Attribute) -> bool {
    if !attribute.path().is_ident("cfg_attr") {
        return !is_built_in(attribute.path());
    }
    let conditional = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    conditional.is_ok_and(|metas| metas.iter().skip(1).any(|meta| !is_built_in(meta.path())))
}

fn is_built_in(path: &Path) -> bool {
    // `clippy::too_many_lines`, `rustfmt::skip`; in `#[unsafe(no_mangle)]` the path is a keyword.
    let first = path.segments.first().map(|first| first.ident.to_string());
    first.is_none_or(|first| first == "unsafe" || BUILT_IN.contains(&first.as_str()))
}

fn parse_item(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Item> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    if is_block(input) {
        return parse_block(&attrs, &vis, input, errors).map(Item::Block);
    }
    if !is_function(input) {
        let span = input.span();
        skip_rest(input)?;
        return Err(syn::Error::new(
            span,
            "`#[traced]` goes on a function, or on an `impl`, a `trait` or a `mod { .. }` for all functions \
             in it",
        ));
    }
    parse_function(attrs, vis, input).map(|function| Item::Function(Box::new(function)))
}

/// The function behind `attrs` and `vis`.
pub(crate) fn parse_function(
    mut attrs: Vec<Attribute>,
    vis: Visibility,
    input: ParseStream<'_>,
) -> syn::Result<Function> {
    let defaultness = if is_default(input) { Some(input.parse()?) } else { None };
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
    let rewritten = attrs.iter().any(rewrites);
    Ok(Function { attrs, vis, defaultness, sig, body, rewritten })
}

/// Whether `fn` follows, behind the words that may stand before it.
pub(crate) fn is_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while !ahead.is_empty() {
        if ahead.peek(Token![fn]) {
            return true;
        }
        let qualifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(syn::LitStr)
            || is_default(&ahead);
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
