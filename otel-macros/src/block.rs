//! What stands in an annotated `impl`, `trait` or `mod`?
//!
//! Its functions are found, and everything else passes through as tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::errors::Errors;
use crate::given::Given;
use crate::item::{Function, Item, is_function, parse_function, rewrites};

/// An `impl`, a `trait` or a `mod` with its content.
pub(crate) struct Block {
    /// All that stands before the braces.
    pub(crate) head: TokenStream,
    /// The braces.
    pub(crate) braces: Group,
    pub(crate) content: Vec<Content>,
}

pub(crate) enum Content {
    /// Nothing to trace.
    Other(TokenStream),
    /// A function or another block, and what is said of it.
    Item(Option<Given>, Item),
}

impl Block {
    /// The block as it is without `#[traced]` anywhere.
    pub(crate) fn untraced(&self) -> TokenStream {
        let content = self.content.iter().map(|content| match content {
            Content::Other(tokens) => tokens.clone(),
            Content::Item(_, item) => item.untraced(),
        });
        self.with(&content.collect())
    }

    /// The block with this between its braces.
    pub(crate) fn with(&self, content: &TokenStream) -> TokenStream {
        let mut braces = Group::new(Delimiter::Brace, content.clone());
        braces.set_span(self.braces.span());
        let head = &self.head;
        quote!(#head #braces)
    }
}

/// Whether an `impl`, a `trait` or an inline `mod` follows.
pub(crate) fn is_block(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while ahead.peek(Token![unsafe]) || ahead.peek(Token![auto]) || is_default(&ahead) {
        if ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    if ahead.peek(Token![mod]) {
        let name = |input: ParseStream<'_>| {
            input.parse::<Token![mod]>()?;
            input.parse::<syn::Ident>()
        };
        return name(&ahead).is_ok() && ahead.peek(syn::token::Brace);
    }
    ahead.peek(Token![impl]) || ahead.peek(Token![trait])
}

/// The block behind `attrs` and `vis`.
pub(crate) fn parse_block(
    attrs: &[Attribute],
    vis: &Visibility,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Block> {
    let mut head = quote!(#(#attrs)* #vis);
    let Some(braces) = until_braces(input, &mut head)? else {
        return Err(input.error("expected `{` and the items to trace"));
    };
    let rewritten = attrs.iter().any(rewrites);
    let mut content = Vec::new();
    let parsed = (|input: ParseStream<'_>| {
        let inner = input.call(Attribute::parse_inner)?;
        content.push(Content::Other(quote!(#(#inner)*)));
        while !input.is_empty() {
            content.push(parse_content(input, rewritten, errors)?);
        }
        Ok(())
    })
    .parse2(flat(braces.stream()));
    parsed?;
    Ok(Block { head, braces, content })
}

fn parse_content(
    input: ParseStream<'_>,
    rewritten: bool,
    errors: &mut Errors,
) -> syn::Result<Content> {
    let ahead = input.fork();
    let mut attrs = ahead.call(Attribute::parse_outer)?;
    let vis: Visibility = ahead.parse()?;
    let (function, block) = (is_function(&ahead), is_block(&ahead));
    if !function && !block {
        return other(input).map(Content::Other);
    }
    // Nor is there anything to trace in a function without a body, or that runs in the compiler. If
    // it has an attribute of its own, that says so.
    if function && !has_body_at_run_time(&ahead)? {
        return other(input).map(Content::Other);
    }
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let traced = attrs.iter().position(is_traced).map(|at| attrs.remove(at));
    let given = traced.map(|attribute| Given::of(&attribute, errors));
    let item = if function {
        let mut function: Function = parse_function(attrs, vis, input)?;
        function.rewritten |= rewritten;
        Item::Function(Box::new(function))
    } else {
        Item::Block(parse_block(&attrs, &vis, input, errors)?)
    };
    Ok(Content::Item(given, item))
}

/// Opens the invisible groups around each `$item:item` of a macro by example.
fn flat(tokens: TokenStream) -> TokenStream {
    let open = |token: TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None && is_item(&group) => {
            flat(group.stream())
        }
        token => token.into(),
    };
    tokens.into_iter().map(open).collect()
}

fn is_item(group: &Group) -> bool {
    match group.stream().into_iter().last() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        _ => false,
    }
}

fn has_body_at_run_time(input: ParseStream<'_>) -> syn::Result<bool> {
    let ahead = input.fork();
    if is_default(&ahead) {
        ahead.parse::<TokenTree>()?;
    }
    if ahead.peek(Token![const]) {
        return Ok(false);
    }
    Ok(until_braces(&ahead, &mut TokenStream::new())?.is_some())
}

fn is_traced(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "traced")
}

/// Whether the word `default` follows, as in `default fn`.
pub(crate) fn is_default(input: ParseStream<'_>) -> bool {
    input.peek(Token![default]) && !input.peek2(Token![!]) && !input.peek2(Token![::])
}

/// An item with neither functions nor other items in it, whole.
fn other(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    for attribute in input.call(Attribute::parse_outer)? {
        attribute.to_tokens(&mut tokens);
    }
    input.parse::<Visibility>()?.to_tokens(&mut tokens);
    // The value of one that ends with `;` may have braces.
    let ends_with_semicolon = input.peek(Token![use])
        || input.peek(Token![type])
        || input.peek(Token![static])
        || input.peek(Token![const]) && !is_function(input);
    loop {
        let braces = until_braces(input, &mut tokens)?;
        let Some(braces) = braces else { return Ok(tokens) };
        braces.to_tokens(&mut tokens);
        if !ends_with_semicolon {
            return Ok(tokens);
        }
    }
}

/// Moves what stands before the next braces to `tokens`, and returns them; `None` where a `;` comes
/// before any, or nothing at all. Braces between angle brackets are a value: `Array<{ N + 1 }>`.
fn until_braces(input: ParseStream<'_>, tokens: &mut TokenStream) -> syn::Result<Option<Group>> {
    let mut depth = 0_usize;
    let mut before = ' ';
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let mut this = ' ';
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && depth == 0 => {
                return Ok(Some(group.clone()));
            }
            TokenTree::Punct(punct) => {
                this = punct.as_char();
                match this {
                    '<' => depth += 1,
                    // Not that of an arrow.
                    '>' if before != '-' && before != '=' => depth = depth.saturating_sub(1),
                    ';' => {
                        token.to_tokens(tokens);
                        return Ok(None);
                    }
                    _ => {}
                }
            }
            TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
        before = this;
        token.to_tokens(tokens);
    }
    Ok(None)
}
