//! Where does each argument of a call end?

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use super::tokens::is_punct;

/// The arguments of a call, if there are as many as it takes; what else is wrong, the compiler says.
pub(super) fn arguments(tokens: TokenStream, count: usize) -> Option<Vec<Vec<TokenTree>>> {
    let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let trailing = trees.last().is_some_and(|last| is_punct(last, ','));
    trees.truncate(trees.len() - usize::from(trailing));
    if trees.is_empty() {
        return None;
    }
    // A comma may also stand in a closure's parameters or in a turbofish.
    if count == 1 && !trees.iter().any(|token| is_punct(token, ',')) {
        return Some(vec![trees]);
    }
    let mut rest = trees.into_iter();
    let arguments = lengths.parse2(tokens).ok()?.into_iter().map(|length| {
        let argument = rest.by_ref().take(length).collect();
        rest.next();
        argument
    });
    let arguments: Vec<_> = arguments.collect();
    (arguments.len() == count).then_some(arguments)
}

/// How many tokens each of some expressions has.
fn lengths(input: ParseStream<'_>) -> syn::Result<Vec<usize>> {
    let left = |input: ParseStream<'_>| -> syn::Result<usize> {
        Ok(input.fork().parse::<TokenStream>()?.into_iter().count())
    };
    let mut lengths = Vec::new();
    while !input.is_empty() {
        let before = left(input)?;
        input.parse::<Expr>()?;
        lengths.push(before - left(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(lengths)
}
