//! What is written to look at a result?

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::{at, private, site};
use crate::plan::{Inspect, Plan};

/// A closure that makes a `Failure` of a result, if it is one.
pub(super) fn inspect(plan: &Plan) -> Option<TokenStream> {
    let private = private(plan);
    let text = match &plan.inspect {
        Inspect::Nothing => return None,
        Inspect::ByName => {
            return Some(
                quote_spanned! {site()=> |__otel_result| #private::failure!(__otel_result) },
            );
        }
        Inspect::Display(sigil) => quote_spanned! {at(sigil.span())=>
            #private::Failure::new(__otel_error, #private::display(__otel_error))
        },
        Inspect::Debug(sigil) => quote_spanned! {at(sigil.span())=>
            #private::Failure::new(__otel_error, #private::debug(__otel_error))
        },
        Inspect::With(closure) => quote_spanned! {at(closure.span())=>
            #private::described(__otel_error, #closure)
        },
    };
    Some(quote_spanned! {site()=>
        |__otel_result| #private::error_of(__otel_result).map(|__otel_error| #text)
    })
}
