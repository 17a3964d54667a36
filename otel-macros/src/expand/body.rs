//! How does a body get into what is written around it?

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::spans::site;
use crate::plan::Plan;
use crate::tokens::generated;

/// The user's braces.
pub(super) fn block(body: &Group) -> TokenStream {
    generated(body).into_token_stream()
}

/// Other statements between the user's own braces.
pub(super) fn braces(plan: &Plan, statements: TokenStream) -> Group {
    let body = &plan.function.body;
    let mut braces = Group::new(body.delimiter(), statements);
    braces.set_span(body.span());
    braces
}

/// `move |..|` or `async move`, with a body, from the beginning to the end of the user's. If the compiler took
/// the closure for generated, its errors would not say which variable is moved twice, or borrowed for too
/// long, nor what to do about it.
pub(super) fn moving(plan: &Plan, head: TokenStream, statements: TokenStream) -> TokenStream {
    let mut head = head.into_iter();
    let first = head.next().map(|mut first| {
        first.set_span(plan.function.body.span());
        first
    });
    let braces = braces(plan, statements);
    quote_spanned!(site()=> #first #(#head)* #braces)
}

/// The user's function with another body.
pub(super) fn function(plan: &Plan, statements: &TokenStream) -> TokenStream {
    plan.function.with(&braces(plan, statements.clone()).into_token_stream())
}
