//! What becomes of a function that is not async?
//!
//! ```text
//! fn load(id: u64) -> Cart { BODY }
//! ```
//! becomes
//! ```text
//! fn load(id: u64) -> Cart {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     traced_call(&__OTEL_CALLSITE, move |__otel_span| -> Cart {
//!         if false { let _ = &id; }
//!         if let Some(__otel_span) = __otel_span { begin_call(&__OTEL_CALLSITE, __otel_span, ..); }
//!         { BODY }
//!     })
//! }
//! ```
//! A guard in front of the body would do for a function whose result is not inspected, but a guard has
//! to be kept and looked at again, which is more than a call may cost while tracing is off. It is
//! worth that where the function tracks its caller, which a closure would hide.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::{block, callsite, opening, outcome, private, site};
use crate::arguments;
use crate::plan::{Output, Plan};

pub(super) fn expand(plan: &Plan) -> TokenStream {
    let callsite = callsite::expand(plan);
    let private = private(plan);
    let settings = opening::borrowed_settings(plan);
    let body = block(&plan.function.body);
    let statements = if plan.moves {
        let begin = quote_spanned! {site()=>
            #private::begin_call(&__OTEL_CALLSITE, __otel_span, #settings);
        };
        let output = match &plan.output {
            // Said too, or a wrong type would be an error of the attribute's.
            Output::Unit => Some(quote_spanned!(site()=> -> ())),
            Output::Never => Some(quote_spanned!(site()=> -> !)),
            Output::Type(ty) => Some(quote_spanned!(site()=> -> #ty)),
        };
        let keep = arguments::keep(&plan.arguments, None);
        let body = quote_spanned! {site()=>
            move |__otel_span| #output {
                #keep
                if let ::core::option::Option::Some(__otel_span) = __otel_span {
                    #begin
                }
                #body
            }
        };
        match outcome::inspect(plan) {
            None => quote_spanned!(site()=> #private::traced_call(&__OTEL_CALLSITE, #body)),
            Some(inspect) => quote_spanned! {site()=>
                #private::inspected_call(&__OTEL_CALLSITE, #body, #inspect)
            },
        }
    } else {
        quote_spanned! {site()=>
            let __otel_span = if __OTEL_CALLSITE.is_off() {
                #private::Guard::OFF
            } else {
                #private::enter(&__OTEL_CALLSITE, #settings)
            };
            #body
        }
    };
    super::function(plan, &quote_spanned!(site()=> #callsite #statements))
}
