//! What becomes of an `async fn`?
//!
//! ```text
//! async fn load(id: u64) -> Cart { BODY }
//! ```
//! becomes
//! ```text
//! fn load(id: u64) -> impl Future<Output = Cart> {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     traced_future(async move {
//!         if false { let _ = &id; return hint::<Cart>(); }
//!         if !__OTEL_CALLSITE.is_off() { begin_future(&__OTEL_CALLSITE, ..); }
//!         { BODY }
//!     })
//! }
//! ```
//! `impl Future` carries the hygiene of this crate, and with it the capture rules of its edition:
//! all lifetimes, as with an `async fn`, whatever the edition of the caller.
//!
//! Where another attribute has yet to see the function, such as `#[async_trait]`, it stays an
//! `async fn` that waits for the same future.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::{at, block, callsite, opening, outcome, private, site};
use crate::arguments;
use crate::plan::{Output, Plan};

pub(super) fn expand(mut plan: Plan) -> TokenStream {
    let private = private(&plan);
    let (output, hint) = match &plan.output {
        Output::Unit => (quote_spanned!(site()=> ()), Some(quote_spanned!(site()=> return;))),
        // Not a type that a stable compiler knows anywhere else.
        Output::Never => (quote_spanned!(site()=> <fn() -> ! as #private::Out>::Output), None),
        Output::Type(inferred) => {
            let syn::ReturnType::Type(_, ty) = &plan.function.sig.output else {
                unreachable!("an output type has been planned from a return type")
            };
            let hint = quote_spanned!(at(ty.span())=> return #private::hint::<#inferred>(););
            (quote_spanned!(site()=> #ty), Some(hint))
        }
    };
    let waits = plan.function.rewritten;
    if !waits {
        plan.function.sig.asyncness = None;
        plan.function.sig.output = syn::ReturnType::Type(
            syn::Token![->](site()),
            Box::new(syn::Type::Verbatim(
                quote_spanned!(site()=> impl ::core::future::Future<Output = #output>),
            )),
        );
    }
    let callsite = callsite::expand(&plan);
    let keep = arguments::keep(&plan.arguments, hint.as_ref());
    let begin = begin(&plan);
    let body = block(&plan.function.body);
    let future = quote_spanned! {site()=>
        async move {
            #keep
            #begin
            #body
        }
    };
    let future = if plan.timings {
        quote_spanned!(site()=> #private::timed(&__OTEL_CALLSITE, #future))
    } else {
        future
    };
    let traced = match outcome::inspect(&plan) {
        None => quote_spanned!(site()=> #private::traced_future(#future)),
        Some(inspect) => quote_spanned!(site()=> #private::traced_result(#future, #inspect)),
    };
    let wait = waits.then(|| quote_spanned!(site()=> .await));
    super::function(&plan, &quote_spanned!(site()=> #callsite #traced #wait))
}

/// The statement that begins the span at the first poll.
fn begin(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let settings = opening::borrowed_settings(plan);
    quote_spanned! {site()=>
        if !__OTEL_CALLSITE.is_off() {
            #private::begin_future(&__OTEL_CALLSITE, #settings);
        }
    }
}
