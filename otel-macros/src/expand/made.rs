//! What becomes of a function that makes a future or a stream, and returns it?
//!
//! ```text
//! fn load(id: u64) -> impl Future<Output = Cart> { BODY }
//! ```
//! becomes
//! ```text
//! fn load(id: u64) -> impl Future<Output = Cart> {
//!     static __OTEL_CALLSITE: Callsite = ..;
//!     let (__otel_made, __otel_start) = make(&__OTEL_CALLSITE, move |__otel_start| -> _ {
//!         if false { let _ = &id; }
//!         if let Some(__otel_start) = __otel_start { __otel_start.set(..); }
//!         { BODY }
//!     });
//!     made_future::<_, Cart, _>(__otel_made, __otel_start, |_| None)
//! }
//! ```
//! A `Pin<Box<dyn Future>>` is put into another box only where it has a span.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{ReturnType, Type};

use super::body::{self, block, moving};
use super::spans::{end, private, site};
use super::{callsite, opening, outcome};
use crate::arguments;
use crate::plan::Plan;
use crate::returns::{Wrapping, inferred, output};

pub(super) fn future(plan: &Plan, wrapping: Wrapping) -> TokenStream {
    let private = private(plan);
    let result = match &plan.result {
        ReturnType::Default => quote_spanned!(site()=> ()),
        ReturnType::Type(_, ty) => match &**ty {
            Type::Never(_) => quote_spanned!(site()=> <fn() -> ! as #private::Out>::Output),
            ty => inferred(quote_spanned!(site()=> #ty)),
        },
    };
    let inspect = outcome::inspect(plan)
        .unwrap_or_else(|| quote_spanned!(site()=> |_| ::core::option::Option::None));
    let here = end(plan);
    let traced = quote_spanned! {here=>
        #private::made_future::<_, #result, _>(__otel_made, __otel_start, #inspect)
    };
    expand(plan, wrapping, &traced)
}

pub(super) fn stream(plan: &Plan, wrapping: Wrapping) -> TokenStream {
    let private = private(plan);
    let here = end(plan);
    let traced = quote_spanned! {here=>
        #private::made_stream(__otel_made, __otel_start)
    };
    expand(plan, wrapping, &traced)
}

fn expand(plan: &Plan, wrapping: Wrapping, traced: &TokenStream) -> TokenStream {
    let private = private(plan);
    let callsite = callsite::expand(plan);
    let call = call(plan);
    let made = match wrapping {
        Wrapping::Bare => quote_spanned! {site()=>
            let (__otel_made, __otel_start) = #call;
            #traced
        },
        Wrapping::Boxed => quote_spanned! {site()=>
            let (__otel_made, __otel_start) = #call;
            #private::boxed(#traced)
        },
        Wrapping::Dyn => quote_spanned! {site()=>
            match #call {
                (__otel_made, ::core::option::Option::None) => __otel_made,
                (__otel_made, __otel_start) => #private::boxed(#traced),
            }
        },
    };
    body::function(plan, &quote_spanned!(site()=> #callsite #made))
}

/// The call of the body, which makes what is returned.
fn call(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let output = output(&plan.function.sig).map(|ty| inferred(quote_spanned!(site()=> #ty)));
    let keep = arguments::keep(&plan.arguments, &private, None);
    let settings = opening::settings(plan);
    let body = block(&plan.function.body);
    let (start, set) = if settings.is_empty() {
        (quote_spanned!(site()=> _), None)
    } else {
        let set = quote_spanned! {site()=>
            if let ::core::option::Option::Some(__otel_start) = __otel_start {
                #settings
            }
        };
        (quote_spanned!(site()=> __otel_start), Some(set))
    };
    let closure = moving(
        plan,
        quote_spanned!(site()=> move |#start| -> #output),
        quote_spanned!(site()=> #keep #set #body),
    );
    quote_spanned!(site()=> #private::make(&__OTEL_CALLSITE, #closure))
}
