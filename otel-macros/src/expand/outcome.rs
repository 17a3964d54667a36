//! What is written to look at a result?

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::spans::{at, located, private, site};
use crate::args::{Form, Judge, Part};
use crate::inspection::{Failure, Inspection, Recorded};
use crate::plan::Plan;

/// A closure that records what is to be recorded of a result, and returns a `Failure` if it is one.
///
/// ```text
/// |__otel_result| failure!(__otel_result)
/// ```
pub(super) fn inspect(plan: &Plan) -> Option<TokenStream> {
    let inspection = plan.inspection.as_ref()?;
    let private = private(plan);
    let recorded = recorded(&private, inspection);
    let failure = judged(&private, inspection.judge.as_ref(), failure(&private, inspection));
    let failure = match &inspection.error_type {
        None => failure,
        Some(closure) => quote_spanned! {at(closure.span())=>
            #private::error_type(__otel_result, #closure, #failure)
        },
    };
    Some(if recorded.is_empty() {
        quote_spanned!(site()=> |__otel_result| #failure)
    } else {
        quote_spanned!(site()=> |__otel_result| { #recorded #failure })
    })
}

fn failure(private: &TokenStream, inspection: &Inspection) -> TokenStream {
    let facts = if inspection.borrows {
        quote_spanned!(site()=> facts_of_borrowed)
    } else {
        quote_spanned!(site()=> facts)
    };
    let (here, text) = match &inspection.failure {
        Failure::Nothing => return quote_spanned!(site()=> ::core::option::Option::None),
        Failure::ByName => {
            let facts = inspection.borrows.then(|| quote_spanned!(site()=> , #facts));
            return quote_spanned!(site()=> #private::failure!(__otel_result #facts));
        }
        Failure::Display(sigil) => {
            let here = at(sigil.span());
            let text = quote_spanned! {here=>
                #private::Failure::new(__otel_error, #private::display(__otel_error)).with_causes()
            };
            (here, text)
        }
        Failure::Debug(sigil) => {
            let here = at(sigil.span());
            let text = quote_spanned! {here=>
                #private::Failure::new(__otel_error, #private::debug(__otel_error))
            };
            (here, text)
        }
        Failure::With(closure) => {
            let here = at(closure.span());
            (here, quote_spanned!(here=> #private::described(__otel_error, #closure)))
        }
    };
    // With `ok_if` or `error_if`, the user decides whether there is an error.
    let of = located(private, here);
    quote_spanned! {here=>
        #of::error_of(__otel_result)
            .map(|__otel_error| #text.about(#private::#facts!(__otel_error)))
    }
}

/// `ok_if` and `error_if` take precedence over the type.
fn judged(private: &TokenStream, judge: Option<&Judge>, failure: TokenStream) -> TokenStream {
    let Some(Judge { says_error, closure }) = judge else { return failure };
    let judge = if *says_error {
        quote_spanned!(at(closure.span())=> error_if)
    } else {
        quote_spanned!(at(closure.span())=> ok_if)
    };
    // If a function is given by its path, an error about its return type points at that path.
    let private = located(private, closure.span());
    quote_spanned!(at(closure.span())=> #private::#judge(__otel_result, #closure, || #failure))
}

fn recorded(private: &TokenStream, inspection: &Inspection) -> TokenStream {
    match &inspection.ret {
        None => TokenStream::new(),
        Some(Recorded::Whole(span, form)) => {
            let here = at(*span);
            let convert = match form {
                Form::Typed => quote_spanned!(here=> returned_value),
                form => convert(form),
            };
            if inspection.by_name {
                quote_spanned! {here=>
                    if let ::core::option::Option::Some(__otel_value) = #private::returned!(__otel_result) {
                        #private::record("return", #private::#convert(__otel_value));
                    }
                }
            } else {
                quote_spanned!(here=> #private::record("return", #private::#convert(__otel_result));)
            }
        }
        Some(Recorded::Parts(parts)) => {
            parts.iter().map(|part| recorded_part(private, part)).collect()
        }
    }
}

fn recorded_part(private: &TokenStream, part: &Part) -> TokenStream {
    let Part { key, form, closure } = part;
    let convert = convert(form);
    quote_spanned! {at(closure.span())=>
        if let ::core::option::Option::Some(__otel_value) = #private::part(__otel_result, #closure) {
            #private::record(#key, #private::#convert(&__otel_value));
        }
    }
}

fn convert(form: &Form) -> TokenStream {
    match form {
        Form::Typed => quote_spanned!(site()=> value),
        Form::Display => quote_spanned!(site()=> display),
        Form::Debug => quote_spanned!(site()=> debug),
    }
}
