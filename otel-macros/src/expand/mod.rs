//! How is a plan written as Rust?
//!
//! It cannot fail: what can go wrong is settled when a [`Plan`] exists.

mod callsite;
mod function;
mod future;
mod made;
mod nested;
mod opening;
mod outcome;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

use crate::item::generated;
use crate::plan::Plan;
use crate::plans::Plans;
use crate::returns::Shape;

pub(crate) fn expand(plans: Plans) -> TokenStream {
    match plans {
        Plans::Function(plan) => expand_function(*plan),
        Plans::Block(block, plans) => block.with(&plans.into_iter().map(expand).collect()),
        Plans::Nothing(tokens) => tokens,
    }
}

fn expand_function(plan: Plan) -> TokenStream {
    match plan.shape {
        Shape::Value if plan.function.sig.asyncness.is_some() => future::expand(plan),
        Shape::Value => function::expand(plan),
        Shape::Future(wrapping) => made::future(&plan, wrapping),
        Shape::Stream(wrapping) => made::stream(&plan, wrapping),
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

/// The user's braces.
fn block(body: &Group) -> TokenStream {
    generated(body).into_token_stream()
}

/// Where a body ends: what it makes may not be what the signature says.
fn end(plan: &Plan) -> Span {
    plan.function.body.stream().into_iter().last().map_or_else(site, |last| at(last.span()))
}

/// `::otel_runtime::__private`
fn private(plan: &Plan) -> TokenStream {
    let krate = &plan.krate;
    quote_spanned!(site()=> #krate::__private)
}

/// The same tokens at the place of something that the user wrote.
fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let move_there = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(move_there).collect()
}

/// Other statements between the user's own braces.
fn braces(plan: &Plan, statements: TokenStream) -> Group {
    let body = &plan.function.body;
    let mut braces = Group::new(body.delimiter(), statements);
    braces.set_span(body.span());
    braces
}

/// `move |..|` or `async move`, with a body: it begins and ends where the user's does. Of a closure that
/// it takes for generated the compiler does not say which variable is moved twice, or borrowed for too
/// long, nor what to do about it.
fn moving(plan: &Plan, head: TokenStream, statements: TokenStream) -> TokenStream {
    let mut head = head.into_iter();
    let first = head.next().map(|mut first| {
        first.set_span(plan.function.body.span());
        first
    });
    let braces = braces(plan, statements);
    quote_spanned!(site()=> #first #(#head)* #braces)
}

/// The user's function with another body.
fn function(plan: &Plan, statements: &TokenStream) -> TokenStream {
    plan.function.with(&braces(plan, statements.clone()).into_token_stream())
}
