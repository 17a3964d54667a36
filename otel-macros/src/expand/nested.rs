//! What becomes of a body that has to stand in a function of its own?
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
//! and
//! ```text
//! impl Shop {
//!     #[track_caller]
//!     pub fn order(&self, id: u64) -> Result<Order, E> { BODY }
//! }
//! ```
//! becomes
//! ```text
//! impl Shop {
//!     #[track_caller]
//!     pub fn order(&self, id: u64) -> Result<Order, E> {
//!         static __OTEL_CALLSITE: Callsite = ..;
//!         let mut __otel_span = Span::none();
//!         if !__OTEL_CALLSITE.is_off() { .. }
//!         let __otel_result: Result<Order, E> = Self::__otel_body_order(self, id);
//!         __otel_span.inspected(__otel_result, |__otel_result| failure!(__otel_result))
//!     }
//!     #[doc(hidden)]
//!     #[track_caller]
//!     fn __otel_body_order(&self, id: u64) -> Result<Order, E> { BODY }
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, GenericParam, Pat, Signature};

use super::body::block;
use super::spans::site;
use crate::apart::Apart;
use crate::arguments::allowed;
use crate::plan::Plan;

/// A body in a function of its own.
pub(super) struct Nested {
    /// The function.
    pub(super) function: TokenStream,
    /// The call of it.
    pub(super) call: TokenStream,
    /// The lints that have to be allowed for that.
    pub(super) allowed: Option<TokenStream>,
}

impl Nested {
    /// Moves the body of `plan` into a function of its own, after `begin`.
    pub(super) fn new(plan: &mut Plan, apart: Apart, begin: &TokenStream) -> Nested {
        let name = match apart {
            Apart::Inside => Ident::new("__otel_body", site()),
            Apart::Beside => {
                format_ident!("__otel_body_{}", plan.function.sig.ident.unraw(), span = site())
            }
        };
        let sig = Signature { ident: name.clone(), ..plan.function.sig.clone() };
        let arguments = handed_on(&mut plan.function.sig);
        let generics = sig.generics.params.iter().filter_map(|param| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(ty) => Some(&ty.ident),
            GenericParam::Const(value) => Some(&value.ident),
        });
        let generics = quote_spanned!(site()=> ::<#(#generics),*>);
        let attrs = plan.function.attrs.iter().filter(|attr| is_of_body(attr, apart));
        let body = if begin.is_empty() {
            plan.function.body.to_token_stream()
        } else {
            let body = block(&plan.function.body);
            quote_spanned!(site()=> { #begin #body })
        };
        let function = quote_spanned!(site()=> #(#attrs)* #sig #body);
        let call = quote_spanned!(site()=> #name #generics(#(#arguments),*));
        let allowed = arguments.iter().find_map(allowed);
        match apart {
            Apart::Inside => Nested { function, call, allowed },
            Apart::Beside => Nested {
                function: quote_spanned!(site()=> #[doc(hidden)] #[allow(dead_code)] #function),
                call: quote_spanned!(site()=> Self::#call),
                allowed,
            },
        }
    }
}

/// The arguments of a function, to be passed to another one unchanged.
fn handed_on(sig: &mut Signature) -> Vec<Ident> {
    let name = |input: &mut FnArg| match input {
        FnArg::Receiver(receiver) => {
            receiver.mutability = None;
            Some(Ident::new("self", receiver.self_token.span))
        }
        FnArg::Typed(typed) => match &mut *typed.pat {
            Pat::Ident(pat) => {
                pat.mutability = None;
                Some(pat.ident.clone())
            }
            _ => None,
        },
    };
    sig.inputs.iter_mut().filter_map(name).collect()
}

/// Whether an attribute is about the body. A function inside inherits lint levels, one beside needs copies.
fn is_of_body(attr: &Attribute, apart: Apart) -> bool {
    let known: &[&str] = match apart {
        Apart::Inside => &["track_caller"],
        Apart::Beside => {
            &["allow", "cfg", "cold", "deny", "expect", "forbid", "inline", "track_caller", "warn"]
        }
    };
    known.iter().any(|known| attr.path().is_ident(known))
}
