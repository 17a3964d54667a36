//! Where does each argument of a call end, and what is it?

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::tokens::is_punct;

/// What can be seen of an argument without its type.
pub(super) enum Argument {
    /// `|| ..`, `move || ..`
    Closure,
    /// `async { .. }`
    AsyncBlock,
    /// Anything.
    Other,
}

impl Argument {
    pub(super) fn of(tokens: &[TokenTree]) -> Argument {
        match tokens {
            // The argument went through a macro by example.
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
                Argument::of(&group.stream().into_iter().collect::<Vec<_>>())
            }
            [TokenTree::Ident(word), rest @ ..] if word == "move" || word == "static" => {
                Argument::of(rest)
            }
            [TokenTree::Ident(word), rest @ ..] if word == "async" => match rest {
                [TokenTree::Group(_)] => Argument::AsyncBlock,
                [TokenTree::Ident(word), TokenTree::Group(_)] if word == "move" => {
                    Argument::AsyncBlock
                }
                _ => Argument::Other,
            },
            [bar, ..] if is_punct(bar, '|') => Argument::Closure,
            _ => Argument::Other,
        }
    }
}

/// The arguments of a call, if their number is right. Other mistakes are left to the compiler.
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
