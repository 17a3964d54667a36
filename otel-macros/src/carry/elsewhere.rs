//! What in a body is not code that runs here?

use proc_macro2::{Delimiter, Spacing, TokenTree};

use super::arguments::arguments;
use crate::tokens::is_punct;

/// Macros whose arguments are not code that runs here.
const QUOTING: [&str; 5] =
    ["parse_quote", "parse_quote_spanned", "quote", "quote_spanned", "stringify"];

/// Macros that show the text of their arguments, or of the only one.
const SHOWING: [&str; 2] = ["dbg", "ensure"];

/// How many tokens at the beginning are not code that runs here: an attribute, a macro that quotes,
/// an item with a body of its own.
pub(super) fn not_here(tokens: &[TokenTree]) -> usize {
    let [first, rest @ ..] = tokens else { return 0 };
    if is_punct(first, '#') {
        return match rest {
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Bracket => 2,
            _ => 0,
        };
    }
    let TokenTree::Ident(word) = first else { return 0 };
    match rest {
        [bang, TokenTree::Group(group), ..]
            if is_punct(bang, '!')
                && SHOWING.iter().any(|it| word == it)
                && (word == "dbg" || arguments(group.stream(), 1).is_some()) =>
        {
            3
        }
        [bang, TokenTree::Group(_), ..]
            if is_punct(bang, '!') && QUOTING.iter().any(|it| word == it) =>
        {
            3
        }
        [bang, TokenTree::Ident(_), TokenTree::Group(_), ..]
            if is_punct(bang, '!') && word == "macro_rules" =>
        {
            4
        }
        [TokenTree::Ident(_), ..] if word == "fn" || word == "mod" || word == "trait" => {
            item(tokens, Delimiter::Brace)
        }
        [_, ..] if word == "impl" => item(tokens, Delimiter::Brace),
        // Not `*const T`, nor `&'static T`.
        [TokenTree::Ident(_), TokenTree::Punct(colon), ..]
            if (word == "const" || word == "static")
                && colon.as_char() == ':'
                && colon.spacing() == Spacing::Alone =>
        {
            item(tokens, Delimiter::None)
        }
        _ => 0,
    }
}

/// How long an item is that ends with its braces, if it has any, or with a semicolon.
fn item(tokens: &[TokenTree], body: Delimiter) -> usize {
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => {
            body == Delimiter::Brace && group.delimiter() == Delimiter::Brace
        }
        token => is_punct(token, ';'),
    });
    end.map_or(tokens.len(), |end| end + 1)
}
