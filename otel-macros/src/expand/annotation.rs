//! What becomes of a function whose attributes go onto the span that is current?
//!
//! ```text
//! fn load(id: u64) -> Cart { BODY }
//! ```
//! becomes
//! ```text
//! fn load(id: u64) -> Cart {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     if !__OTEL_CALLSITE.is_off() {
//!         if let Some(mut __otel_start) = Annotation::begin(&__OTEL_CALLSITE) {
//!             __otel_start.value("id", &id);
//!         }
//!     }
//!     { BODY }
//! }
//! ```
//! An `async fn` stays one, so that the attributes are taken when it is first polled.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::body::{self, block};
use super::spans::{private, site};
use super::{callsite, opening};
use crate::plan::Plan;

pub(super) fn expand(plan: &Plan) -> TokenStream {
    let body = block(&plan.function.body);
    let attributes = opening::settings(plan);
    if attributes.is_empty() {
        return body::function(plan, &body);
    }
    let private = private(plan);
    let callsite = callsite::expand(plan);
    let annotate = quote_spanned! {site()=>
        #callsite
        if !__OTEL_CALLSITE.is_off() {
            if let ::core::option::Option::Some(mut __otel_start) =
                #private::Annotation::begin(&__OTEL_CALLSITE)
            {
                #attributes
            }
        }
    };
    body::function(plan, &quote_spanned!(site()=> #annotate #body))
}
