//! What becomes of a function that is not async?
//!
//! ```text
//! fn load(id: u64) -> Cart { BODY }
//! ```
//! becomes
//! ```text
//! fn load(id: u64) -> Cart {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     let mut __otel_span = Span::none();
//!     if !__OTEL_CALLSITE.is_off() { __otel_span.open(&__OTEL_CALLSITE); }
//!     { BODY }
//! }
//! ```
//! So the body and the arguments stay as they were. Only the arguments, and before edition 2024 temporaries
//! of the last expression, are dropped after the span has ended.
//!
//! If the result is looked at, the body is put into a closure, so that `return` and `?` end only that:
//! ```text
//! fn load(id: u64) -> Result<Cart, E> {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     inspected_call(
//!         move |__otel_span| -> Result<Cart, E> {
//!             if !__OTEL_CALLSITE.is_off() { __otel_span.open(&__OTEL_CALLSITE); }
//!             { BODY }
//!         },
//!         |__otel_result| failure!(__otel_result),
//!     )
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::body::{self, block, moving};
use super::nested::Nested;
use super::spans::{private, site};
use super::{callsite, opening, outcome};
use crate::apart::Apart;
use crate::arguments;
use crate::plan::{Plan, Runs};
use crate::returns::{inferred, output};

pub(super) fn expand(mut plan: Plan) -> TokenStream {
    let callsite = callsite::expand(&plan);
    let (before, beside, body) = match (outcome::inspect(&plan), plan.runs) {
        (None, _) => (None, None, here(&plan)),
        (Some(inspect), Runs::Typed) => {
            let body = block(&plan.function.body);
            (None, None, typed(&plan, &result(&plan, &body), &inspect))
        }
        (Some(inspect), Runs::Apart(apart)) => {
            let Nested { function, call, allowed } =
                Nested::new(&mut plan, apart, &TokenStream::new());
            let result = result(&plan, &call);
            let body = typed(&plan, &quote_spanned!(site()=> #allowed #result), &inspect);
            match apart {
                Apart::Inside => (Some(function), None, body),
                Apart::Beside => (None, Some(function), body),
            }
        }
        (Some(inspect), _) => (None, None, closure(&plan, &inspect)),
    };
    let function = body::function(&plan, &quote_spanned!(site()=> #callsite #before #body));
    quote_spanned!(site()=> #function #beside)
}

/// The body in its place.
fn here(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let enter = opening::enter(plan);
    let body = block(&plan.function.body);
    quote_spanned! {site()=>
        let mut __otel_span = #private::Span::none();
        #enter
        #body
    }
}

/// The body, or a call of it, as a value to look at.
fn result(plan: &Plan, body: &TokenStream) -> TokenStream {
    let ty = inferred_output(plan);
    quote_spanned!(site()=> let __otel_result: #ty = #body;)
}

/// The same within the span, but not in a closure, which `#[track_caller]` would report as the caller.
fn typed(plan: &Plan, result: &TokenStream, inspect: &TokenStream) -> TokenStream {
    let private = private(plan);
    let enter = opening::enter(plan);
    quote_spanned! {site()=>
        let mut __otel_span = #private::Span::none();
        #enter
        #result
        __otel_span.inspected(__otel_result, #inspect)
    }
}

/// The body in a closure.
fn closure(plan: &Plan, inspect: &TokenStream) -> TokenStream {
    let private = private(plan);
    let enter = opening::enter(plan);
    // With the return type written, an error about a wrong type points at the body, not at the attribute.
    let ty = inferred_output(plan);
    let keep = arguments::keep(&plan.arguments, &private, None);
    let body = block(&plan.function.body);
    let closure = moving(
        plan,
        quote_spanned!(site()=> move |__otel_span| -> #ty),
        quote_spanned!(site()=> #keep #enter #body),
    );
    quote_spanned!(site()=> #private::inspected_call(#closure, #inspect,))
}

/// The type of the body.
fn inferred_output(plan: &Plan) -> TokenStream {
    output(&plan.function.sig)
        .map_or_else(|| quote_spanned!(site()=> ()), |ty| inferred(quote_spanned!(site()=> #ty)))
}
