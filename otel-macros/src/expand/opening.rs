//! What is written to begin a span?

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, ExprReference, Token};

use super::{at, private, site};
use crate::args::{Name, Parent};
use crate::attrs::Form;
use crate::plan::{Plan, PlannedAttr};

/// The settings behind a reference, so that what asks for them need not be generic.
///
/// ```text
/// &mut |__otel_start| { __otel_start.set("user_id", __private::value(&user_id)); }
/// ```
pub(super) fn borrowed_settings(plan: &Plan) -> TokenStream {
    let private = private(plan);
    let settings = settings(plan);
    if settings.is_empty() {
        return quote_spanned!(site()=> &mut #private::nothing);
    }
    let closure = quote_spanned!(site()=> |__otel_start| { #settings });
    // What may consume something takes more to compile.
    if consumes(plan) {
        quote_spanned!(site()=> &mut #private::once(#closure))
    } else {
        quote_spanned!(site()=> &mut #closure)
    }
}

fn consumes(plan: &Plan) -> bool {
    matches!(plan.name, Some(Name::Computed(_)))
        || matches!(plan.parent, Some(Parent::Given(_)))
        || !plan.links.is_empty()
        || !plan.attrs.iter().all(|attr| is_place(&attr.value))
}

/// Whether it is certain that nothing is moved by a reference to `value`.
fn is_place(value: &Expr) -> bool {
    match value {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Reference(reference) => is_place(&reference.expr),
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)) && is_place(&unary.expr),
        _ => false,
    }
}

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
    let links =
        plan.links.iter().map(|link| quote_spanned!(at(link.span())=> __otel_start.link(#link);));
    let attrs = plan.attrs.iter().map(|attr| attribute(plan, attr));
    let rest = quote_spanned!(site()=> #name #(#links)* #(#attrs)*);
    match &plan.parent {
        None | Some(Parent::Current) => rest,
        Some(Parent::Root) => unless_unseen(&quote_spanned!(site()=> __otel_start.root()), &rest),
        Some(Parent::Extracted(carrier)) => {
            let private = private(plan);
            let carrier = reference(carrier);
            under(&quote_spanned!(at(carrier.span())=> #private::extract(#carrier)), &rest)
        }
        Some(Parent::Given(parent)) => under(&quote_spanned!(at(parent.span())=> #parent), &rest),
    }
}

fn under(parent: &TokenStream, rest: &TokenStream) -> TokenStream {
    let asked = quote_spanned!(at(parent.span())=> __otel_start.parent(#parent));
    unless_unseen(&asked, rest)
}

/// What is told of a span where it is `asked` whether anybody could ever see it.
fn unless_unseen(asked: &TokenStream, rest: &TokenStream) -> TokenStream {
    if rest.is_empty() {
        quote_spanned!(site()=> let _ = #asked;)
    } else {
        quote_spanned!(site()=> if #asked { #rest })
    }
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
        if const { !#private::is_pii(&[#(#names),*], ::core::option_env!("OTEL_TRACED_PII")) } {
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
