//! How is a plan written as Rust?
//!
//! It cannot fail: what can go wrong is settled when a [`Plan`] exists.

mod callsite;
mod function;
mod future;
mod opening;
mod outcome;

use proc_macro2::{Group, Span, TokenStream};
use quote::quote_spanned;

use crate::item::Function;
use crate::plan::Plan;

pub(crate) fn expand(plan: Plan) -> TokenStream {
    if plan.function.sig.asyncness.is_some() {
        future::expand(plan)
    } else {
        function::expand(&plan)
    }
}

/// Tokens with the hygiene of this crate: its edition, and local names that no user can meet.
fn site() -> Span {
    Span::mixed_site()
}

/// The same hygiene, at the place of something that the user wrote.
fn at(place: Span) -> Span {
    site().located_at(place)
}

/// The user's braces where the user wrote them, but known to be generated, or a body of one line
/// would count as a needless block.
fn block(body: &Group) -> TokenStream {
    let mut block = Group::new(body.delimiter(), body.stream());
    block.set_span(at(body.span()));
    quote_spanned!(site()=> #block)
}

/// `::otel_runtime::__private`
fn private(plan: &Plan) -> TokenStream {
    let krate = &plan.krate;
    quote_spanned!(site()=> #krate::__private)
}

/// The user's function with another body.
fn function(plan: &Plan, statements: &TokenStream) -> TokenStream {
    let Function { attrs, vis, sig, body } = &plan.function;
    let mut block = Group::new(body.delimiter(), statements.clone());
    block.set_span(body.span());
    quote_spanned!(site()=> #(#attrs)* #vis #sig #block)
}
