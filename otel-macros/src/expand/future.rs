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
//!         if !__OTEL_CALLSITE.is_off() { .. }
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
use syn::{ReturnType, Token, Type};

use super::body::{self, block, moving};
use super::nested::Nested;
use super::spans::{at, end, located, private, site};
use super::{callsite, opening, outcome};
use crate::arguments;
use crate::plan::{Plan, Runs};
use crate::returns::{inferred, output};

pub(super) fn expand(mut plan: Plan) -> TokenStream {
    // At the end of the body, so that an error about a value that does not live long enough points there.
    let private = located(&private(&plan), end(&plan));
    let callsite = callsite::expand(&plan);
    let (before, future) = match plan.runs {
        Runs::Apart(apart) => {
            let begin = opening::poll(&plan);
            let Nested { function, call, .. } = Nested::new(&mut plan, apart, &begin);
            (function, call)
        }
        _ => (TokenStream::new(), future(&plan)),
    };
    let future = if plan.timings {
        quote_spanned!(site()=> #private::timed(&__OTEL_CALLSITE, #future))
    } else {
        future
    };
    let traced = match outcome::inspect(&plan) {
        None => quote_spanned!(end(&plan)=> #private::traced_future(#future)),
        Some(inspect) => quote_spanned!(end(&plan)=> #private::traced_result(#future, #inspect)),
    };
    if plan.function.rewritten {
        return body::function(&plan, &quote_spanned!(site()=> #callsite #before #traced.await));
    }
    plan.function.sig.asyncness = None;
    plan.function.sig.output =
        ReturnType::Type(Token![->](site()), Box::new(Type::Verbatim(output_of_future(&plan))));
    body::function(&plan, &quote_spanned!(site()=> #callsite #before #traced))
}

/// The body in the block of a future.
fn future(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let hint = match output(&plan.function.sig) {
        None => Some(quote_spanned!(site()=> return;)),
        // On stable Rust, `!` is a type only as the return type of a function.
        Some(Type::Never(_)) => None,
        Some(ty) => {
            let inferred = inferred(quote_spanned!(site()=> #ty));
            Some(quote_spanned!(at(ty.span())=> return #private::hint::<#inferred>();))
        }
    };
    let keep = arguments::keep(&plan.arguments, &private, hint.as_ref());
    let begin = opening::poll(plan);
    let body = block(&plan.function.body);
    moving(plan, quote_spanned!(site()=> async move), quote_spanned!(site()=> #keep #begin #body))
}

/// `impl Future<Output = Cart>`, at the place of the user's `Cart`, so that an error that the trait has another
/// type points there. Its last token is the user's own, so that the compiler takes the signature for the user's.
fn output_of_future(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let ty = match output(&plan.function.sig) {
        None => quote_spanned!(site()=> ()),
        Some(Type::Never(_)) => quote_spanned!(site()=> <fn() -> ! as #private::Out>::Output),
        Some(ty) => quote_spanned!(site()=> #ty),
    };
    let place = output(&plan.function.sig).map(Spanned::span);
    let here = place.map_or_else(site, at);
    let end = place.unwrap_or_else(|| plan.function.sig.paren_token.span.close());
    let close = Token![>](end);
    quote_spanned!(here=> impl ::core::future::Future<Output = #ty #close)
}
