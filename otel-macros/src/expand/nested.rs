//! What becomes of an `async fn` that returns a closure?
//!
//! ```text
//! async fn longer(than: usize) -> impl Fn(&str) -> bool { move |text| text.len() > than }
//! ```
//! becomes
//! ```text
//! fn longer(than: usize) -> impl Future<Output = impl Fn(&str) -> bool> {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     async fn __otel_body(than: usize) -> impl Fn(&str) -> bool {
//!         if !__OTEL_CALLSITE.is_off() { .. }
//!         { BODY }
//!     }
//!     traced_future(__otel_body(than))
//! }
//! ```
//! since the compiler tells a closure what it is given only where a function returns it that says so.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{FnArg, GenericParam, Pat, Signature};

use super::{block, opening, site};
use crate::item::Function;
use crate::plan::Plan;
use crate::returns::{has_word, is_callable};

/// Whether a function can stand once more inside itself: a method cannot, nor what says `Self`.
pub(crate) fn nests(function: &Function) -> bool {
    let Function { sig, body, .. } = function;
    let syn::ReturnType::Type(_, ty) = &sig.output else { return false };
    let is_named = |input: &FnArg| match input {
        FnArg::Receiver(_) => false,
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => {
                pat.by_ref.is_none() && pat.subpat.is_none() && typed.attrs.is_empty()
            }
            _ => false,
        },
    };
    is_callable(ty)
        && sig.inputs.iter().all(is_named)
        && ![sig.to_token_stream(), body.to_token_stream()]
            .into_iter()
            .any(|tokens| has_word(tokens, &|word| word == "Self"))
}

/// The function inside, and its call.
pub(super) fn expand(plan: &mut Plan) -> (TokenStream, TokenStream) {
    let begin = opening::poll(plan);
    let sig = Signature { ident: body(), ..plan.function.sig.clone() };
    let mut names = Vec::new();
    for input in &mut plan.function.sig.inputs {
        if let FnArg::Typed(typed) = input
            && let Pat::Ident(pat) = &mut *typed.pat
        {
            // It is the one inside that changes.
            pat.mutability = None;
            names.push(pat.ident.clone());
        }
    }
    let generics = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(ty) => Some(&ty.ident),
        GenericParam::Const(value) => Some(&value.ident),
    });
    let name = body();
    let block = block(&plan.function.body);
    let function = quote_spanned!(site()=> #sig { #begin #block });
    (function, quote_spanned!(site()=> #name::<#(#generics),*>(#(#names),*)))
}

fn body() -> Ident {
    format_ident!("__otel_body", span = Span::mixed_site())
}
