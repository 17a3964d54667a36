//! What becomes of the invisible groups in tokens that are put together anew?
//!
//! A macro by example puts `$a:expr` into a group without delimiters. If `$a` is `1 + 2`, the compiler reads
//! `$a * 2` as `(1 + 2) * 2` in tokens that leave as they came. In tokens that are put together anew it
//! reads `1 + 2 * 2`, so there the group becomes parentheses.

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::Expr;

use crate::tokens::is_punct;

/// `tokens` again, of which at least one is new.
pub(super) fn put_together(tokens: Vec<TokenTree>) -> TokenStream {
    // An argument, or a statement, by itself.
    if tokens.len() == 1 {
        return tokens.into_iter().collect();
    }
    let mut tokens = tokens.into_iter().peekable();
    let mut together = TokenStream::new();
    while let Some(token) = tokens.next() {
        let TokenTree::Group(group) = token else {
            together.extend([token]);
            continue;
        };
        let next = tokens.peek();
        if group.delimiter() != Delimiter::None {
            together.extend([group]);
        } else if is_let(&group) && !next.is_some_and(|next| is_punct(next, ';')) {
            // A `$s:stmt` with a `let` comes without its semicolon, which is added here.
            let semicolon = Punct::new(';', Spacing::Alone);
            together.extend([TokenTree::Group(group), TokenTree::Punct(semicolon)]);
        } else if comes_apart(&group, next) {
            together.extend([parenthesized(group.stream(), group.span())]);
        } else {
            together.extend([group]);
        }
    }
    together
}

fn is_let(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(word)) if word == "let")
}

/// `tokens` in parentheses that are known to be generated, or they would count as needless.
pub(super) fn parenthesized(tokens: TokenStream, place: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(Span::mixed_site().located_at(place));
    group
}

/// Whether what is in the group is one expression only as long as something holds it together.
fn comes_apart(group: &Group, next: Option<&TokenTree>) -> bool {
    let Ok(mut expr) = syn::parse2::<Expr>(group.stream()) else { return false };
    while let Expr::Group(group) = expr {
        expr = *group.expr;
    }
    let (mut postfix, mut goes_on) = (false, false);
    match next {
        Some(TokenTree::Punct(punct)) => {
            postfix = matches!(punct.as_char(), '.' | '?');
            goes_on = !matches!(punct.as_char(), ';' | ',');
        }
        Some(TokenTree::Group(group)) => {
            postfix = matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket);
            goes_on = postfix || group.delimiter() == Delimiter::Brace;
        }
        Some(TokenTree::Ident(word)) => goes_on = word == "as",
        Some(TokenTree::Literal(_)) | None => {}
    }
    match expr {
        Expr::Binary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Closure(_) => true,
        // Only postfix operators, as in `-x.y`, bind tighter. `-1` may also be a pattern or a literal.
        Expr::Unary(_) | Expr::Reference(_) => postfix,
        // They may end a statement, or begin a block, where they are.
        Expr::If(_)
        | Expr::Match(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Loop(_)
        | Expr::Struct(_) => goes_on,
        _ => false,
    }
}
