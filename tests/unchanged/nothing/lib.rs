//! What is a program like whose `#[traced]` does nothing?
//!
//! A package that is called `otel-runtime` in the place of the real one. What it is put on leaves as
//! it came, but for the `#[traced(..)]` inside a block, which the real one takes away too.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};

/// Nothing, with any arguments.
#[proc_macro_attribute]
pub fn traced(_: TokenStream, item: TokenStream) -> TokenStream {
    if is_block(&item) { without_inner(item) } else { item }
}

/// Whether it is an `impl`, a `trait` or a `mod`: what is a function is not touched, since a body that
/// is put together anew is not what it was.
fn is_block(item: &TokenStream) -> bool {
    let words = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let mut words = words.skip_while(|word| matches!(word.as_str(), "pub" | "unsafe" | "auto"));
    matches!(words.next().as_deref(), Some("impl" | "trait" | "mod"))
}

/// The items of a block without the attributes that are about them alone.
fn without_inner(item: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        match token {
            TokenTree::Group(group) if is_traced(&group) && ends_in_pound(&kept) => {
                kept.pop();
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace && mentions(&group) =>
            {
                let mut inner = Group::new(Delimiter::Brace, without_inner(group.stream()));
                inner.set_span(group.span());
                kept.push(inner.into());
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

/// Whether it is what follows the `#` of a `#[traced]`, whatever path leads there.
fn is_traced(group: &Group) -> bool {
    let path = group.stream().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(mark) => mark.as_char() == ':',
        _ => false,
    });
    group.delimiter() == Delimiter::Bracket
        && path.last().is_some_and(|token| token.to_string() == "traced")
}

fn ends_in_pound(tokens: &[TokenTree]) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(mark)) if mark.as_char() == '#')
}

fn mentions(group: &Group) -> bool {
    group.stream().into_iter().any(|token| match token {
        TokenTree::Group(group) => is_traced(&group) || mentions(&group),
        _ => false,
    })
}
