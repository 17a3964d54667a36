//! Which spans do generated tokens get: where are they, and whose code are they to the compiler?

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::plan::Plan;

/// Tokens with the hygiene of this crate: its edition, and local names that no user can meet.
pub(super) fn site() -> Span {
    Span::mixed_site()
}

/// The same hygiene, at the place of something that the user wrote.
pub(super) fn at(place: Span) -> Span {
    site().located_at(place)
}

/// The end of a body, where the compiler points if the body's value is not of the type in the signature.
pub(super) fn end(plan: &Plan) -> Span {
    plan.function.body.stream().into_iter().last().map_or_else(site, |last| at(last.span()))
}

/// `::otel_runtime::__private`
pub(super) fn private(plan: &Plan) -> TokenStream {
    let krate = &plan.krate;
    quote_spanned!(site()=> #krate::__private)
}

/// The same tokens at the place of something that the user wrote.
pub(super) fn located(tokens: &TokenStream, place: Span) -> TokenStream {
    let move_there = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.clone().into_iter().map(move_there).collect()
}
