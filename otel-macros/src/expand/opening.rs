//! What is written to begin a span?

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, ExprReference, Token};

use super::{at, private, site};
use crate::args::{Name, Parent};
use crate::attrs::Form;
use crate::plan::{Plan, PlannedAttr};

/// The statements that tell `__otel_start` what the sampler is to know.
///
/// ```text
/// __otel_start.set("user_id", __private::value(&user_id));
/// ```
pub(super) fn settings(plan: &Plan) -> TokenStream {
    let name = match &plan.name {
        Some(Name::Computed(name)) => {
            Some(quote_spanned!(at(name.span())=> __otel_start.name(#name);))
        }
        Some(Name::Literal(_)) | None => None,
    };
    let parent = plan.parent.as_ref().map(|parent| match parent {
        Parent::Current => TokenStream::new(),
        Parent::Root => quote_spanned!(site()=> __otel_start.root();),
        Parent::Extracted(carrier) => {
            let private = private(plan);
            let carrier = reference(carrier);
            quote_spanned!(at(carrier.span())=> __otel_start.parent(#private::extract(#carrier));)
        }
        Parent::Given(parent) => quote_spanned!(at(parent.span())=> __otel_start.parent(#parent);),
    });
    let links =
        plan.links.iter().map(|link| quote_spanned!(at(link.span())=> __otel_start.link(#link);));
    let attrs = plan.attrs.iter().map(|attr| attribute(plan, attr));
    quote_spanned!(site()=> #name #parent #(#links)* #(#attrs)*)
}

fn attribute(plan: &Plan, attr: &PlannedAttr) -> TokenStream {
    let private = private(plan);
    let PlannedAttr { cfgs, key, form, value, names } = attr;
    // An error in the value's type belongs to the value.
    let here = at(value.span());
    let convert = match form {
        Form::Typed => quote_spanned!(here=> value),
        Form::Display => quote_spanned!(here=> display),
        Form::Debug => quote_spanned!(here=> debug),
    };
    let reference = reference(value);
    let set = quote_spanned! {here=> __otel_start.set(#key, #private::#convert(#reference)); };
    if names.is_empty() {
        return quote_spanned!(site()=> #(#cfgs)* #set);
    }
    quote_spanned! {site()=>
        #(#cfgs)*
        if const { !(#(#private::is_pii(#names))||*) } {
            #set
        }
    }
}

/// `&value`
fn reference(value: &Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: Token![&](at(value.span())),
        mutability: None,
        expr: Box::new(value.clone()),
    })
}
