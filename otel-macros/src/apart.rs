//! May the body of a function be put into another function, and where?
//!
//! Some bodies can neither stay where they are nor be put into a closure. If a function returns a closure, the
//! compiler infers that closure's parameters from the signature, which a closure around it lacks. And a
//! closure counts as the caller of what it calls, whatever `#[track_caller]` says.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, Pat, ReturnType, Safety, Signature, Visibility};

use crate::item::{Function, Within};
use crate::returns::{has_word, is_callable};
use crate::tokens::is_punct;

/// Where the other function stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apart {
    /// In the function itself. Not for methods, nor for bodies that name `Self`.
    Inside,
    /// In the same `impl`.
    Beside,
}

/// Of an `async fn` that returns a closure.
pub(crate) fn returns_closure(function: &Function) -> bool {
    let ReturnType::Type(_, ty) = &function.sig.output else { return false };
    is_callable(ty) && has_names(&function.sig) && !names_self(function)
}

/// Of a function whose result is looked at.
pub(crate) fn tracks_caller(function: &Function) -> Option<Apart> {
    let Function { vis, sig, rewritten, within, .. } = function;
    // Another attribute may change one of the two functions and not the other.
    if *rewritten || !matches!(sig.safety, Safety::Default) || !has_names(sig) {
        return None;
    }
    let is_free = sig.receiver().is_none() && !names_self(function);
    match within {
        Within::Inherent => Some(Apart::Beside),
        // No method can be there.
        Within::Module if is_free => Some(Apart::Inside),
        // A function with a visibility, such as `pub`, is neither in a trait nor in an `impl` of one.
        Within::Unknown if !is_free && !matches!(vis, Visibility::Inherited) => Some(Apart::Beside),
        Within::Unknown if is_free && !borrows_generics(function) => Some(Apart::Inside),
        Within::Unknown | Within::Module | Within::Trait => None,
    }
}

/// Whether each parameter but `self` can be passed on by its name.
fn has_names(sig: &Signature) -> bool {
    sig.inputs.iter().all(|input| match input {
        FnArg::Receiver(receiver) => receiver.attrs.is_empty(),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => {
                pat.by_ref.is_none() && pat.subpat.is_none() && typed.attrs.is_empty()
            }
            _ => false,
        },
    })
}

/// Whether it names the type that it may be a method of.
fn names_self(function: &Function) -> bool {
    let Function { sig, body, .. } = function;
    sig.receiver().is_some()
        || [sig.to_token_stream(), body.to_token_stream()]
            .into_iter()
            .any(|tokens| has_word(tokens, &|word| word == "Self"))
}

/// Whether it seems to name a generic parameter of an `impl` around it: a word of one or two letters that
/// begins with a capital one, or a lifetime. The macro cannot see whether it is one.
fn borrows_generics(function: &Function) -> bool {
    let Function { sig, body, .. } = function;
    let own: Vec<String> = sig
        .generics
        .params
        .iter()
        .map(|param| match param {
            GenericParam::Lifetime(lifetime) => lifetime.lifetime.ident.to_string(),
            GenericParam::Type(ty) => ty.ident.to_string(),
            GenericParam::Const(value) => value.ident.to_string(),
        })
        .collect();
    names_other(sig.to_token_stream(), &own) || names_other(body.stream(), &own)
}

fn names_other(tokens: TokenStream, own: &[String]) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    trees.iter().enumerate().any(|(at, token)| match (&trees[..at], token) {
        (_, TokenTree::Group(group)) => names_other(group.stream(), own),
        ([.., quote], TokenTree::Ident(word)) if is_punct(quote, '\'') => {
            let is_label = trees.get(at + 1).is_some_and(|next| is_punct(next, ':'))
                || matches!(trees.get(at.wrapping_sub(2)), Some(TokenTree::Ident(word)) if word == "break" || word == "continue");
            !is_label && word != "static" && word != "_" && !own.iter().any(|own| word == own)
        }
        ([.., colon], TokenTree::Ident(_)) if is_punct(colon, ':') && at > 1 && is_punct(&trees[at - 2], ':') => false,
        (_, TokenTree::Ident(word)) => is_short(word) && !own.iter().any(|own| word == own),
        _ => false,
    })
}

fn is_short(word: &Ident) -> bool {
    let word = word.to_string();
    word.len() <= 2 && word.starts_with(char::is_uppercase) && word != "Ok" && word != "Rc"
}
